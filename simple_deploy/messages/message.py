"""A message as data: its code and text, with {names} for what differs from run to run."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from string import Formatter

from ..model import Problem


class _Words(Formatter):
    """`str.format` with a few more forms.

    `{paths}` of a list is its items separated by commas. `{names:--option *}` puts each item in place of the asterisk;
    if the format begins with a newline or a space, there are no commas. `{app!w}` is quoted if necessary, `{path!a}`
    escapes non-ASCII characters.
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
    """A message with placeholders. Calling it with their values returns the Problem."""

    code: str
    found: str
    remedy: str
    see: str = ""

    @property
    def names(self) -> frozenset[str]:
        """The placeholders to be filled in."""
        parsed = (part for text in (self.found, self.remedy, self.see) for part in _WORDS.parse(text))
        return frozenset(name for _, name, *_ in parsed if name)

    def __call__(self, **given: object) -> Problem:
        """Return the problem. Raises KeyError for a name without a value."""
        found, remedy, see = (_WORDS.vformat(text, (), given) for text in (self.found, self.remedy, self.see))
        return Problem(code=self.code, found=found, remedy=remedy, see=see)
