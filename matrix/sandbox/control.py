"""Calls to a sandbox from its other processes (a platform's command, a Git hook), over HTTP.

A call is one POST of the method's arguments as JSON, with the token that is only in the sandbox's folder.
`control_server` is the other end. Imports little: every emulated command imports this.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypedDict, cast

from .site import Site

FILE = "control.json"
_ANSWER_TIMEOUT = 60.0


class ControlError(Exception):
    """There is no sandbox, or the call failed."""


class SiteDidNotStart(Exception):
    """A web process exited, or accepted no connection, before its boot timeout."""

    def __init__(self, reason: str, log_tail: str) -> None:
        """`log_tail` is the end of the process's output."""
        super().__init__(reason, log_tail)
        self.reason = reason
        self.log_tail = log_tail


class SiteState(TypedDict):
    """The state of a web process. `state` is "up" or "crashed", `quiet` the seconds since its last request or
    its start.
    """

    state: str
    pid: int
    port: int
    hosts: list[str]
    log: str
    quiet: float


class Control:
    """The sandbox at a root folder, from another process. Every method raises `ControlError` if there is none."""

    def __init__(self, port: int, token: str) -> None:
        """Use `connect`."""
        self._port = port
        self._token = token

    @classmethod
    def connect(cls, root: Path) -> Control:
        """Read `control.json` in `root`. Raises `ControlError` if no sandbox runs there."""
        try:
            return cls(**json.loads((root / FILE).read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise ControlError(f"no sandbox runs in {root}") from None

    def start_site(self, site: Site) -> None:
        """Same as `Sites.start_site`."""
        timeout = site.boot_timeout + site.stop_timeout + _ANSWER_TIMEOUT
        self._call("start_site", site=site.as_json(), timeout=timeout)

    def stop_site(self, name: str) -> None:
        """Same as `Sites.stop_site`."""
        self._call("stop_site", name=name, timeout=None)

    def site(self, name: str) -> SiteState | None:
        """Same as `Sites.site`."""
        return cast("SiteState | None", self._call("site", name=name))

    def front_door(self, host: str) -> str | None:
        """The local address of the site at `host`, None if no process serves it."""
        return cast("str | None", self._call("front_door", host=host))

    def create_database(self, name: str) -> str:
        """Same as `Databases.create_database`."""
        return cast("str", self._call("create_database", name=name))

    def limit_extensions(self, name: str, extensions: Sequence[str]) -> None:
        """Same as `Databases.limit_extensions`."""
        self._call("limit_extensions", name=name, extensions=list(extensions))

    def drop_database(self, name: str) -> None:
        """Same as `Databases.drop_database`."""
        self._call("drop_database", name=name)

    def _call(self, method: str, *, timeout: float | None = _ANSWER_TIMEOUT, **arguments: object) -> Any:
        # Not through a proxy from the environment.
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=timeout)
        try:
            headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
            connection.request("POST", f"/{method}", json.dumps(arguments, default=str), headers)
            with connection.getresponse() as response:
                answer = json.loads(response.read())
        except OSError as error:
            raise ControlError(f"the sandbox does not answer: {error}") from error
        finally:
            connection.close()
        if failure := answer.get("site_did_not_start"):
            raise SiteDidNotStart(**failure)
        if "error" in answer:
            raise ControlError(answer["error"])
        return answer["result"]
