"""Forwards a request to a web process and returns its response."""

from __future__ import annotations

import http.client
import socket
from dataclasses import replace

from .http_server import Headers, Request, Response

# RFC 9110, section 7.6.1, and the headers that are set again here.
_HOP_BY_HOP = frozenset((
    "connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization", "te",
    "trailer", "transfer-encoding", "upgrade", "expect", "content-length",
))  # fmt: skip
_TIMEOUT = 60.0


def forward(request: Request, connection: socket.socket) -> Response:
    """The response to `request` over `connection`, which is closed afterwards.

    Raises OSError and `http.client.HTTPException` if no whole response comes within a minute.
    """
    connection.settimeout(_TIMEOUT)
    client = http.client.HTTPConnection("backend")
    client.sock = connection
    try:
        client.putrequest(request.method, request.target, skip_host=True, skip_accept_encoding=True)
        for name, value in end_to_end(request.headers):
            client.putheader(name, value)
        if request.body or request.method in ("POST", "PUT", "PATCH"):
            client.putheader("Content-Length", str(len(request.body)))
        client.putheader("Connection", "close")
        client.endheaders(request.body or None)
        with client.getresponse() as response:
            return _whole(request, response)
    finally:
        client.close()


def end_to_end(headers: Headers) -> list[tuple[str, str]]:
    """The end-to-end headers, in order, including repeated ones."""
    named = {name.strip().lower() for key, value in headers if key.lower() == "connection" for name in value.split(",")}
    return [(name, value) for name, value in headers if name.lower() not in _HOP_BY_HOP | named]


def with_headers(request: Request, **changed: str) -> Request:
    """`request` with these headers in place of those of the same name; `_` stands for `-`."""
    names = {name.replace("_", "-").lower(): value for name, value in changed.items()}
    kept = [(name, value) for name, value in request.headers if name.lower() not in names]
    return replace(request, headers=(*kept, *((name.title(), value) for name, value in names.items())))


def _whole(request: Request, response: http.client.HTTPResponse) -> Response:
    headers = end_to_end(response.getheaders())
    length = response.getheader("Content-Length")
    if length is not None and (request.method == "HEAD" or response.status == 304):
        headers.append(("Content-Length", length))
    return Response(status=response.status, body=response.read(), headers=tuple(headers))
