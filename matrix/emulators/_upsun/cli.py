"""The emulated command of a flavour. It imports little and late: a deployment calls it many times."""

from __future__ import annotations

from pathlib import Path

from matrix.emulators._upsun import arguments, commands
from matrix.emulators._upsun.console import note
from matrix.emulators._upsun.flavour import Flavour
from matrix.emulators._upsun.session import Session
from matrix.emulators._upsun.state import State
from matrix.emulators.command_line import answer


def run(flavour: Flavour, root: Path, argv: list[str]) -> int:
    """Run a command line without its first word; the exit status."""
    state = State(root, flavour)

    def carry_out(call: arguments.Call) -> int:
        return commands.run(Session(state, call))

    return answer(state, argv, arguments.understand, carry_out, note, interrupted=130)
