"""Runs a hook: each line of its output as it comes, those of standard error marked with `W:` [push log]."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from matrix.emulators._kit.programs import run_to_end
from matrix.emulators._upsun.containers import shell
from matrix.sandbox.namespace import Container

LATE = 124


def run(container: Container, script: str, env: Mapping[str, str], *, limit: float, say: Callable[[str], None]) -> int:
    """Run to the end; the exit status, `LATE` after `limit` seconds."""

    def warn(line: str) -> None:
        say(f"W: {line}")

    status = run_to_end(container, shell(script), env, limit=limit, each_line=say, each_warning=warn)
    return LATE if status is None else status
