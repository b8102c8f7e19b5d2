"""A plain local address for people: the browser connects to 127.0.0.1, the site sees its own host over https."""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable
from dataclasses import replace

from .forwarding import forward, with_headers
from .http_server import Request, Response, Server
from .relay import connect_local
from .router import with_proxy_headers

# Browsers would not send a cookie for https, or for the site's domain, to this address.
_COOKIE_LIMITS = re.compile(r";\s*(secure|domain=[^;]*)(?=;|$)", re.IGNORECASE)


class FrontDoor(Server):
    """Listens on a free port of 127.0.0.1 for one site."""

    def __init__(self, host: str, port: Callable[[], int]) -> None:
        """Start immediately; `host` is the site's own name, `port` returns the port of its process."""
        self._host = host
        self._site_port = port
        super().__init__(self._enter)
        self.url = f"http://127.0.0.1:{self.port}/"

    def _enter(self, request: Request) -> Response:
        try:
            inner = with_proxy_headers(self._inward(request), "https")
            return self._outward(forward(inner, connect_local(self._site_port())))
        except (OSError, KeyError, http.client.HTTPException) as error:
            return Response(status=503, body=f"The site does not answer: {error}\n".encode())

    def _inward(self, request: Request) -> Request:
        here, there = f"http://{request.header('Host')}", f"https://{self._host}"
        changed = {"Host": self._host}
        for name in ("Origin", "Referer"):
            if value := request.header(name):
                changed[name] = value.replace(here, there, 1)
        return with_headers(request, **changed)

    def _outward(self, response: Response) -> Response:
        return replace(
            response, headers=tuple((name, self._for_browser(name, value)) for name, value in response.headers)
        )

    def _for_browser(self, name: str, value: str) -> str:
        if name.lower() == "location":
            return re.sub(rf"\Ahttps?://{re.escape(self._host)}(?=[/?#]|$)", self.url.rstrip("/"), value)
        if name.lower() == "set-cookie":
            return _COOKIE_LIMITS.sub("", value)
        return value
