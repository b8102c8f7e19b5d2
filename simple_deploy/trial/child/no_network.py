"""A trial has no network: a look-up or connection fails at once, on every machine alike."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any
from weakref import WeakSet

_LOOK_UPS = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})
_SENDS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})

# Also those to connect to a database.
attempts: list[str] = []
# The hosts that were looked up or connected to.
hosts: list[str] = []
_own: WeakSet[Any] = WeakSet()


# An unknown host raises the one, and a server that is not running the other: code that expects either goes on.
class NoNetwork(socket.gaierror, ConnectionRefusedError):
    """What an attempt raises."""


def refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook. Servers of this process, this machine's name and numeric addresses need no network."""
    if event == "socket.bind" and isinstance(arguments[0], socket.socket):
        _own.add(arguments[0])
    if event not in _LOOK_UPS | _SENDS:
        return
    address = arguments[0] if event in _LOOK_UPS else arguments[1]
    host = address[0] if isinstance(address, tuple) else address
    hosts.append(host.decode(errors="replace") if isinstance(host, bytes) else str(host or ""))
    if not (_is_own(address) if event in _SENDS else _is_local(hosts[-1]) and event != "socket.gethostbyaddr"):
        attempts.append(event)
        raise NoNetwork(f"A trial has no network: {hosts[-1]}")


def _is_local(host: str) -> bool:
    if host in ("", "localhost", socket.gethostname()):
        return True
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False


def _is_own(address: Any) -> bool:
    return any(one.fileno() >= 0 and one.getsockname() == address for one in list(_own))
