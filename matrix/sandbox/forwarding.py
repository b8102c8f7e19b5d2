"""Forwards a request to a web process and returns its response."""

from __future__ import annotations

import http.client
import socket
from dataclasses import replace
from http import HTTPStatus
from io import BytesIO

from .http_server import Headers, Request, Response
from .relay import read_head

# RFC 9110, section 7.6.1, and the headers that are set again here.
_HOP_BY_HOP = frozenset((
    "connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization", "te",
    "trailer", "transfer-encoding", "upgrade", "expect", "content-length",
))  # fmt: skip
_TIMEOUT = 60.0


def forward(request: Request, connection: socket.socket) -> Response:
    """The response to `request` over `connection`, which is closed afterwards.

    It stays open, as `switched`, where the web process changes the protocol, to that of a WebSocket for example.
    Raises OSError and `http.client.HTTPException` if no whole response comes within a minute.
    """
    connection.settimeout(_TIMEOUT)
    if protocol := _wanted_protocol(request):
        return _switching(request, connection, protocol)
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


def _wanted_protocol(request: Request) -> str:
    """The protocol to which the client asks to change this connection (RFC 9110, section 7.8); "" if to none."""
    asks = any(name.strip().lower() == "upgrade" for name in request.header("Connection").split(","))
    return request.header("Upgrade") if asks else ""


def _switching(request: Request, connection: socket.socket, protocol: str) -> Response:
    lines = [f"{request.method} {request.target} HTTP/1.1", "Connection: Upgrade", f"Upgrade: {protocol}"]
    lines += [f"{name}: {value}" for name, value in end_to_end(request.headers)]
    try:
        connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
        # Nothing after the head is read: it belongs to the other protocol.
        status, _, head = read_head(connection).partition(b"\r\n")
        code, received = int(status.split()[1]), http.client.parse_headers(BytesIO(head))
        if code != HTTPStatus.SWITCHING_PROTOCOLS:
            body = connection.makefile("rb").read(int(received.get("Content-Length") or 0))
            connection.close()
            return Response(status=code, body=body, headers=tuple(end_to_end(received.items())))
    except (OSError, ValueError, IndexError) as error:
        connection.close()
        raise http.client.HTTPException(f"no answer to a change of protocol: {error}") from error
    connection.settimeout(None)
    return Response(status=code, headers=(*end_to_end(received.items()), ("Upgrade", protocol)), switched=connection)


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
