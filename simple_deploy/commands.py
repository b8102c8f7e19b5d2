"""The one place that starts other programs. Only `inspect`, `survey`, `lock`, `trial`, `deploy` and `deployed`
may import it."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from .ending import end
from .interrupts import postponed_interrupts
from .model import Argument, Deferred, Ran, Secret

# A program that asks for a password or an editor must fail instead of waiting forever behind captured streams, and one
# that is killed while it only looks must leave no lock: `git status` takes one unless it is told not to (git(1)).
_QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_EDITOR": "true", "GIT_OPTIONAL_LOCKS": "0"}
# What people set for other calls of Git must not lead ours to another repository, nor into other words: git(1),
# "Environment Variables", and `git rev-parse --local-env-vars`. Who commits, and how Git connects, stays theirs.
_OF_OTHER_CALLS = re.compile(
    r"GIT_(TRACE\w*|CURL_VERBOSE|REDIRECT_\w+|(GLOB|NOGLOB|LITERAL|ICASE)_PATHSPECS|PAGER|PAGER_IN_USE|CONFIG"
    r"|DIR|WORK_TREE|COMMON_DIR|INDEX_FILE|INDEX_VERSION|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|NAMESPACE"
    r"|PREFIX|IMPLICIT_WORK_TREE|INTERNAL_SUPER_PREFIX|SHALLOW_FILE|GRAFT_FILE|NO_REPLACE_OBJECTS|REPLACE_REF_BASE"
    r"|QUARANTINE_PATH|EXTERNAL_DIFF|DIFF_OPTS)"
)


def run(
    argv: Sequence[Argument],
    *,
    cwd: Path,
    timeout: float = 60,
    on_line: Callable[[str], None] | None = None,
    env: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
    stdin: Sequence[Argument] = (),
) -> Ran:
    """Run a program to its end, capturing both streams; `on_line` sees each line of either as it comes.

    `env` is added to the environment, `environment` is all that there is of one; `timeout` is in seconds; `stdin` are
    the lines that the program may read.

    Never raises for a failing program: the exit status tells. On KeyboardInterrupt the program gets a moment
    to end by itself (it has received the same interrupt) before it is killed.
    """
    with running([argv], cwd=cwd, on_line=on_line, env=env, environment=environment, stdin=stdin) as (program,):
        return program.ended(timeout)


def converse(argv: Sequence[Argument], *, cwd: Path, timeout: float, on_text: Callable[[str], None]) -> Ran:
    """Run a program that asks the user: it reads from our standard input.

    `on_text` gets its standard error, where programs ask questions, at once, in pieces of any length.
    """
    child: subprocess.Popen[str] | None = None
    try:
        with postponed_interrupts():
            program = _start(argv, cwd, None, {**_environment(), **_QUIET}, stdin=None, on_text=on_text)
            child = program.child
        return program.ended(timeout)
    finally:
        end([child] if child else [])


def handed_over(argv: Sequence[str], *, cwd: Path) -> int:
    """Run a program on the user's own terminal until it ends, and answer with its exit status.

    Ctrl-C is for the program: it ends as it does without us. 130 if the interrupt ended it, 127 if there is none.
    """
    program = shutil.which(argv[0])
    if program is None:
        return 127
    before = signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        with subprocess.Popen([program, *argv[1:]], cwd=cwd, env={**_environment(), **_QUIET}) as child:
            status = child.wait()
    finally:
        signal.signal(signal.SIGINT, before)
    return 130 if status == -signal.SIGINT else status


@contextmanager
def running(
    argvs: Sequence[Sequence[Argument]],
    *,
    cwd: Path,
    on_line: Callable[[str], None] | None = None,
    env: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
    stdin: Sequence[Argument] = (),
) -> Iterator[list[Running]]:
    """Programs that run side by side while the body does; those that it has not waited for are ended after it.

    They are waited for in the calling thread: only the main thread hears of an interrupt, and it ends all of them.
    """
    programs: list[Running] = []
    try:
        for argv in argvs:
            # A program that no one knows of yet could not be ended.
            with postponed_interrupts():
                whole = {**_environment(), **_QUIET, **(env or {})} if environment is None else environment
                programs.append(_start(argv, cwd, on_line, whole, stdin=_lines(stdin)))
        yield programs
    finally:
        end([program.child for program in programs if program.child])


def _lines(stdin: Sequence[Argument]) -> str:
    return "".join(f"{_reveal(line)}\n" for line in stdin)


def _start(
    argv: Sequence[Argument],
    cwd: Path,
    on_line: Callable[[str], None] | None,
    environment: Mapping[str, str],
    *,
    stdin: str | None,
    on_text: Callable[[str], None] | None = None,
) -> Running:
    """`stdin` is what the program may read; None: what our own standard input gives."""
    program = shutil.which(_reveal(argv[0]))
    if program is None:
        return Running(argv, None, None)
    child = subprocess.Popen(
        [program, *map(_reveal, argv[1:])],
        cwd=cwd,
        stdin=None if stdin is None else subprocess.PIPE if stdin else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(environment),
        encoding="utf-8",
        errors="replace",
    )
    if child.stdin:
        # A program that ends without reading closes the pipe: its exit status tells why.
        with contextlib.suppress(OSError), child.stdin:
            child.stdin.write(stdin or "")
    return Running(argv, child, on_line, on_text)


class Running:
    """A program that was started; without a child, one that there is not."""

    def __init__(
        self,
        argv: Sequence[Argument],
        child: subprocess.Popen[str] | None,
        on_line: Callable[[str], None] | None,
        on_text: Callable[[str], None] | None = None,
    ) -> None:
        self.child = child
        self._argv = tuple(argv)
        self._at = time.monotonic()
        # Only standard error is heard in pieces: a question ends without a newline.
        pieces = (None, on_text)
        streams = zip(_streams(child), pieces, strict=True) if child else ()
        self._collectors = [_Collector(stream, on_line, heard) for stream, heard in streams]

    def ended(self, timeout: float) -> Ran:
        """Wait until it has ended, at most `timeout` seconds after its start."""
        if self.child is None:
            return Ran(argv=self._argv, returncode=127, stdout="", stderr="command not found", seconds=0.0)
        returncode = _wait(self.child, self._at + timeout)
        stdout, stderr = (collector.text() for collector in self._collectors)
        seconds = time.monotonic() - self._at
        return Ran(argv=self._argv, returncode=returncode, stdout=stdout, stderr=stderr, seconds=seconds)


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not _OF_OTHER_CALLS.fullmatch(name)}


def _reveal(argument: Argument) -> str:
    if isinstance(argument, Deferred):
        raise TypeError(f"{argument} must be found out before its command is run")
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
                end([child], patience=0)
                return 124


class _Collector:
    """Reads one stream in a thread, so that neither stream can fill up and block the program."""

    def __init__(
        self, stream: IO[str], on_line: Callable[[str], None] | None, on_text: Callable[[str], None] | None
    ) -> None:
        self._said: list[str] = []
        self._thread = threading.Thread(target=self._read, args=(stream, on_line, on_text), daemon=True)
        self._thread.start()

    def _read(
        self, stream: IO[str], on_line: Callable[[str], None] | None, on_text: Callable[[str], None] | None
    ) -> None:
        with stream:
            for part in iter(lambda: stream.read(1), "") if on_text else stream:
                self._said.append(part)
                if on_line:
                    on_line(part.rstrip("\r\n"))
                if on_text:
                    on_text(part)

    def text(self) -> str:
        # A grandchild may hold the stream open after the program has ended: do not wait for it forever.
        self._thread.join(5)
        return "".join(self._said)


def last_line(text: str) -> str:
    """The last line that says something: where programs put their reason."""
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"
