"""The gateway's program: answers some requests itself, and forwards the others to the application."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Mapping
from typing import Any

from ....sandbox.forwarding import with_headers
from ....sandbox.http_server import Request, Response, Server
from .locations import Locations
from .supervisor import Supervisor


def main() -> None:
    """Start the application, wait for it, then serve until a signal ends this program."""
    settings = json.loads(sys.argv[1])
    port = int(os.environ.pop(settings["port variable"]))
    supervisor = Supervisor(settings["start"], settings["family"])
    supervisor.wait(settings["boot"])
    locations = Locations(settings["locations"], settings["folder"], supervisor.answer)
    Server(lambda request: _answer(request, settings["routes"], locations), port=port)
    threading.Event().wait()


def _answer(request: Request, routes: Mapping[str, Any], locations: Locations) -> Response:
    """Redirect where a route does. Requests for a host without a route go to the application."""
    scheme = request.header("X-Forwarded-Proto") or "http"
    host = request.header("Host").lower()
    route = routes.get(f"{scheme}://{host}/") or {}
    if route.get("type") == "redirect":
        where = str(route["to"]).rstrip("/") + request.target
        return Response(status=301, headers=(("Location", where),))
    if scheme == "https":
        request = with_headers(request, X_Client_Ssl="on")
    return locations.answer(request)
