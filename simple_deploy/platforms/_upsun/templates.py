"""Templates that read like the final file: `@name` stands for a value, alone on its line for a list of lines."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

Values = Mapping[str, str | Sequence[str]]


def filled(template: str, values: Values) -> str:
    """The template with its values. A line that holds nothing but a name becomes as many lines, as deeply indented,
    as the name's list has; none for an empty list. Raises KeyError for a name without a value.
    """

    def lines(match: re.Match[str]) -> str:
        value = values[match[2]]
        listed = [value] if isinstance(value, str) else value
        return "".join(f"{match[1]}{line}\n" if line else "\n" for line in listed)

    def word(match: re.Match[str]) -> str:
        return str(values[match[1]])

    return re.sub(r"@([a-z_]+)", word, re.sub(r"^( *)@([a-z_]+)\n", lines, template, flags=re.MULTILINE))


def quoted(text: str) -> str:
    """A YAML scalar in double quotes: JSON is YAML, and names keep their letters."""
    return json.dumps(text, ensure_ascii=False)
