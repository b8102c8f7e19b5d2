"""How flyctl prints: results on standard output, progress and errors on standard error [flyctl source]."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from matrix.emulators.command_line import CommandFailed


class CliError(CommandFailed):
    """Ends a command with `Error: ...` [flyctl source: internal/cli]; `after` are paragraphs below."""

    def __init__(self, message: str, *, status: int = 1, after: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self._after = after

    def show(self) -> None:
        """Print it on standard error."""
        note(f"Error: {self.message}")
        if self._after:
            note(f"\n{self._after}")


def api_error(message: str) -> CliError:
    """A refusal of Fly.io's API, with the identifier of the request."""
    from matrix.emulators.fly_io.state import ulid

    return CliError(f"{message} (Request ID: {ulid()}-iad)")


def not_interactive(message: str) -> CliError:
    """What flyctl says instead of asking where nobody can answer. This emulation never asks."""
    return CliError(message)


def say(text: str = "") -> None:
    """A result, on standard output."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def note(text: str = "") -> None:
    """Progress, on standard error."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def say_json(value: object) -> None:
    """JSON as flyctl's render.JSON prints it."""
    say(json.dumps(value, indent=4, ensure_ascii=False))


def say_table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table without borders; titles in capitals."""
    lines = [[title.upper() for title in titles], *rows]
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    for line in lines:
        say("\t".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)))
