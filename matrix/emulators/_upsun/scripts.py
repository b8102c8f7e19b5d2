"""Runs a hook: each line of its output as it comes, those of standard error marked with `W:` [push log]."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Mapping
from typing import IO

from matrix.emulators._upsun.containers import shell
from matrix.sandbox import processes
from matrix.sandbox.namespace import Container, enter

LATE = 124


def run(container: Container, script: str, env: Mapping[str, str], *, limit: float, say: Callable[[str], None]) -> int:
    """Run to the end; the exit status, `LATE` after `limit` seconds."""
    command = enter(container, shell(script), env)
    child = processes.start(
        command.argv,
        cwd=command.cwd,
        env=command.env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    late = threading.Event()

    def end_it() -> None:
        late.set()
        processes.kill(child)

    timer = threading.Timer(limit, end_it)
    timer.start()
    try:
        assert child.stdout and child.stderr
        warnings = threading.Thread(target=_read, args=(child.stderr, lambda line: say(f"W: {line}")))
        warnings.start()
        _read(child.stdout, say)
        warnings.join()
        status = child.wait()
    finally:
        timer.cancel()
        processes.kill(child)
    return LATE if late.is_set() else status


def _read(stream: IO[str], say: Callable[[str], None]) -> None:
    with stream:
        for line in stream:
            say(line.rstrip("\n"))
