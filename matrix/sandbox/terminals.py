"""A terminal with somebody at it (POSIX only: Windows has no pseudo terminals that Python can open)."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from matrix.sandbox import processes


def converse(
    argv: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str], expect: str, answer: str, timeout: float = 120
) -> tuple[int, str]:
    """Run a command on a terminal, type `answer` when it has shown `expect`; its exit status and what was shown.

    The answer "\\x03" is Ctrl-C. Raises TimeoutError if the command does not end in time.
    """
    ours, theirs = pty.openpty()
    child = processes.start(argv, cwd=cwd, env=env, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown: list[str] = []
    deadline = time.monotonic() + timeout
    try:
        _read(ours, shown, expect, deadline)
        if answer == "\x03":
            _interrupt(child, ours, shown, deadline)
        else:
            os.write(ours, answer.encode())
            _read(ours, shown, None, deadline)
        return child.wait(timeout), "".join(shown)
    except subprocess.TimeoutExpired as error:
        raise TimeoutError("".join(shown)) from error
    finally:
        processes.kill(child)
        os.close(ours)


def _interrupt(child: subprocess.Popen[str], terminal: int, shown: list[str], deadline: float) -> None:
    """Ctrl-C, and once more where nothing happens: a signal that comes just before a read does not end the read."""
    while True:
        processes.interrupt(child)
        patience = min(deadline, time.monotonic() + 3)
        try:
            return _read(terminal, shown, None, patience)
        except TimeoutError:
            if patience == deadline:
                raise


def _read(terminal: int, shown: list[str], until: str | None, deadline: float) -> None:
    while until is None or until not in "".join(shown):
        if not select.select([terminal], [], [], max(0.0, deadline - time.monotonic()))[0]:
            raise TimeoutError("".join(shown))
        try:
            chunk = os.read(terminal, 4096)
        except OSError:  # Linux says EIO when the last program has let go of the terminal
            return
        if not chunk:
            return
        shown.append(chunk.decode("utf-8", "replace"))
