"""Speaks TLS in front of a PostgreSQL server that was built without it."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import ssl
import struct
import threading

from .relay import connect_local, relay

# PostgreSQL documentation, "Message Formats": SSLRequest and GSSENCRequest.
_SSL_REQUEST = struct.pack("!ii", 8, 80877103)
_GSS_REQUEST = struct.pack("!ii", 8, 80877104)


class TlsFront(socketserver.ThreadingTCPServer):
    """Listens on a free port of 127.0.0.1 and forwards every connection, decrypted, to `server_port`."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, server_port: int, context: ssl.SSLContext) -> None:
        """Start immediately. Clients that do not ask for TLS are also served."""
        super().__init__(("127.0.0.1", 0), _Client)
        self.server_port = server_port
        self.context = context
        self.port: int = self.server_address[1]
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Stop listening. Connections end with the PostgreSQL server."""
        self.shutdown()
        self.server_close()


class _Client(socketserver.BaseRequestHandler):
    request: socket.socket
    server: TlsFront

    def handle(self) -> None:
        with contextlib.suppress(OSError), connect_local(self.server.server_port) as postgres:
            self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            client = self.request
            first = _peek(client)
            if first == _GSS_REQUEST:
                client.recv(8)
                client.sendall(b"N")
                first = _peek(client)
            if first == _SSL_REQUEST:
                client.recv(8)
                client.sendall(b"S")
                client = self.server.context.wrap_socket(client, server_side=True)
            with client:
                relay(client, postgres)


def _peek(client: socket.socket) -> bytes:
    return client.recv(8, socket.MSG_PEEK | socket.MSG_WAITALL)
