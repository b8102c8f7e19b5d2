"""Starts every other program. Only `inspect`, `survey`, `lock`, `trial`, `deploy` and `deployed` may import it."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ..model import Argument, Deferred, Ran, Secret
from .ending import end
from .interrupts import postponed_interrupts

# A program that asks for a password or opens an editor must fail instead of waiting forever behind captured streams. A
# read-only command that is killed must leave no lock: `git status` takes one unless told not to (git(1)).
_QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_EDITOR": "true", "GIT_OPTIONAL_LOCKS": "0"}
# Variables set for other Git commands must not point ours to another repository or change its output: git(1),
# "Environment Variables", and `git rev-parse --local-env-vars`. The committer and the transport settings are left
# alone.
_OF_OTHER_CALLS = re.compile(
    r"GIT_(TRACE\w*|CURL_VERBOSE|REDIRECT_\w+|(GLOB|NOGLOB|LITERAL|ICASE)_PATHSPECS|PAGER|PAGER_IN_USE|CONFIG"
    r"|DIR|WORK_TREE|COMMON_DIR|INDEX_FILE|INDEX_VERSION|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|NAMESPACE"
    r"|PREFIX|IMPLICIT_WORK_TREE|INTERNAL_SUPER_PREFIX|SHALLOW_FILE|GRAFT_FILE|NO_REPLACE_OBJECTS|REPLACE_REF_BASE"
    r"|QUARANTINE_PATH|EXTERNAL_DIFF|DIFF_OPTS)"
)

# Seconds between two looks for an exit.
_SLICE = 0.05
# How a program ends that Ctrl-C has ended: by the signal, or with a status that tells it (128 + SIGINT in shells,
# STATUS_CONTROL_C_EXIT on Windows).
_INTERRUPTED = frozenset({-signal.SIGINT, 128 + signal.SIGINT, 0xC000013A})


def found(program: str) -> str | None:
    """The program's path: on PATH, or beside this Python, whose environment need not be activated."""
    return shutil.which(program) or shutil.which(program, path=str(Path(sys.executable).parent))


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
    """Run a program to its end, capturing both streams; `on_line` is called with each line of either stream as it
    arrives.

    `env` is added to the environment; `environment` replaces all of it. `timeout` is in seconds. `stdin` holds the
    lines that the program may read.

    Never raises for a failing program: the exit status is in the result. On KeyboardInterrupt the program gets a moment
    to exit (it has received the same interrupt) before it is killed.
    """
    with running([argv], cwd=cwd, on_line=on_line, env=env, environment=environment, stdin=stdin) as (program,):
        return program.ended(timeout)


def converse(argv: Sequence[Argument], *, cwd: Path, timeout: float, on_text: Callable[[str], None]) -> Ran:
    """Run a program that asks the user questions: it reads from our standard input.

    `on_text` is called immediately with each piece of its standard error, where programs ask questions; a piece may
    have any length.
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
    """Run a program on the user's own terminal until it exits, and return its exit status.

    Ctrl-C goes to the program, which handles it as it does without us. The status is 130 if the interrupt ended it, 127
    if there is no such program.
    """
    program = found(argv[0])
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
    """Programs that run in parallel while the body runs; any that it has not waited for are ended afterwards.

    They are waited for in the calling thread: only the main thread receives an interrupt, which ends all of them.
    """
    programs: list[Running] = []
    try:
        for argv in argvs:
            # A program that is not in the list yet could not be ended.
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
    """`stdin` is what the program may read; with None, it reads our own standard input."""
    program = found(_reveal(argv[0]))
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
        # A program that exits without reading closes the pipe; its exit status gives the reason.
        with contextlib.suppress(OSError), child.stdin:
            child.stdin.write(stdin or "")
    return Running(argv, child, on_line, on_text)


class Running:
    """A program that was started. `child` is None if there is no such program."""

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
        # Standard error is passed on in pieces: a question ends without a newline.
        pieces = (None, on_text)
        streams = zip(_streams(child), pieces, strict=True) if child else ()
        self._collectors = [_Collector(stream, on_line, heard) for stream, heard in streams]

    def ended(self, timeout: float) -> Ran:
        """Wait until it has exited, at most `timeout` seconds from its start."""
        if self.child is None:
            return Ran(argv=self._argv, returncode=127, stdout="", stderr="command not found", seconds=0.0)
        deadline = self._at + timeout
        self._hear_out(self.child, deadline)
        returncode = _wait(self.child, deadline)
        if returncode in _INTERRUPTED:
            _await_interrupt()
        stdout, stderr = (collector.text() for collector in self._collectors)
        seconds = time.monotonic() - self._at
        return Ran(argv=self._argv, returncode=returncode, stdout=stdout, stderr=stderr, seconds=seconds)

    def _hear_out(self, child: subprocess.Popen[str], deadline: float) -> None:
        """Wait until both streams are closed, which is known at once, or the program has exited: what it started may
        keep them open.

        On POSIX, `Popen.wait` with a timeout looks for an exit only every 50 ms.
        """
        for collector in self._collectors:
            while not collector.closed(_SLICE) and child.poll() is None and time.monotonic() < deadline:
                pass


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
            # In slices: Windows notices an interrupt only between two waits.
            return child.wait(max(0.0, min(0.5, deadline - time.monotonic())))
        except subprocess.TimeoutExpired:
            if time.monotonic() >= deadline:
                end([child], patience=0)
                return 124


def _await_interrupt() -> None:
    """Ctrl-C reaches this process and its programs in any order: give it the time to arrive here too, and be raised."""
    deadline = time.monotonic() + 0.5
    while time.monotonic() < deadline:
        time.sleep(_SLICE)


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

    def closed(self, seconds: float) -> bool:
        """Whether the stream is closed, or will be within these seconds."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def text(self) -> str:
        # A grandchild may hold the stream open after the program has exited: do not wait for it forever.
        self._thread.join(5)
        return "".join(self._said)


def last_line(text: str) -> str:
    """The last non-empty line: where programs put the reason for a failure."""
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"
