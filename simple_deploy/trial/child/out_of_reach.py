"""What a page must not reach in a trial: the network, other programs, and files outside the copy."""

from __future__ import annotations

import os
from typing import Any

from .read_only import changed

_REFUSED = frozenset(
    {
        *("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.sendmsg"),
        *("subprocess.Popen", "os.system", "os.posix_spawn", "os.exec", "os.fork", "os.spawn", "os.startfile"),
    }
)


class OutOfReach:
    """While it is `on`, such an attempt fails, and is noted in `refused`; `hosts` are those to be reached."""

    def __init__(self, tree: str) -> None:
        self.on = False
        self.refused: list[str] = []
        self.hosts: set[str] = set()
        self._tree = os.path.realpath(tree) + os.sep

    def refuse(self, event: str, arguments: tuple[Any, ...]) -> None:
        """An audit hook. Raises ConnectionRefusedError."""
        if self.on and (event in _REFUSED or self._is_outside(changed(event, arguments))):
            self.refused.append(event)
            named = arguments[1] if event == "socket.connect" else arguments
            if event.startswith("socket.") and isinstance(named, tuple):
                self.hosts.add(str(named[0]))
            raise ConnectionRefusedError(f"A trial does not do this: {event}")

    def _is_outside(self, name: str) -> bool:
        path = os.path.realpath(name)
        return bool(name) and not path.startswith(self._tree) and path != os.path.realpath(os.devnull)
