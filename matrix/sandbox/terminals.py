"""A terminal for programs that prompt (POSIX only: Python cannot open pseudo terminals on Windows)."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from . import processes


def converse(
    argv: Sequence[str | Path], *talk: tuple[str, str], cwd: Path, env: Mapping[str, str], timeout: float = 120
) -> tuple[int, str]:
    """Run a command on a terminal, and return its exit status and output.

    `talk` are pairs: once the first has been shown, after the previous answer, the second is typed. The answer "\x03"
    is Ctrl-C. Raises TimeoutError if the command does not exit in time.
    """
    ours, theirs = pty.openpty()
    child = processes.start(argv, cwd=cwd, env=env, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown: list[str] = []
    deadline = time.monotonic() + timeout
    try:
        heard = 0
        for expect, answer in talk:
            heard = _read(ours, shown, expect, deadline, heard)
            if answer == "\x03":
                processes.interrupt(child)
            else:
                os.write(ours, answer.encode())
        _read(ours, shown, None, deadline)
        return child.wait(timeout), "".join(shown)
    except subprocess.TimeoutExpired as error:
        raise TimeoutError("".join(shown)) from error
    finally:
        processes.kill(child)
        os.close(ours)


def _read(terminal: int, shown: list[str], until: str | None, deadline: float, start: int = 0) -> int:
    """Read until that text appears after the first `start` characters (None: to the end); returns its end position."""
    while until is None or until not in "".join(shown)[start:]:
        if not select.select([terminal], [], [], max(0.0, deadline - time.monotonic()))[0]:
            raise TimeoutError("".join(shown))
        try:
            chunk = os.read(terminal, 4096)
        except OSError:  # Linux raises EIO when the last program has closed the terminal
            chunk = b""
        if not chunk:
            return len("".join(shown))
        shown.append(chunk.decode("utf-8", "replace"))
    return "".join(shown).index(until, start) + len(until)
