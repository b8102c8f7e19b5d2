"""The server of the sandbox on a port that was in use."""

import socket
import socketserver
import sys

import pytest

from matrix.sandbox.http_server import Request, Response, Server


def answered(request: Request) -> Response:
    return Response(status=200, body=b"here\n")


@pytest.mark.skipif(sys.platform == "win32", reason="connections do not linger there")
def test_a_server_starts_on_a_given_port_where_a_connection_of_an_earlier_server_lingers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as earlier:
        port = earlier.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client:
            connection, _ = earlier.accept()
            # The side that closes first keeps the connection (TIME_WAIT).
            connection.close()
            assert client.recv(1) == b""
    with pytest.raises(OSError, match="Address already in use"):
        socketserver.TCPServer(("127.0.0.1", port), socketserver.BaseRequestHandler)
    server = Server(answered, port=port)
    try:
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: site\r\nConnection: close\r\n\r\n")
            assert client.recv(4096).startswith(b"HTTP/1.1 200")
    finally:
        server.close()
