"""The emulated `fly` and `flyctl`. It imports little and late: a deployment calls it many times."""

from __future__ import annotations

from pathlib import Path

from matrix.emulators.command_line import answer
from matrix.emulators.fly_io import arguments, commands
from matrix.emulators.fly_io.console import note
from matrix.emulators.fly_io.session import Session
from matrix.emulators.fly_io.state import State

CANCELLED = 127  # [flyctl source] 126 is a deadline that has passed, every other error is 1


def main(root: Path, argv: list[str]) -> int:
    """Run a command line without its first word; the exit status."""
    state = State(root)

    def carry_out(call: arguments.Call) -> int:
        return commands.run(Session(state, call))

    return answer(state, argv, arguments.understand, carry_out, note, interrupted=CANCELLED)
