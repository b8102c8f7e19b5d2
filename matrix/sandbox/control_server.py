"""The sandbox's end of `Control`."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from .control import FILE, SiteDidNotStart
from .http_server import Request, Response, Server
from .postgres import Databases
from .site import Site
from .sites import Sites


class ControlServer(Server):
    """Answers `Control` calls on 127.0.0.1 with the methods of `sites` and `databases`."""

    def __init__(self, root: Path, sites: Sites, databases: Databases) -> None:
        """Start immediately, and write port and token to `root`."""
        self._token = secrets.token_urlsafe()
        self._methods: dict[str, Callable[..., Any]] = {
            "/start_site": lambda site: sites.start_site(Site.from_json(site)),
            "/stop_site": sites.stop_site,
            "/site": sites.site,
            "/front_door": partial(_front_door, sites),
            "/create_database": databases.create_database,
            "/limit_extensions": databases.limit_extensions,
            "/drop_database": databases.drop_database,
        }
        super().__init__(self._answer)
        file = root / FILE
        file.touch(mode=0o600)
        file.write_text(json.dumps({"port": self.port, "token": self._token}), encoding="utf-8")

    def _answer(self, request: Request) -> Response:
        if not secrets.compare_digest(request.header("Authorization"), f"Bearer {self._token}"):
            return _json(403, {"error": "wrong token"})
        method = self._methods.get(request.target)
        if method is None:
            return _json(404, {"error": f"no such method: {request.target}"})
        try:
            return _json(200, {"result": method(**json.loads(request.body))})
        except SiteDidNotStart as failure:
            return _json(200, {"site_did_not_start": {"reason": failure.reason, "log_tail": failure.log_tail}})
        except Exception as error:  # the caller waits in another process
            return _json(500, {"error": f"{type(error).__name__}: {error}"})


def _front_door(sites: Sites, host: str) -> str | None:
    name = sites.serving(host)
    return sites.front_door(name) if name else None


def _json(status: int, answer: dict[str, Any]) -> Response:
    return Response(
        status=status,
        body=json.dumps(answer).encode(),
        headers=(("Content-Type", "application/json"),),
    )
