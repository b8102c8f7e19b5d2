"""The platform's router: an HTTP proxy that answers for the sandbox's hosts and forwards everything else."""

from __future__ import annotations

import http.client
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .forwarding import forward, with_headers
from .http_server import Connection, Request, Response, Server
from .relay import connect_local, connect_outside, relay

if TYPE_CHECKING:
    from .certificates import Authority

_REMEMBERED = 20
_SCHEME_AND_HOST = re.compile(r"\Ahttps?://[^/?#]*", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Backend:
    """The target of a host's requests. `port` is None if its process has exited."""

    port: int | None
    https_only: bool = False


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A platform's own pages for all hosts under `suffix`."""

    suffix: str
    unknown_host: Response
    dead_site: Response

    def covers(self, host: str) -> bool:
        """Whether `host` is the suffix or ends with it."""
        return f".{host}".endswith(f".{self.suffix}")


class Router(Server):
    """An HTTP proxy on 127.0.0.1, used through the variables HTTPS_PROXY and HTTP_PROXY."""

    def __init__(self, authority: Authority, find: Callable[[str], Backend | None]) -> None:
        """Start immediately; `find` returns the target of a host's requests, None if no site has that host."""
        self.authority = authority
        self.claims: list[Claim] = []
        self.answers: deque[tuple[Request, Response]] = deque(maxlen=_REMEMBERED)
        self._find = find
        super().__init__(self._route, _ProxyConnection)
        self.url = f"http://127.0.0.1:{self.port}"

    def speaks_for(self, host: str) -> bool:
        """Whether requests to `host` stay in the sandbox."""
        return self._find(host) is not None or self._claim(host) is not None

    def _route(self, request: Request) -> Response:
        address = urlsplit(request.target)
        opened_for = request.connect_host or address.hostname or ""
        request = replace(request, target=_origin_form(request.target))
        if opened_for and not self.speaks_for(opened_for):
            return _outside(request, opened_for, address.port or 80)
        answer = self._answer_for_a_host(request, opened_for)
        self.answers.append((request, answer))
        return answer

    def _answer_for_a_host(self, request: Request, opened_for: str) -> Response:
        # As on the real platforms, the Host header decides, not the host of the connection.
        host = urlsplit(f"//{request.header('Host')}").hostname or ""
        claim = self._claim(host) or self._claim(opened_for)
        backend = self._find(host)
        if backend:
            return _from_site(request, backend, claim)
        return claim.unknown_host if claim else Response(status=404, body=b"No site has this host name.\n")

    def _claim(self, host: str) -> Claim | None:
        return next((claim for claim in self.claims if claim.covers(host)), None)


class _ProxyConnection(Connection):
    """A connection that may request a tunnel to a host."""

    server: Router

    def respond(self) -> None:
        """Answer, or for CONNECT become the host's TLS server or a tunnel to it."""
        if self.command != "CONNECT":
            return super().respond()
        address = urlsplit(f"//{self.path}")
        host = address.hostname or ""
        if self.server.speaks_for(host):
            self.connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            # Python before 3.12 sends "CONNECT ... HTTP/1.0", which does not end the connection here.
            self.close_connection = False
            # There is no TLS on port 80, not even in a tunnel.
            return None if address.port == 80 else self.upgrade(self.server.authority.server_context(host), host)
        # What follows on this connection belongs to the tunnel, even after its other end has closed.
        self.close_connection = True
        return self._tunnel(host, address.port or 443)

    def _tunnel(self, host: str, port: int) -> None:
        try:
            outside = connect_outside(host, port)
        except OSError as error:
            return self.refuse(Response(status=502, body=f"{host}: {error}\n".encode()))
        with outside:
            self.connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            relay(self.connection, outside)


def with_proxy_headers(request: Request, scheme: str) -> Request:
    """The headers with the client's address and scheme for an app behind a platform's router."""
    seen = [value for value in (request.header("X-Forwarded-For"), request.client) if value]
    return with_headers(
        request,
        X_Forwarded_For=", ".join(seen),
        X_Forwarded_Proto=scheme,
        X_Forwarded_Port="443" if scheme == "https" else "80",
    )


def _from_site(request: Request, backend: Backend, claim: Claim | None) -> Response:
    dead = claim.dead_site if claim else Response(status=503, body=b"The site's process has ended.\n")
    if backend.port is None:
        return dead
    scheme = "https" if request.connect_host else "http"
    if backend.https_only and scheme == "http":
        return Response(status=301, headers=(("Location", f"https://{request.header('Host')}{request.target}"),))
    try:
        return forward(with_proxy_headers(request, scheme), connect_local(backend.port))
    except (OSError, http.client.HTTPException):
        return dead


def _outside(request: Request, host: str, port: int) -> Response:
    try:
        return forward(request, connect_outside(host, port))
    except (OSError, http.client.HTTPException) as error:
        return Response(status=502, body=f"{host}: {error}\n".encode())


def _origin_form(target: str) -> str:
    """`target` without scheme and host, otherwise unchanged."""
    path = _SCHEME_AND_HOST.sub("", target)
    return path if path.startswith(("/", "*")) else f"/{path}"
