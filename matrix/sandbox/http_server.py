"""A small threaded HTTP/1.1 server: whole requests in, whole responses out, connections kept alive."""

from __future__ import annotations

import contextlib
import os
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.client import responses
from http.server import BaseHTTPRequestHandler
from typing import Any

from .relay import relay

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request. `connect_host` is the host of the TLS connection, empty without TLS."""

    method: str
    target: str
    headers: Headers
    body: bytes
    client: str
    connect_host: str

    def header(self, name: str) -> str:
        """The first value of a header, or an empty text."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


@dataclass(frozen=True, kw_only=True)
class Response:
    """An answer. The length is computed unless it is in `headers`, as for HEAD.

    After status 101, `switched` is the connection to which the client speaks in another protocol.
    """

    status: int
    body: bytes = b""
    headers: Headers = (("Content-Type", "text/html; charset=utf-8"),)
    switched: socket.socket | None = None

    def encode(self, method: str, *, close: bool) -> bytes:
        """The bytes on the wire."""
        without_body = method == "HEAD" or self.status in (204, 304) or self.status < 200
        connection = "Upgrade" if self.switched else "close" if close else "keep-alive"
        headers = [*self.headers, ("Connection", connection)]
        if not without_body:
            headers.append(("Content-Length", str(len(self.body))))
        lines = [f"HTTP/1.1 {self.status} {responses.get(self.status, '')}"]
        lines += [f"{name}: {value}" for name, value in headers]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + (b"" if without_body else self.body)


Answer = Callable[[Request], Response]


class Server(socketserver.ThreadingTCPServer):
    """Serves on 127.0.0.1, on a free port unless one is given, in threads of this process, until `close`."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, answer: Answer, connection: type[Connection] | None = None, port: int = 0) -> None:
        """Start immediately. `answer` is called in the connection's thread."""
        # A port that is given may be one of an earlier server, whose connections linger (TIME_WAIT). On Windows the
        # option means more: that two servers may listen on one port.
        self.allow_reuse_address = bool(port) and os.name == "posix"
        super().__init__(("127.0.0.1", port), connection or Connection)
        self.answer = answer
        self.port: int = self.server_address[1]
        self.open_sockets: set[socket.socket] = set()
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Stop listening and close every connection."""
        self.shutdown()
        self.server_close()
        for open_socket in tuple(self.open_sockets):
            with contextlib.suppress(OSError):
                open_socket.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore clients that close the connection or do not trust the certificate; print every other error."""
        import sys

        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Connection(BaseHTTPRequestHandler):
    """A client's connection, with its requests in sequence."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server
    connect_host = ""

    def setup(self) -> None:
        """Remember the socket, so that closing the server ends this thread too."""
        super().setup()
        self.server.open_sockets.add(self.connection)

    def finish(self) -> None:
        """Close here: after an upgrade to TLS the server does not have the socket."""
        self.server.open_sockets.discard(self.connection)
        super().finish()
        self.connection.close()

    def handle_one_request(self) -> None:
        """Read one request and answer it, whatever its method."""
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline:
            self.close_connection = True
        elif self.parse_request():
            try:
                self.respond()
            except ValueError as error:
                self.refuse(Response(status=400, body=f"{error}\n".encode()))

    def respond(self) -> None:
        """Answer the request whose head was just read."""
        response = self.server.answer(self._read_request())
        self.connection.sendall(response.encode(self.command, close=self.close_connection))
        if response.switched:
            self.close_connection = True
            with response.switched:
                relay(self.connection, response.switched)

    def refuse(self, response: Response) -> None:
        """Answer and close: the rest of this connection cannot be parsed."""
        self.close_connection = True
        self.connection.sendall(response.encode(self.command, close=True))

    def upgrade(self, context: ssl.SSLContext, host: str) -> None:
        """Continue in TLS, as `host`."""
        self.server.open_sockets.discard(self.connection)
        self.request = context.wrap_socket(self.connection, server_side=True)
        self.connect_host = host
        self.setup()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the overridden signature)
        """Log nothing: the sites have their own logs."""

    def _read_request(self) -> Request:
        return Request(
            method=self.command,
            target=self.path,
            headers=tuple(self.headers.items()),
            body=self._read_body(),
            client=self.client_address[0],
            connect_host=self.connect_host,
        )

    def _read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return body
