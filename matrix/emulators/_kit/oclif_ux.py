"""Objects, tables and times as the Heroku CLI prints them [recorded session]."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from .console import padded, say


def say_header(text: str) -> None:
    """Print a `===` header and an empty line."""
    say(f"=== {text}\n")


def say_object(pairs: Mapping[str, str | Sequence[str]]) -> None:
    """Print keys and values in two columns; a list takes one line per item, an empty list none."""
    width = max((len(key) for key, value in pairs.items() if value != []), default=0) + 2
    lines = []
    for key, value in pairs.items():
        values = [value] if isinstance(value, str) else value
        labels = [f"{key}:", *[""] * len(values)]
        lines += [label.ljust(width) + line for label, line in zip(labels, values, strict=False)]
    say("\n".join(lines))


def say_table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table of cells, which may have several lines."""
    lines = [[cell.split("\n") for cell in row] for row in (titles, *rows)]
    to = [max(len(line) for cell in column for line in cell) for column in zip(*lines, strict=True)]
    printed = [_table_lines(row, to) for row in lines]
    rule = " " + "─" * (sum(to) + 3 * len(to) - 1)
    say("\n".join([*printed[0], rule, *(line for row in printed[1:] for line in row)]))


def _table_lines(row: Sequence[Sequence[str]], to: Sequence[int]) -> list[str]:
    height = max(len(cell) for cell in row)
    filled = [[*cell, *[""] * (height - len(cell))] for cell in row]
    return [("  " + "   ".join(padded(line, to))).rstrip() for line in zip(*filled, strict=True)]


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
