"""The one value from which both formats are rendered: a page of sections, a section of blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Literal, TypeVar

from ..contract import Link
from ..masking.redact import Redactor

# Code between backticks (as many as it needs), or a bare address without the sentence's punctuation.
_SPAN = re.compile(r"(?P<fence>`+) ?(?P<code>.+?) ?(?P=fence)(?!`)|(?P<link>https://[^\s<>`]*[^\s<>`.,;:!?)])")
_Value = TypeVar("_Value")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Commands:
    """Lines for a shell, ready to paste; `label` describes their purpose."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Items:
    """A list; the items of a checklist can be ticked off."""

    items: tuple[str, ...]
    checklist: bool = False


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Diff:
    """The unified diff of one file."""

    path: str
    text: str


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Links:
    """Pages elsewhere, each with the reason to read it."""

    links: tuple[Link, ...]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Section:
    """A heading and its content, including smaller sections. `id` is its anchor on the page."""

    id: str
    title: str
    blocks: tuple[Text | Commands | Items | Diff | Links | Section, ...]


Block = Text | Commands | Items | Diff | Links | Section


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Page:
    """A page: its title, an introductory sentence, and its sections."""

    title: str
    lead: str
    sections: tuple[Section, ...]


def code(text: str) -> str:
    """Literal text, fenced for `spans`."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {text} {fence}" if longest else f"`{text}`"


def spans(text: str) -> Iterator[tuple[Literal["text", "code", "link"], str]]:
    """The parts of a sentence in their order."""
    end = 0
    for match in _SPAN.finditer(text):
        if match.start() > end:
            yield "text", text[end : match.start()]
        yield ("code", match["code"]) if match["code"] else ("link", match["link"])
        end = match.end()
    if end < len(text):
        yield "text", text[end:]


def redacted(value: _Value, redact: Redactor) -> _Value:
    """The same value with every string in it passed through `redact`."""
    changed: Any = value
    if isinstance(value, str):
        changed = redact(value)
    elif isinstance(value, tuple):
        changed = tuple(redacted(part, redact) for part in value)
    elif is_dataclass(value) and not isinstance(value, type):
        parts = {field.name: redacted(getattr(value, field.name), redact) for field in fields(value)}
        changed = replace(value, **parts)
    return changed  # type: ignore[no-any-return]
