"""Programs that run once in a container: builds, release commands, one-off shells."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any

from ...sandbox import processes
from ...sandbox.namespace import Container, enter
from .faults import under_faults

if TYPE_CHECKING:
    from .store import Store

Say = Callable[[str], None]
LATE = 124  # the exit status of a program that timed out, as with `timeout`


def run_to_end(
    container: Container,
    argv: Sequence[str],
    env: Mapping[str, str],
    *,
    limit: float,
    each_line: Say,
    each_warning: Say | None = None,
) -> int:
    """Run to the end, pass on each line of output, and return the exit status, or `LATE` after `limit` seconds.

    Lines of standard error go to `each_warning`, or to the same function as the others if there is none.
    """
    command = enter(container, argv, env)
    child = processes.start(
        command.argv,
        cwd=command.cwd,
        env=command.env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE if each_warning else subprocess.STDOUT,
    )
    late = threading.Event()

    def end_it() -> None:
        late.set()
        processes.kill(child)

    timer = threading.Timer(limit, end_it)
    timer.start()
    try:
        status = _heard(child, each_line, each_warning)
    finally:
        timer.cancel()
        processes.kill(child)
    return LATE if late.is_set() else status


def _heard(child: subprocess.Popen[str], each_line: Say, each_warning: Say | None) -> int:
    """The exit status of a program, once all its output has been passed on."""
    assert child.stdout
    warnings = threading.Thread(target=_read, args=(child.stderr, each_warning)) if each_warning else None
    if warnings:
        warnings.start()
    _read(child.stdout, each_line)
    if warnings:
        warnings.join()
    return child.wait()


def run_part(
    store: Store[Any],
    part: str,
    container: Container,
    argv: Sequence[str],
    env: Mapping[str, str],
    *,
    limit: str,
    each_line: Say,
    each_warning: Say | None = None,
) -> int:
    """Run a program of the platform's own work, or the fault set for `part`; `limit` is one of the state's."""
    seconds = store.read()["limits"][limit]

    def work() -> int:
        return run_to_end(container, argv, env, limit=seconds, each_line=each_line, each_warning=each_warning)

    return under_faults(store, part, work, each_line)


def _read(stream: IO[str], each_line: Say) -> None:
    with stream:
        for line in stream:
            each_line(line.rstrip("\n"))


def attached(container: Container, argv: Sequence[str], env: Mapping[str, str]) -> int:
    """Run with this process's own input and output, and return the exit status."""
    command = enter(container, argv, env)
    return subprocess.run(
        command.argv, cwd=command.cwd, env=command.env, stderr=subprocess.STDOUT, check=False
    ).returncode


def compile_command(home: str) -> tuple[str, ...]:
    """Compile everything that is installed for the Python in this folder."""
    return (f"{home}/bin/python", "-m", "compileall", "-qq", f"{home}/lib")


def compile_modules(container: Container, home: str, env: Mapping[str, str], *, limit: float) -> None:
    """The same, without a result: as with pip, files that do not compile, such as templates for code, do not matter."""
    run_to_end(container, compile_command(home), env, limit=limit, each_line=lambda line: None)
