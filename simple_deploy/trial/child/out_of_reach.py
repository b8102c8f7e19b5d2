"""What code of the project must not reach while a trial runs it: other programs, files outside the copy, a network."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from threading import Thread
from typing import Any

from .no_network import attempts
from .read_only import changed

_REFUSED = frozenset(
    {"subprocess.Popen", "os.system", "os.posix_spawn", "os.exec", "os.fork", "os.spawn", "os.startfile"}
)


@dataclass(frozen=True, kw_only=True)
class Ran:
    """Whether a call `ended` in time, and whether it tried to reach what a trial does not have: another file or program
    (`outside`), or a `server`. `commands` are the other programs that it would have started.
    """

    ended: bool
    outside: bool
    server: bool
    commands: tuple[str, ...] = ()

    @property
    def missed(self) -> bool:
        """Whether it went beyond what a trial has."""
        return self.outside or self.server


def within(tree: str, seconds: int, call: Callable[[], None]) -> Ran:
    """Run code that may wait for something, in a thread of its own, with nothing in reach but the files of the tree."""
    outside, ended, before = _OutOfReach(tree), [], len(attempts)
    sys.addaudithook(outside.refuse)

    def run() -> None:
        call()
        ended.append(True)

    running = Thread(target=run, daemon=True)
    outside.on = True
    running.start()
    running.join(seconds)
    outside.on = False
    return Ran(
        ended=bool(ended),
        outside=bool(outside.refused),
        server=len(attempts) > before,
        commands=tuple(filter(None, outside.refused)),
    )


class _OutOfReach:
    """While it is `on`, such an attempt fails, and is noted in `refused`: the command of a program, or ""."""

    def __init__(self, tree: str) -> None:
        self.on = False
        self.refused: list[str] = []
        self._tree = os.path.realpath(tree) + os.sep

    def refuse(self, event: str, arguments: tuple[Any, ...]) -> None:
        """An audit hook. Raises ConnectionRefusedError."""
        if self.on and (event in _REFUSED or self._is_outside(changed(event, arguments))):
            self.refused.append(_command(event, arguments))
            raise ConnectionRefusedError(f"A trial does not do this: {event}")

    def _is_outside(self, name: str) -> bool:
        path = os.path.realpath(name)
        return bool(name) and not path.startswith(self._tree) and path != os.path.realpath(os.devnull)


def _command(event: str, arguments: tuple[Any, ...]) -> str:
    words = {"subprocess.Popen": 1, "os.system": 0, "os.posix_spawn": 1, "os.exec": 1, "os.spawn": 2}.get(event)
    if words is None:
        return ""
    given = arguments[words]
    command = " ".join(map(os.fsdecode, given)) if isinstance(given, (list, tuple)) else os.fsdecode(given)
    return command.replace(sys.executable, "python")
