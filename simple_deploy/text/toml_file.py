"""TOML: parsed to a dictionary, and text → text edits that only insert, so that every other byte stays in place.

tomlkit finds the position. Its own output is not used: it inserts below comments that belong to the next table, and
drops the comma at the end of an array.
"""

from __future__ import annotations

import copy
import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from .text_file import ClosedFile, decode
from .toml_places import TOKEN, Place, last_entry, places, top

_INDENT = "    "


@lru_cache(maxsize=4)
def loads(raw: bytes) -> dict[str, Any]:
    """The content of a TOML file. Raises ValueError with the place if it is not TOML, or not text."""
    text, _ = decode(raw)
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    read: dict[str, Any] = tomllib.loads(text)
    return read


def with_entries(text: str, table: Sequence[str], entries: Mapping[str, Any]) -> str:
    """`text` with keys added to a table, in any form; to a new table if there is none.

    Values may be strings, lists, dictionaries, and true or false. The keys must not exist yet.
    """
    if not entries:
        return text
    edited = with_lines(text, table, [f"{_key(key)} = {_value(value)}" for key, value in entries.items()])
    return _checked(text, edited, table, lambda place: {**(place or {}), **entries})


def with_strings(text: str, array: Sequence[str], strings: Sequence[str]) -> str:
    """`text` with strings added at the end of an array, which keeps its form; to a new one if there is none."""
    if not strings:
        return text
    added = [_value(string) for string in strings]
    place = next(places(text, tuple(array)), None)
    if place:
        edited = place.replaced(text, _inside(place, added))
    else:
        edited = with_lines(text, array[:-1], [f"{_key(array[-1])} = {_bracketed('[]', added)}"])
    return _checked(text, edited, array, lambda found: [*(found or []), *strings])


def _checked(text: str, edited: str, path: Sequence[str], change: Callable[[Any], Any]) -> str:
    """`edited`, if it is equivalent to `text` with that change. Raises ClosedFile: TOML has many forms."""
    try:
        wanted = copy.deepcopy(loads(text.encode()))
        table = wanted
        for name in path[:-1]:
            table = table.setdefault(name, {})
        table[path[-1]] = change(table.get(path[-1]))
        if loads(edited.encode()) == wanted:
            return edited
    except (ValueError, TypeError, AttributeError):
        pass
    raise ClosedFile(f"[{'.'.join(path[:-1] or path)}] is written in a form that cannot be extended")


def with_lines(text: str, path: Sequence[str], lines: Sequence[str]) -> str:
    """`text` with lines of keys and comments added to a table, or above all tables if the path is empty.

    Whether the result is valid TOML is not checked. An inline table cannot contain comments.
    """
    from tomlkit.items import Table

    if not lines:
        return text
    if not path:
        return _lines_at(text, top(text), lines)
    for place in reversed(list(places(text, tuple(path)))):
        if not isinstance(place.item, Table):
            return place.replaced(text, _inside(place, [line.strip() for line in lines if not _is_comment(line)]))
        last = last_entry(place.item.value)
        if last is not None or not place.item.is_super_table():
            if last is not None:
                lines = [_beside(last.trivia.indent, place.prefix, line) for line in lines]
            return place.replaced(text, _lines_at(place.text, place.below(last), lines))
    header = f"[{'.'.join(map(_key, path))}]"
    return _lines_at(text, len(text), ["", header, *lines] if text.strip() else [header, *lines])


def _beside(indent: str, prefix: str, line: str) -> str:
    """A line in the format of the entry above it."""
    return f"{indent}{'' if _is_comment(line) else prefix}{line.lstrip()}"


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _lines_at(text: str, offset: int, lines: Sequence[str]) -> str:
    """The text with the lines inserted; a file without a final newline ends without one again."""
    block = "".join(f"{line}\n" for line in lines)
    if offset and text[offset - 1] != "\n":
        block = f"\n{block}"[:-1]
    return text[:offset] + block + text[offset:]


def _inside(place: Place, added: Sequence[str]) -> str:
    """Add to an array or inline table between its brackets."""
    start, end = place.span()
    return place.text[:start] + _bracketed(place.text[start:end], added) + place.text[end:]


def _bracketed(text: str, added: Sequence[str]) -> str:
    """`text`, which is "[...]" or "{...}", with items added in its format."""
    tokens = [(match[0], match.end()) for match in TOKEN.finditer(text)][:-1]
    signs = [(token, end) for token, end in tokens if not token.startswith("#")]
    comma = signs[-1][0] == ","
    value, after = signs[-2 if comma else -1][1], signs[-1][1]
    empty = len(signs) == 1
    if "\n" not in text and not (empty and text[0] == "["):
        items = ", ".join(added)
        return text[:value] + (items if empty else f", {items}") + text[value:]
    # A comment on the last item's line stays there.
    line = next((end for token, end in tokens if end > after and "\n" not in text[after:end]), after)
    indent = _indent(text[:value])
    items = ",".join(f"\n{indent}{item}" for item in added) + ("," if comma or empty else "")
    closing = "\n" if "\n" not in text else ""
    return text[:value] + ("" if comma or empty else ",") + text[value:line] + items + closing + text[line:]


def _indent(text: str) -> str:
    line = text.rpartition("\n")
    return line[2][: len(line[2]) - len(line[2].lstrip())] if line[1] else _INDENT


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)} = {_value(inner)}" for key, inner in value.items()) + "}"
    return "[" + ", ".join(map(_value, value)) + "]"
