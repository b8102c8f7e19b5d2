"""TOML: the keys and tables of one document added to another, with the comments above them; nothing else changes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from .text_file import ClosedFile
from .toml_file import loads, with_lines
from .toml_places import sections

_HEADER = re.compile(r"\s*\[+([\w.-]+)\]+")
_KEY = re.compile(r"\s*([\w-]+)\s*=")


def merged_toml(text: str, wanted: str, without: Collection[str] = ()) -> str:
    """`text` with the keys and tables of `wanted` that it lacks, except for the tables named in `without`.

    `wanted` is a document of ours, with one line for each key. Raises ClosedFile if `text` has a form that cannot be
    extended, ValueError if it is not TOML.
    """
    present = loads(text.encode())
    ours = {name: value for name, value in loads(wanted.encode()).items() if name not in without}
    result = text
    for path, block in _blocks(wanted):
        there = _at(present, path)
        if path[:1] and path[0] in without:
            continue
        if there is None:
            result = _appended(result, block)
        elif isinstance(there, dict):
            result = with_lines(result, path, _missing(block, there))
    try:
        if loads(result.encode()) == _sum(present, ours):
            return result
    except ValueError:
        pass
    raise ClosedFile("the missing keys cannot be inserted without changing unrelated parts")


def toml_head(text: str) -> str:
    """The text above the first header."""
    return text[: next(sections(text)).end]


def _blocks(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """The text above the first header, and each table, by its path."""
    for section in sections(text):
        block = text[section.start : section.end]
        header = _HEADER.match(block)
        yield tuple(header[1].split(".")) if header else (), block


def _at(document: Any, path: tuple[str, ...]) -> Any:
    """The value at that path; a list of tables counts for everything below it."""
    for name in path:
        if not isinstance(document, dict):
            break
        document = document.get(name)
    return document


def _appended(text: str, block: str) -> str:
    ended = text if not text or text.endswith("\n") else f"{text}\n"
    # There is an empty line before each header.
    above = "\n" if ended.strip() and not ended.endswith("\n\n") else ""
    return f"{ended}{above}{block.rstrip()}\n"


def _missing(block: str, there: dict[str, Any]) -> list[str]:
    """The lines of the missing keys, each with the comments above it."""
    lines: list[str] = []
    comments: list[str] = []
    for line in block.splitlines():
        key = _KEY.match(line)
        if key and key[1] not in there:
            lines += [*comments, line]
        comments = [*comments, line] if line.lstrip().startswith("#") else []
    return lines


def _sum(mine: Any, ours: Any) -> Any:
    if not isinstance(mine, dict) or not isinstance(ours, dict):
        return mine
    return {**ours, **{key: _sum(value, ours.get(key)) for key, value in mine.items()}}
