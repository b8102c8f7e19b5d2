"""What a page must not reach in a trial: other programs, and files outside the copy."""

from __future__ import annotations

import os
from typing import Any

from .read_only import changed

_REFUSED = frozenset(
    {"subprocess.Popen", "os.system", "os.posix_spawn", "os.exec", "os.fork", "os.spawn", "os.startfile"}
)


class OutOfReach:
    """While it is `on`, such an attempt fails, and is noted in `refused`."""

    def __init__(self, tree: str) -> None:
        self.on = False
        self.refused: list[str] = []
        self._tree = os.path.realpath(tree) + os.sep

    def refuse(self, event: str, arguments: tuple[Any, ...]) -> None:
        """An audit hook. Raises ConnectionRefusedError."""
        if self.on and (event in _REFUSED or self._is_outside(changed(event, arguments))):
            self.refused.append(event)
            raise ConnectionRefusedError(f"A trial does not do this: {event}")

    def _is_outside(self, name: str) -> bool:
        path = os.path.realpath(name)
        return bool(name) and not path.startswith(self._tree) and path != os.path.realpath(os.devnull)
