"""The emulated command of a flavour. It imports little and late: a deployment calls it many times."""

from __future__ import annotations

import sys
from pathlib import Path

from matrix.emulators._upsun import arguments, commands
from matrix.emulators._upsun.console import CliError, note
from matrix.emulators._upsun.flavour import Flavour
from matrix.emulators._upsun.session import Session
from matrix.emulators._upsun.state import State
from matrix.emulators.faults import under_faults


def run(flavour: Flavour, root: Path, argv: list[str]) -> int:
    """Run a command line without its first word; the exit status."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    state = State(root, flavour)
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
        return 130
