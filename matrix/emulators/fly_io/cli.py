"""The emulated `fly` and `flyctl`. It imports little and late: a deployment calls it many times."""

from __future__ import annotations

import sys
from pathlib import Path

from matrix.emulators.faults import under_faults
from matrix.emulators.fly_io import arguments, commands
from matrix.emulators.fly_io.console import CliError, note
from matrix.emulators.fly_io.session import Session
from matrix.emulators.fly_io.state import State

CANCELLED = 127  # [flyctl source] 126 is a deadline that has passed, every other error is 1


def main(root: Path, argv: list[str]) -> int:
    """Run a command line without its first word; the exit status."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    state = State(root)
    status = _run(state, argv)
    state.record_call(argv, status)
    return status


def _run(state: State, argv: list[str]) -> int:
    try:
        call = arguments.understand(argv)
        return under_faults(state, call.command, lambda: commands.run(Session(state, call)), note)
    except CliError as error:
        error.show()
        return error.status
    except KeyboardInterrupt:
        return CANCELLED
