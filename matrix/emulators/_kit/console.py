"""The streams of an emulated command. It imports little: a deployment runs such commands many times."""

from __future__ import annotations

import sys
from collections.abc import Sequence


class CommandFailed(Exception):
    """Ends an emulated command early, with its exit status; each library displays it in its own way."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.message = message
        self.status = status

    def show(self) -> None:
        """Print it on standard error."""
        note(self.message)


def say(text: str = "") -> None:
    """A result, on standard output."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def note(text: str = "", end: str = "\n") -> None:
    """Progress or a message for people, on standard error."""
    sys.stderr.write(text + end)
    sys.stderr.flush()


def say_json(value: object, indent: int) -> None:
    """JSON, with Unicode as it is."""
    import json  # not at the top: many commands print none

    say(json.dumps(value, indent=indent, ensure_ascii=False))


def widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """The widest cell of each column."""
    return [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]


def padded(row: Sequence[str], to: Sequence[int]) -> list[str]:
    """Cells padded with spaces to the width of their column."""
    return [cell.ljust(width) for cell, width in zip(row, to, strict=True)]


def wait_for_interrupt() -> None:
    """Wait like a command that never exits by itself; an hour at most, so that no test leaves it behind."""
    import threading  # not at the top: few commands wait

    threading.Event().wait(3600)
