"""Faults at a process's n-th change on disk below a folder: kill -9, full disk, Ctrl-C.

Python calls an audit hook before every change (PEP 578), so a fault can strike repeatably between any two changes. As a
program, which imports no other module of the harness because it runs with the project's packages:

    python disk.py --kill 3 --below FOLDER SCRIPT ...   runs a script that is killed at its third change
    python disk.py --list FILE --below FOLDER SCRIPT ... writes one line for each of its changes
"""

from __future__ import annotations

import argparse
import errno
import os
import re
import runpy
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CHANGES = frozenset({"open", "os.mkdir", "os.rename", "os.remove", "os.chmod"})
# The changes that a full disk prevents; hard links and renames need no space.
NEEDS_SPACE = frozenset({"open", "os.mkdir"})


@dataclass
class Fault:
    """Strike at the change number `at` below `folder` whose path matches; `again`: at every later one too."""

    folder: str
    at: int
    strike: Callable[[], object]
    pattern: str = ""
    again: bool = False
    events: frozenset[str] = CHANGES
    seen: list[str] = field(default_factory=list)

    @property
    def struck(self) -> bool:
        """Whether it has struck."""
        return 0 < self.at <= len(self.seen)

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Python's audit hook: strike if this is the change."""
        path = _changed(event, arguments) if event in self.events else None
        if path is None or not path.startswith(self.folder) or not re.search(self.pattern, path):
            return
        self.seen.append(f"{event} {path}")
        if len(self.seen) == self.at or (self.again and self.struck):
            self.strike()


_armed: list[Fault] = []


def _changed(event: str, arguments: tuple[Any, ...]) -> str | None:
    """The path that is about to be changed, if any."""
    if event == "os.rename":
        return str(arguments[1])
    if event != "open":
        return str(arguments[0])
    return str(arguments[0]) if isinstance(arguments[1], str) and set(arguments[1]) & set("wxa") else None


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    for fault in _armed:
        fault.hear(event, arguments)


_hooked: list[bool] = []


@contextmanager
def armed(fault: Fault) -> Iterator[Fault]:
    """The fault strikes while the body runs."""
    if not _hooked:
        sys.addaudithook(_hear)
        _hooked.append(True)
    _armed.append(fault)
    try:
        yield fault
    finally:
        _armed.remove(fault)


def full_disk() -> None:
    """Fail like a change without free space."""
    raise OSError(errno.ENOSPC, "No space left on device")


def ctrl_c() -> None:
    """Raise what Python raises for Ctrl-C in its main thread."""
    raise KeyboardInterrupt


def interrupt() -> None:
    """Send Ctrl-C itself."""
    signal.raise_signal(signal.SIGINT)


def kill() -> None:
    """End the process immediately: 9 is SIGKILL, and on Windows any number has that effect."""
    os.kill(os.getpid(), 9)


def main(arguments: Sequence[str]) -> None:
    """Run a script under a fault; see the top of this file."""
    parser = argparse.ArgumentParser(prog="disk.py")
    one = parser.add_mutually_exclusive_group(required=True)
    for name in ("kill", "fill", "interrupt"):
        one.add_argument(f"--{name}", type=int, metavar="N")
    one.add_argument("--list", type=Path, metavar="FILE")
    parser.add_argument("--below", required=True, metavar="FOLDER")
    parser.add_argument("--matching", default="", metavar="PATTERN")
    parser.add_argument("script", nargs=argparse.REMAINDER)
    given = parser.parse_args(arguments)
    fault = Fault(folder=given.below, at=given.kill or given.interrupt or 0, strike=kill, pattern=given.matching)
    if given.interrupt:
        fault.strike = interrupt
    if given.fill:
        fault = Fault(
            folder=given.below, at=given.fill, strike=full_disk, pattern=given.matching, again=True, events=NEEDS_SPACE
        )
    sys.argv = given.script
    sys.path[0] = str(Path(sys.argv[0]).resolve().parent)
    try:
        with armed(fault):
            runpy.run_path(sys.argv[0], run_name="__main__")
    finally:
        if given.list:
            given.list.write_text("".join(f"{change}\n" for change in fault.seen), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
