"""What may be shown: text without secrets, and without characters that control a terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any
from urllib.parse import quote

from ..model import MASK, Secret
from .telling import named

_CREDENTIALS = re.compile(r"(?P<before>\b[a-z][a-z0-9+.-]*://)[^\s/?#]+@", re.IGNORECASE)
# Sequences that move the cursor, colour text, set a title or the clipboard, or ring the bell.
CONTROL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|[\x00-\x1f\x7f-\x9f]")
_SILENT = re.compile(CONTROL.pattern.replace(r"\x00-\x1f", r"\x00-\x08\x0b-\x1f"))
# C0, C1, line separators, and characters that change the text direction: a name may look like another one.
_OBEYED = re.compile("(?!\r\n)[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """The text with each control character escaped: \x1b."""
    return _OBEYED.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


class Redactor:
    """Masks secrets in text: known values, and credentials in the address of a service."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._values: set[str] = set()
        self.learn(secrets)

    def learn(self, secrets: Iterable[Secret]) -> None:
        """Mask these as well from now on."""
        self._values.update(form for secret in secrets for form in _forms(secret.reveal()))
        self.__dict__.pop("_pattern", None)

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        # The longest first: one secret may begin with another.
        values = sorted(self._values, key=lambda value: (-len(value), value))
        return re.compile("|".join(map(_bounded, values))) if values else None

    def masked(self, text: str) -> str:
        """The text with every secret masked, and every other character as it is."""
        if self._pattern:
            text = self._pattern.sub(MASK, text)
        return _CREDENTIALS.sub(rf"\g<before>{MASK}@", text)

    def __call__(self, text: str) -> str:
        """The text as it may be shown."""
        return visible(self.masked(text))

    def output(self, text: str) -> str:
        """The output of another program, as it may be shown: without colours and other control characters, and without
        values that only their names reveal as secrets.
        """
        return self(named(self.masked(_SILENT.sub("", text))))


def in_strings(value: Any, change: Callable[[str], str]) -> Any:
    """Data for programs with every string in it changed."""
    if isinstance(value, dict):
        return {key: in_strings(part, change) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [in_strings(part, change) for part in value]
    return change(value) if isinstance(value, str) else value


def _forms(value: str) -> Iterator[str]:
    """The value as it appears in text, in an address, in JSON and in Python."""
    if value:
        yield from (value, quote(value, safe=""), json.dumps(value)[1:-1], repr(value)[1:-1])


def _bounded(value: str) -> str:
    """A short value is masked only as a whole word: it may be part of others."""
    if len(value) >= 12:
        return re.escape(value)
    return rf"(?<!\w){re.escape(value)}(?!\w)"
