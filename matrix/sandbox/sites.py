"""The web processes of a sandbox: started, replaced without a gap, stopped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypedDict

from matrix.sandbox.namespace import Container


class SiteDidNotStart(Exception):
    """A web process ended, or accepted no connection, before its boot timeout. `log_tail` is its last output."""

    def __init__(self, reason: str, log_tail: str) -> None:
        super().__init__(f"{reason}\n{log_tail}".strip())
        self.reason = reason
        self.log_tail = log_tail


class SiteState(TypedDict):
    """A web process as seen from outside. `state` is "up" or "crashed"."""

    state: str
    pid: int
    port: int
    hosts: list[str]
    log: str


class Sites:
    """The web processes of one sandbox, by name, and the router in front of them."""

    router_url: str

    def start_site(
        self,
        name: str,
        *,
        hosts: Sequence[str],
        container: Container,
        argv: Sequence[str],
        env: Mapping[str, str],
        log: Path,
        port_variable: str = "PORT",
        boot_timeout: float = 60,
        stop_timeout: float = 30,
        stop_signal: str = "SIGTERM",
    ) -> None:
        """Start `argv` in `container`, wait until it accepts connections, route `hosts` to it, stop the old one.

        Raises `SiteDidNotStart` and keeps the old process if the new one ends or binds too late.
        """
        raise NotImplementedError

    def stop_site(self, name: str) -> None:
        """Stop the process of that name, if there is one: its stop signal, its stop timeout, then killed."""
        raise NotImplementedError

    def site(self, name: str) -> SiteState | None:
        """The process of that name, or None."""
        raise NotImplementedError

    def port(self, name: str) -> int:
        """The port the process listens on, behind the router. Raises KeyError if there is no such site."""
        raise NotImplementedError

    def claim_suffix(
        self, suffix: str, *, unknown_host_page: bytes, status: int = 404, dead_site_page: bytes = b""
    ) -> None:
        """Answer for every host under `suffix`: with this page where no site has the host, 503 where its process died."""
        raise NotImplementedError

    def front_door(self, name: str) -> str:
        """A plain `http://127.0.0.1:PORT/` through which a browser reaches the site as its own host."""
        raise NotImplementedError
