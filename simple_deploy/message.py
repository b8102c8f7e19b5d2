"""A message as data: its code, and what a user reads, with {names} for what differs from run to run."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from string import Formatter

from .model import Problem


class _Words(Formatter):
    """`str.format`, and a few forms more.

    `{paths}` of a list is its items with commas between them. `{names:--option *}` puts each item in the place of the
    asterisk; where that begins with a newline or a blank, no commas stand between them. `{app!w}` is quoted if it has
    to be, `{path!a}` has escapes for what is not ASCII.
    """

    def format_field(self, value: object, format_spec: str) -> str:
        if isinstance(value, str) or not isinstance(value, Iterable):
            return format(value, format_spec)
        pattern = format_spec or "*"
        between = "" if pattern[0] in "\n " else ", "
        return between.join(pattern.replace("*", str(item)) for item in value)

    def convert_field(self, value: object, conversion: str | None) -> object:
        if conversion == "a":
            return ascii(value)[1:-1]
        if conversion == "w":
            return value if re.fullmatch(r"[\w.-]+", str(value)) else f'"{value}"'
        return super().convert_field(value, conversion)


_WORDS = _Words()


@dataclass(frozen=True, kw_only=True, eq=False)
class Message:
    """What stops a run, before it is known of what. Called with its names it makes the Problem."""

    code: str
    found: str
    remedy: str
    see: str = ""

    @property
    def names(self) -> frozenset[str]:
        """What has to be filled in."""
        parsed = (part for text in (self.found, self.remedy, self.see) for part in _WORDS.parse(text))
        return frozenset(name for _, name, *_ in parsed if name)

    def __call__(self, **given: object) -> Problem:
        """The problem. Raises KeyError for a name without a value."""
        found, remedy, see = (_WORDS.vformat(text, (), given) for text in (self.found, self.remedy, self.see))
        return Problem(code=self.code, found=found, remedy=remedy, see=see)
