"""The emulated `heroku` command. It imports little and late: a deployment calls it many times."""

from __future__ import annotations

from pathlib import Path

from matrix.emulators.command_line import answer
from matrix.emulators.heroku import arguments, commands
from matrix.emulators.heroku.console import note
from matrix.emulators.heroku.session import Session
from matrix.emulators.heroku.state import State


def main(root: Path, argv: list[str]) -> int:
    """Run a command line without its first word; the exit status."""
    state = State(root)

    def carry_out(call: arguments.Call) -> int:
        return commands.run(Session(state, call))

    return answer(state, argv, arguments.understand, carry_out, note, interrupted=130)
