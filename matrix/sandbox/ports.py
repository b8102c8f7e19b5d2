"""Ports for programs that listen."""

from __future__ import annotations

import contextlib
import secrets
import socket


def free_port() -> int:
    """A free port, below the range from which systems take the ports of outgoing connections."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with contextlib.suppress(OSError), socket.create_server(("", port)):
            return port
