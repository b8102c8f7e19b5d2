"""How the CLI speaks: data on standard output, everything for people on standard error [CLI source]."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from matrix.emulators.command_line import CommandFailed

CONSOLE_URL = "https://console.upsun.com"
# Why no project can be created [CLI source: ProjectCreateCommand, and its integration tests].
REFUSALS = {
    "credit card": "Credit card verification is required before creating a project.\n\n"
    f"Please use Console to create your first project:\n{CONSOLE_URL}",
    "phone number": "Phone number verification is required before creating a project.\n\n"
    f"Please open the following URL in a browser to verify your phone number:\n{CONSOLE_URL}/-/phone-verify",
    "support ticket": "Verification via a support ticket is required before creating a project.\n\n"
    f"Please open the following URL in a browser to create a ticket:\n{CONSOLE_URL}/support",
    "trial limit": "You have reached the resources limit for this organization's trial.\n\n"
    f"View or update billing details at:\n{CONSOLE_URL}/{{organization}}/-/billing",
    "overdue invoice": "You cannot create projects at this time because your organization has an overdue invoice.\n\n"
    f"View or update billing details at:\n{CONSOLE_URL}/{{organization}}/-/billing",
}


class CliError(CommandFailed):
    """Ends a command. In a `frame` the message is shown as an exception of the CLI, else as plain lines."""

    def __init__(self, message: str, *, status: int = 1, frame: bool = True) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self._frame = frame

    def show(self) -> None:
        """Print it on standard error."""
        if not self._frame:
            note(self.message)
            return
        lines = self.message.splitlines()
        width = max(map(len, lines))
        note("\n".join(["", " " * (width + 4), *(f"  {line.ljust(width)}  " for line in lines), " " * (width + 4), ""]))


def say(text: str) -> None:
    """Data, on standard output."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def note(text: str = "") -> None:
    """A message for people, on standard error."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def ask(question: str) -> str:
    """What somebody at the terminal answers; Ctrl-D aborts the command."""
    sys.stderr.write(question)
    sys.stderr.flush()
    answer = sys.stdin.readline()
    if not answer:
        raise CliError("Aborted.")
    return answer.strip()


def table(
    rows: Sequence[Mapping[str, str]],
    titles: Mapping[str, str],
    columns: Sequence[str],
    *,
    form: str,
    header: bool,
) -> None:
    """Rows in one of the CLI's formats: table, csv, tsv or plain; `titles` by the name of each column."""
    cells = [[row.get(name, "") for name in columns] for row in rows]
    printed = [[titles[name] for name in columns], *cells] if header else cells
    if form in ("tsv", "plain"):
        say("\n".join("\t".join(_on_one_line(cell) for cell in line) for line in printed))
    elif form == "csv":
        import csv

        csv.writer(sys.stdout, lineterminator="\n").writerows(printed)
    elif form == "table":
        _framed(printed, header=header)
    else:
        raise CliError(f'Invalid format: "{form}". Supported formats: table, csv, tsv, plain')


def _on_one_line(cell: str) -> str:
    return " ".join(cell.replace("\t", " ").splitlines())


def _framed(printed: list[list[str]], *, header: bool) -> None:
    """With a border, as wide as needed: the CLI would also wrap cells to the width of the terminal."""
    widths = [max(len(cell) for cell in column) for column in zip(*printed, strict=True)]
    rule = "+" + "+".join("-" * (width + 2) for width in widths) + "+"
    lines = ["| " + " | ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)) + " |" for line in printed]
    parts = [rule, lines[0], rule, *lines[1:], rule] if header and len(lines) > 1 else [rule, *lines, rule]
    say("\n".join(parts))
