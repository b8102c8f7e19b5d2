"""Where something is in a TOML document: in which section, and at which offset of it.

A section is parsed separately, because tomlkit 0.15, when it writes a whole document back, moves an array of tables
that is between tables with the same prefix.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tomlkit.container import Container
    from tomlkit.items import Item

# A string, a comment, or one character of anything else.
TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?!")' + r"|'''.*?'''(?!')" + r'|"(?:\\.|[^"\\])*"' + r"|'[^']*'|#[^\n]*|\S",
    re.DOTALL,
)
# TOML does not allow it in a document.
_MARK = "\0"


class Section(NamedTuple):
    """One header and the text below it, or the text above the first one."""

    start: int
    end: int


class Place(NamedTuple):
    """An item of a section; `prefix` is what a key next to it must begin with ("dependencies.")."""

    section: Section
    text: str
    document: Container
    item: Item
    prefix: str

    def replaced(self, text: str, part: str) -> str:
        """The whole document with a different text in place of the section."""
        return text[: self.section.start] + part + text[self.section.end :]

    def below(self, last: Item | None) -> int:
        """The offset, in the section, of the line after the last entry; without one, of that after the header."""
        # Not `last or`: an item with the value false is false.
        trivia = (self.item if last is None else last).trivia
        newline = trivia.trail
        trivia.trail = _MARK + newline
        return self._marked() + len(newline)

    def span(self) -> tuple[int, int]:
        """The offsets, in the section, of an array or inline table: of its first bracket and after its last."""
        length = len(self.item.as_string())
        # An inline table exposes the comments of its items, but not what comes before them.
        trivia = self.item.trivia
        trivia.comment_ws, trivia.comment = "", trivia.comment_ws + _MARK + trivia.comment
        end = self._marked() - len(trivia.comment.partition(_MARK)[0])
        return end - length, end

    def _marked(self) -> int:
        before, found, after = self.document.as_string().partition(_MARK)
        if not found or before + after != self.text:
            raise ValueError("it cannot be edited without changing unrelated parts")
        return len(before)


def places(text: str, path: tuple[str, ...]) -> Iterator[Place]:
    """Every place with that path: a table may be written in several pieces."""
    import tomlkit

    for section in sections(text):
        part = text[section.start : section.end]
        document = tomlkit.parse(part)
        for item, prefix in _items(document, path):
            yield Place(section, part, document, item, prefix)


def top(text: str) -> int:
    """The offset of the line after the last entry above all headers; where there is none, that of the first header."""
    import tomlkit

    section = next(sections(text))
    part = text[section.start : section.end]
    document = tomlkit.parse(part)
    last = last_entry(document)
    return section.end if last is None else Place(section, part, document, last, "").below(last)


def sections(text: str) -> Iterator[Section]:
    """The text split before every header."""
    starts, depth = [0], 0
    for match in TOKEN.finditer(text):
        line = text.rfind("\n", 0, match.start()) + 1
        if match[0] == "[" and not depth and not text[line : match.start()].strip():
            starts.append(line)
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(match[0], 0)
    return map(Section, starts, [*starts[1:], len(text)])


def _items(container: Container, path: tuple[str, ...], prefix: str = "") -> Iterator[tuple[Item, str]]:
    from tomlkit.items import InlineTable, Table

    for key, item in container.body:
        if key is None or key.key != path[0]:
            continue
        within = f"{prefix}{key.as_string()}." if key.is_dotted() else ""
        if len(path) == 1:
            yield item, within
        elif isinstance(item, Table | InlineTable):
            yield from _items(item.value, path[1:], within)


def last_entry(container: Container) -> Item | None:
    """The last entry between a table's header and the next one."""
    from tomlkit.items import AoT, Table

    last: Item | None = None
    for key, item in container.body:
        if key is None or isinstance(item, AoT):
            continue
        if not isinstance(item, Table):
            last = item
        elif key.is_dotted():
            last = last_entry(item.value)
    return last
