"""TOML: read to a dictionary, and text → text edits that only insert, so that every other byte stays where it is.

tomlkit tells where something is: it writes the document back with a mark at that place. What it would write
itself is not used, because it moves comments and drops the comma at the end of an array.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from ..text_file import decode

if TYPE_CHECKING:
    from tomlkit.container import Container
    from tomlkit.items import InlineTable, Item, Table

# TOML forbids it in a document.
_MARK = "\0"
_INDENT = "    "
_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?!")' + r"|'''.*?'''(?!')" + r'|"(?:\\.|[^"\\])*"' + r"|'[^']*'|#[^\n]*|\S",
    re.DOTALL,
)


@lru_cache(maxsize=4)
def loads(raw: bytes) -> dict[str, Any]:
    """What a TOML file says. Raises ValueError with the place if it is not TOML, or not text."""
    text, _ = decode(raw)
    if sys.version_info >= (3, 11):
        import tomllib

        return tomllib.loads(text)
    import tomlkit

    return tomlkit.parse(text).unwrap()


def with_entries(text: str, table: Sequence[str], entries: Mapping[str, Any]) -> str:
    """`text` with keys added to a table, in whichever form it is written; to a new table if there is none.

    Values may be strings, lists and dictionaries. The keys must not be there yet.
    """
    return _with(text, table, {key: _value(value) for key, value in entries.items()})


def with_strings(text: str, array: Sequence[str], strings: Sequence[str]) -> str:
    """`text` with strings added at the end of an array, which keeps its form; to a new one if there is none."""
    import tomlkit

    if not strings:
        return text
    document = tomlkit.parse(text)
    added = [_value(string) for string in strings]
    for place in _places(document, tuple(array)):
        return _inside(document, place.item, added, text)
    return _with(text, array[:-1], {array[-1]: "[" + "".join(f"\n{_INDENT}{item}," for item in added) + "\n]"})


class _Place(NamedTuple):
    """An item of the document; `prefix` is what a key beside it has to begin with ("dependencies.")."""

    item: Item
    prefix: str


def _with(text: str, path: Sequence[str], entries: Mapping[str, str]) -> str:
    import tomlkit
    from tomlkit.items import Table

    if not entries:
        return text
    document = tomlkit.parse(text)
    pairs = [f"{_key(key)} = {value}" for key, value in entries.items()]
    places = list(_places(document, tuple(path)))
    for place in reversed(places):
        if not isinstance(place.item, Table):
            return _inside(document, place.item, pairs, text)
        last = _last(place.item)
        if last is not None or not place.item.is_super_table():
            return _below(document, place, last, pairs, text)
    header = f"[{'.'.join(map(_key, path))}]"
    return _lines_at(text, len(text), ["", header, *pairs] if text.strip() else [header, *pairs])


def _places(container: Container, path: tuple[str, ...], prefix: str = "") -> Iterator[_Place]:
    """Everything that stands under that path: a table may be written in several pieces."""
    from tomlkit.items import Table

    for key, item in container.body:
        if key is None or key.key != path[0]:
            continue
        within = f"{prefix}{key.as_string()}." if key.is_dotted() else ""
        if len(path) == 1:
            yield _Place(item, within)
        elif isinstance(item, Table):
            yield from _places(item.value, path[1:], within)


def _last(table: Table | InlineTable) -> Item | None:
    """The last entry between the table's header and the next one."""
    from tomlkit.items import AoT, Table

    last: Item | None = None
    for key, item in table.value.body:
        if key is None or isinstance(item, AoT):
            continue
        if not isinstance(item, Table):
            last = item
        elif key.is_dotted():
            last = _last(item)
    return last


def _below(document: Container, place: _Place, last: Item | None, pairs: Sequence[str], text: str) -> str:
    trivia = (last or place.item).trivia
    newline, indent = trivia.trail, last.trivia.indent if last else ""
    trivia.trail = _MARK + newline
    offset = _marked(document, text) + len(newline)
    return _lines_at(text, offset, [f"{indent}{place.prefix}{pair}" for pair in pairs])


def _lines_at(text: str, offset: int, lines: Sequence[str]) -> str:
    """The lines inserted; a file that ended without a newline ends without one again."""
    block = "".join(f"{line}\n" for line in lines)
    if offset and text[offset - 1] != "\n":
        block = f"\n{block}"[:-1]
    return text[:offset] + block + text[offset:]


def _inside(document: Container, item: Item, added: Sequence[str], text: str) -> str:
    """Add to an array or inline table between its brackets."""
    length = len(item.as_string())
    item.trivia.comment_ws = _MARK + item.trivia.comment_ws
    end = _marked(document, text)
    return text[: end - length] + _bracketed(text[end - length : end], added) + text[end:]


def _marked(document: Container, text: str) -> int:
    before, found, after = document.as_string().partition(_MARK)
    if not found or before + after != text:
        raise ValueError("the file cannot be edited without changing other parts of it")
    return len(before)


def _bracketed(text: str, added: Sequence[str]) -> str:
    """`text`, which is "[...]" or "{...}", with items added in the form that it has."""
    tokens = [(match[0], match.end()) for match in _TOKEN.finditer(text)][:-1]
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
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)} = {_value(inner)}" for key, inner in value.items()) + "}"
    return "[" + ", ".join(map(_value, value)) + "]"
