"""Copies bytes between two connections, and connects to hosts outside the sandbox."""

from __future__ import annotations

import base64
import selectors
import socket
import ssl
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

_CONNECT_TIMEOUT = 30.0


def relay(left: socket.socket, right: socket.socket) -> None:
    """Copy both ways until either side ends. Either may be a TLS socket."""
    others = {left: right, right: left}
    with selectors.DefaultSelector() as selector:
        for side in others:
            selector.register(side, selectors.EVENT_READ, side)
        while True:
            # TLS may hold decrypted bytes that the selector cannot see.
            held = [side for side in others if isinstance(side, ssl.SSLSocket) and side.pending()]
            for side in held or [key.data for key, _ in selector.select()]:
                received = _receive(side)
                if received == b"":
                    return
                if received:
                    others[side].sendall(received)


def connect_local(port: int) -> socket.socket:
    """A connection to a process of the sandbox, without delays for small packets."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=_CONNECT_TIMEOUT)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def connect_outside(host: str, port: int) -> socket.socket:
    """A connection to a host of the real network, through the host's own proxy if it has one."""
    proxy = getproxies().get("https")
    if not proxy or proxy_bypass(host):
        return socket.create_connection((host, port), timeout=_CONNECT_TIMEOUT)
    address = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    if not address.hostname:
        raise OSError(f"the proxy address {proxy!r} names no host")
    connection = socket.create_connection((address.hostname, address.port or 80), timeout=_CONNECT_TIMEOUT)
    login = f"{unquote(address.username or '')}:{unquote(address.password or '')}".encode()
    credentials = b"Proxy-Authorization: Basic " + base64.b64encode(login) + b"\r\n" if address.username else b""
    connection.sendall(f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n".encode() + credentials + b"\r\n")
    if b" 200 " not in read_head(connection).split(b"\r\n")[0] + b" ":
        connection.close()
        raise OSError(f"the proxy {address.hostname} refused to connect to {host}:{port}")
    return connection


def _receive(side: socket.socket) -> bytes | None:
    """Received bytes: empty at the end, None if there is no complete TLS record yet."""
    side.settimeout(0)
    try:
        return side.recv(65536)
    except (BlockingIOError, ssl.SSLWantReadError):
        return None
    except OSError:
        return b""
    finally:
        side.settimeout(None)


def read_head(connection: socket.socket) -> bytes:
    """A message's head, and nothing of what follows."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = connection.recv(1)
        if not byte:
            break
        head += byte
    return head
