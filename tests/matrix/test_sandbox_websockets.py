"""The router and the front door pass on a change of protocol, as to a WebSocket."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from matrix.sandbox.certificates import Authority
from matrix.sandbox.front_door import FrontDoor
from matrix.sandbox.relay import read_head
from matrix.sandbox.router import Backend, Router

HOST = "blog.example.com"
ASKED = "GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\n"
CHANGED = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-Site: yes\r\n\r\n"
REFUSED = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 3\r\n\r\nno\n"


@pytest.fixture
def site() -> Iterator[tuple[int, list[bytes]]]:
    """The port of a web process that sends a first frame with its answer, then echoes; and the heads that it got."""
    heads: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    heads.append(read_head(connection))
                    connection.sendall(REFUSED if b" /closed " in heads[-1] else CHANGED + b"first")
                    while b" /closed " not in heads[-1] and (received := connection.recv(100)):
                        connection.sendall(received.upper())

        threading.Thread(target=serve, daemon=True).start()
        yield listening.getsockname()[1], heads


def connected(port: int, target: str, host: str) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), timeout=60)
    client.sendall(ASKED.format(target=target, host=host).encode())
    return client


def exchanged(client: socket.socket) -> None:
    head = read_head(client)
    assert (
        head.startswith(b"HTTP/1.1 101 ") and b"\r\nConnection: Upgrade\r\n" in head and b"\r\nX-Site: yes\r\n" in head
    )
    assert head.lower().count(b"upgrade: websocket") == 1
    assert client.recv(5) == b"first"
    for text in (b"hello", b"again"):
        client.sendall(text)
        assert client.recv(100) == text.upper()


def test_the_router_passes_a_websocket_to_the_site(tmp_path: Path, site: tuple[int, list[bytes]]) -> None:
    port, heads = site
    router = Router(Authority(tmp_path), lambda host: Backend(port=port) if host == HOST else None)
    try:
        with connected(router.port, f"http://{HOST}/ws", HOST) as client:
            exchanged(client)
        assert heads[0].startswith(b"GET /ws HTTP/1.1\r\n") and b"\r\nUpgrade: websocket\r\n" in heads[0]
        assert b"\r\nX-Forwarded-Proto: http\r\n" in heads[0]
        with connected(router.port, f"http://{HOST}/closed", HOST) as client:
            assert read_head(client).startswith(b"HTTP/1.1 403 ") and client.recv(3) == b"no\n"
    finally:
        router.close()


def test_a_websocket_ends_with_the_router(tmp_path: Path, site: tuple[int, list[bytes]]) -> None:
    router = Router(Authority(tmp_path), lambda host: Backend(port=site[0]))
    with connected(router.port, f"http://{HOST}/ws", HOST) as client:
        exchanged(client)
        router.close()
        assert client.recv(100) == b""


def test_the_front_door_passes_a_websocket_to_the_site(site: tuple[int, list[bytes]]) -> None:
    port, heads = site
    door = FrontDoor(HOST, lambda: port)
    try:
        with connected(door.port, "/ws", f"127.0.0.1:{door.port}") as client:
            exchanged(client)
        assert b"\r\nHost: blog.example.com\r\n" in heads[0]
    finally:
        door.close()
