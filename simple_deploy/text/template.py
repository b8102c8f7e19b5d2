"""Templates that look like the final file: `@name` is a placeholder; alone on its line, for a list of lines."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

Values = Mapping[str, str | Sequence[str]]


def filled(template: Path, values: Values) -> str:
    """The template file with its values. A line with nothing but a name becomes the lines of the name's list, with the
    same indentation; none for an empty list. Raises KeyError for a name without a value.
    """
    return filled_text(template.read_text(encoding="utf-8"), values)


def filled_text(template: str, values: Values) -> str:
    """The same for a text."""

    def value(match: re.Match[str]) -> str:
        indent, whole, name = match.groups()
        if whole is None:
            return str(values[name])
        listed = values[whole]
        lines = [listed] if isinstance(listed, str) else listed
        return "".join(f"{indent}{line}\n" if line else "\n" for line in lines)

    # In one pass: a value may contain an "@" itself.
    return re.sub(r"^( *)@([a-z_]+)\n|@([a-z_]+)", value, template, flags=re.MULTILINE)
