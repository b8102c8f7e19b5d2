"""A terminal with somebody at it (POSIX only: Windows has no pseudo terminals that Python can open)."""

from __future__ import annotations

import os
import pty
import subprocess
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
    try:
        _read(ours, shown, until=expect)
        if answer == "\x03":
            processes.interrupt(child)
        else:
            os.write(ours, answer.encode())
        _read(ours, shown, until=None)
        return child.wait(timeout), "".join(shown)
    except subprocess.TimeoutExpired as error:
        raise TimeoutError("".join(shown)) from error
    finally:
        processes.kill(child)
        os.close(ours)


def _read(terminal: int, shown: list[str], until: str | None) -> None:
    while until is None or until not in "".join(shown):
        try:
            chunk = os.read(terminal, 4096)
        except OSError:  # Linux says EIO when the last program has let go of the terminal
            return
        if not chunk:
            return
        shown.append(chunk.decode("utf-8", "replace"))
