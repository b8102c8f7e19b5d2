"""Faults at the n-th time that this process changes something on disk below a folder: kill -9, full disk, Ctrl-C.

Python tells an audit hook of every change before it is made (PEP 578), so each moment between two changes can be
hit, and hit again. `python faults.py N FOLDER PATTERN SCRIPT ...` runs a script that is killed at the N-th.
"""

from __future__ import annotations

import errno
import re
import runpy
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil


@dataclass
class Fault:
    """Strike at the change number `at` below `folder` whose path matches; `again`: at every later one too."""

    folder: str
    at: int
    strike: Callable[[], object]
    pattern: str = ""
    again: bool = False
    seen: int = 0

    @property
    def struck(self) -> bool:
        return self.seen >= self.at

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        path = _changed(event, arguments)
        if path is None or not path.startswith(self.folder) or not re.search(self.pattern, path):
            return
        self.seen += 1
        if self.seen == self.at or (self.again and self.struck):
            self.strike()


_armed: list[Fault] = []


def _changed(event: str, arguments: tuple[Any, ...]) -> str | None:
    """The path that is about to be changed, if any is."""
    if event == "os.rename":
        return str(arguments[1])
    if event in ("os.remove", "os.mkdir", "os.chmod"):
        return str(arguments[0])
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wxa"):
        return str(arguments[0])
    return None


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    for fault in _armed:
        fault.hear(event, arguments)


_hooked: list[bool] = []


@contextmanager
def armed(fault: Fault) -> Iterator[Fault]:
    if not _hooked:
        sys.addaudithook(_hear)
        _hooked.append(True)
    _armed.append(fault)
    try:
        yield fault
    finally:
        _armed.remove(fault)


def full_disk() -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def ctrl_c() -> None:
    raise KeyboardInterrupt


def kill() -> None:
    psutil.Process().kill()


if __name__ == "__main__":
    at, folder, pattern, *sys.argv = sys.argv[1:]
    sys.path[0] = str(Path(sys.argv[0]).parent)
    with armed(Fault(folder=folder, at=int(at), strike=kill, pattern=pattern)):
        runpy.run_path(sys.argv[0], run_name="__main__")
