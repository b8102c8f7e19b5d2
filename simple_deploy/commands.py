"""The one place that starts other programs. Only `inspect`, `survey`, `lock` and `deploy` may import it."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
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

    Never raises for a failing program: the exit status tells. On KeyboardInterrupt the program gets a second
    to end by itself (it has received the same interrupt) before it is killed.
    """
    with running([argv], cwd=cwd, on_line=on_line, env=env) as (program,):
        return program.ended(timeout)


@contextmanager
def running(
    argvs: Sequence[Sequence[Argument]],
    *,
    cwd: Path,
    on_line: Callable[[str], None] | None = None,
    env: Mapping[str, str] | None = None,
) -> Iterator[list[Running]]:
    """Programs that run side by side while the body does; those that it has not waited for are ended after it.

    They are waited for in the calling thread: only the main thread hears of an interrupt, and it ends all of them.
    """
    programs: list[Running] = []
    try:
        for argv in argvs:
            programs.append(_start(argv, cwd, on_line, env))
        yield programs
    finally:
        _end([program.child for program in programs if program.child])


def _start(
    argv: Sequence[Argument], cwd: Path, on_line: Callable[[str], None] | None, env: Mapping[str, str] | None
) -> Running:
    program = shutil.which(_reveal(argv[0]))
    if program is None:
        return Running(argv, None, None)
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
    return Running(argv, child, on_line)


class Running:
    """A program that was started; without a child, one that there is not."""

    def __init__(
        self, argv: Sequence[Argument], child: subprocess.Popen[str] | None, on_line: Callable[[str], None] | None
    ) -> None:
        self.child = child
        self._argv = tuple(argv)
        self._at = time.monotonic()
        self._collectors = [_Collector(stream, on_line) for stream in _streams(child)] if child else []

    def ended(self, timeout: float) -> Ran:
        """Wait until it has ended, at most `timeout` seconds after its start."""
        if self.child is None:
            return Ran(argv=self._argv, returncode=127, stdout="", stderr="command not found", seconds=0.0)
        returncode = _wait(self.child, self._at + timeout)
        stdout, stderr = (collector.text() for collector in self._collectors)
        seconds = time.monotonic() - self._at
        return Ran(argv=self._argv, returncode=returncode, stdout=stdout, stderr=stderr, seconds=seconds)


def _reveal(argument: Argument) -> str:
    return argument.argument() if isinstance(argument, Secret) else argument


def _streams(child: subprocess.Popen[str]) -> Iterator[IO[str]]:
    for stream in (child.stdout, child.stderr):
        assert stream is not None
        yield stream


def _wait(child: subprocess.Popen[str], deadline: float) -> int:
    while True:
        try:
            # In slices: on Windows an interrupt is noticed only between two of them.
            return child.wait(max(0.0, min(0.5, deadline - time.monotonic())))
        except subprocess.TimeoutExpired:
            if time.monotonic() >= deadline:
                _kill(child)
                return 124


def _end(children: Sequence[subprocess.Popen[str]]) -> None:
    """Give the programs a second together, then kill those that are left."""
    deadline = time.monotonic() + 1.0
    for child in children:
        try:
            child.wait(max(0.0, deadline - time.monotonic()))
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            _kill(child)


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
