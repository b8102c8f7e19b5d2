"""How the Heroku CLI prints: error boxes, headers, objects, tables, times. All from the recorded session."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from matrix.emulators.command_line import CommandFailed

# [CLI source: @oclif/core errors/pretty-print: `process.platform === "win32"`]
MARK = "»" if sys.platform == "win32" else "›"
ERROR_WIDTH = 74  # of 80 columns, six go to the margin


class CliError(CommandFailed):
    """Ends a command. `bang` is the `›` margin, which errors of the CLI's own code lack.

    `before` and `warning` are shown above, `after` below.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 2,
        bang: bool = True,
        name: str = "Error",
        before: str = "",
        warning: str = "",
        after: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self._bang = bang
        self._name = name
        self._before = before
        self._warning = warning
        self._after = after

    def show(self) -> None:
        """Print it on standard error."""
        note(self._before, end="")
        if self._warning:
            warn(self._warning)
        show_error(self._name, self.message, bang=self._bang)
        note(self._after, end="")


def api_error(message: str, error_id: str) -> CliError:
    """What the CLI makes of a refusal of Heroku's API."""
    return CliError(f"{message}\n\nError ID: {error_id}")


def say(text: str = "") -> None:
    """A result, on standard output."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def note(text: str, end: str = "\n") -> None:
    """Progress, on standard error."""
    sys.stderr.write(text + end)
    sys.stderr.flush()


def warn(message: str) -> None:
    """A warning, on standard error."""
    show_error("Warning", message)


@contextmanager
def action(text: str) -> Iterator[list[str]]:
    """Announce what is being done; at the end `done`, or what was put into the list, or `!` after an error."""
    note(f"{text}... ", end="")
    outcome: list[str] = []
    try:
        yield outcome
    except CliError:
        note("!")
        raise
    note(outcome[-1] if outcome else "done")


def show_error(kind: str, message: str, *, bang: bool = True) -> None:
    """The box around an `Error` or a `Warning`."""
    for line in wrapped(f"{kind}: {message}", ERROR_WIDTH):
        margin = f" {MARK}" if bang else " " if line else ""
        note(f"{margin}   {line}" if line else margin)


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most `width`, broken at blanks, which stay at the end of the line, as the CLI does it."""
    return [line for paragraph in text.split("\n") for line in _wrap_paragraph(paragraph, width)]


def _wrap_paragraph(text: str, width: int) -> list[str]:
    rows = [""]
    for number, word in enumerate(text.split(" ")):
        if number:
            if len(rows[-1]) >= width:
                rows.append("")
            rows[-1] += " "
        if rows[-1] and word and len(rows[-1]) + len(word) > width:
            rows.append("")
        rows[-1] += word
    return rows


def say_json(value: object) -> None:
    """JSON as the CLI prints it: two blanks, Unicode as it is."""
    say(json.dumps(value, indent=2, ensure_ascii=False))


def say_header(text: str) -> None:
    """A `===` header and the empty line below."""
    say(f"=== {text}\n")


def say_object(pairs: Mapping[str, str | Sequence[str]]) -> None:
    """Keys and values in two columns; a list takes a line each, an empty list none."""
    width = max((len(key) for key, value in pairs.items() if value != []), default=0) + 2
    lines = []
    for key, value in pairs.items():
        values = [value] if isinstance(value, str) else value
        labels = [f"{key}:", *[""] * len(values)]
        lines += [label.ljust(width) + line for label, line in zip(labels, values, strict=False)]
    say("\n".join(lines))


def say_table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table of cells, which may have several lines."""
    lines = [[cell.split("\n") for cell in row] for row in (titles, *rows)]
    widths = [max(len(line) for cell in column for line in cell) for column in zip(*lines, strict=True)]
    printed = [_table_lines(row, widths) for row in lines]
    rule = " " + "─" * (sum(widths) + 3 * len(widths) - 1)
    say("\n".join([*printed[0], rule, *(line for row in printed[1:] for line in row)]))


def _table_lines(row: Sequence[Sequence[str]], widths: Sequence[int]) -> list[str]:
    height = max(len(cell) for cell in row)
    filled = [[*cell, *[""] * (height - len(cell))] for cell in row]
    return [
        ("  " + "   ".join(text.ljust(width) for text, width in zip(line, widths, strict=True))).rstrip()
        for line in zip(*filled, strict=True)
    ]


def ago(moment: str) -> str:
    """A time of the API and how long ago that was [CLI source: lib/time.js]."""
    import calendar  # not at the top: it is slow, and most commands show no time

    then = calendar.timegm(time.strptime(moment, "%Y-%m-%dT%H:%M:%SZ"))
    seconds = int(time.time() - then)
    text = time.strftime("%Y/%m/%d %H:%M:%S +0000", time.gmtime(then))
    for limit, unit, letter in ((60, 1, "s"), (3600, 60, "m"), (25 * 3600, 3600, "h")):
        if seconds < limit:
            return f"{text} (~ {seconds // unit}{letter} ago)"
    return text


def shell_quoted(value: str) -> str:
    """A value for `--shell` [CLI source: lib/config/quote.js]."""
    if not any(char in value for char in "\"#!$&'()*,:;<=>?@[\\]^`{|} \t\n"):
        return value
    if "'" not in value and "\n" not in value:
        return f"'{value}'"
    escaped = "".join("\\" + char if char in '"\\$`!' else char for char in value)
    return '"' + escaped.replace("\n", "\\n") + '"'
