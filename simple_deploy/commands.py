"""The one place that starts other programs. Only `inspect`, `survey`, `lock` and `deploy` may import it."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from .model import Argument, Ran, Secret

# A program that wants a password or an editor must fail instead of waiting for ever behind captured streams.
_QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_EDITOR": "true"}


def run(
    argv: Sequence[Argument],
    *,
    cwd: Path,
    timeout: float = 60,
    on_line: Callable[[str], None] | None = None,
    env: Mapping[str, str] | None = None,
) -> Ran:
    """Run a program to its end, capturing both streams; `on_line` sees each line of either as it comes.

    `env` is added to the environment; `timeout` is in seconds.

    Never raises for a failing program: the exit status tells. On KeyboardInterrupt the program gets two
    seconds to end by itself (it has received the same interrupt) before it is killed.
    """
    started = time.monotonic()
    program = shutil.which(_reveal(argv[0]))
    if program is None:
        return Ran(argv=tuple(argv), returncode=127, stdout="", stderr="command not found", seconds=0.0)
    child = subprocess.Popen(
        [program, *map(_reveal, argv[1:])],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **_QUIET, **(env or {})},
        encoding="utf-8",
        errors="replace",
    )
    stdout, stderr = (_Collector(stream, on_line) for stream in _streams(child))
    returncode = _wait(child, timeout)
    return Ran(
        argv=tuple(argv),
        returncode=returncode,
        stdout=stdout.text(),
        stderr=stderr.text(),
        seconds=time.monotonic() - started,
    )


def _reveal(argument: Argument) -> str:
    return argument.argument() if isinstance(argument, Secret) else argument


def _streams(child: subprocess.Popen[str]) -> Iterator[IO[str]]:
    for stream in (child.stdout, child.stderr):
        assert stream is not None
        yield stream


def _wait(child: subprocess.Popen[str], timeout: float) -> int:
    try:
        return child.wait(timeout)
    except subprocess.TimeoutExpired:
        _kill(child)
        return 124
    except KeyboardInterrupt:
        try:
            child.wait(1.5)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            _kill(child)
        raise


def _kill(child: subprocess.Popen[str]) -> None:
    child.kill()
    child.wait()


class _Collector:
    """Reads one stream in a thread, so that neither stream can fill up and block the program."""

    def __init__(self, stream: IO[str], on_line: Callable[[str], None] | None) -> None:
        self._lines: list[str] = []
        self._thread = threading.Thread(target=self._read, args=(stream, on_line), daemon=True)
        self._thread.start()

    def _read(self, stream: IO[str], on_line: Callable[[str], None] | None) -> None:
        with stream:
            for line in stream:
                self._lines.append(line)
                if on_line:
                    on_line(line.rstrip("\r\n"))

    def text(self) -> str:
        # A grandchild may hold the stream open after the program has ended: do not wait for it for ever.
        self._thread.join(5)
        return "".join(self._lines)
