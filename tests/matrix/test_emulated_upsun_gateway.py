"""The gateway of the emulated Upsun, where its port has been in use."""

import socket
import sys

import pytest

from matrix.emulators._upsun.gateway.serving import Gateway
from matrix.sandbox.http_server import Request, Response, Server


def answered(request: Request) -> Response:
    return Response(status=200, body=b"here\n")


@pytest.mark.skipif(sys.platform != "linux", reason="the platform's half of a cell needs Linux")
def test_the_gateway_starts_where_a_connection_of_an_earlier_server_lingers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as earlier:
        port = earlier.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client:
            connection, _ = earlier.accept()
            # The side that closes first keeps the connection (TIME_WAIT).
            connection.close()
            assert client.recv(1) == b""
    with pytest.raises(OSError, match="Address already in use"):
        Server(answered, port=port)
    gateway = Gateway(answered, port=port)
    try:
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: site\r\nConnection: close\r\n\r\n")
            assert client.recv(4096).startswith(b"HTTP/1.1 200")
    finally:
        gateway.close()
