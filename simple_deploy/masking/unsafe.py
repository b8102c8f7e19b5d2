"""Values of a site's variables → what is unsafe about them in production. Nothing here shows a value."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping

from ..model import Secret

# Values of DEBUG that the settings block treats as "on", in lower case.
ON = ("1", "true", "yes", "on")
# Values with which projects turn DEBUG off, in lower case.
_OFF = frozenset({"0", "f", "false", "n", "no", "off"})
# Django's own prefix of generated keys (django-admin startproject), and common example values.
_WELL_KNOWN = re.compile(
    r"insecure|change.?(me|this)|your.?(own.?)?secret|secret.?key|placeholder|replace.?(me|this)|example|build.?only",
    re.IGNORECASE,
)
# A key of 50 random characters, as Django generates it, has about 280 bits.
_LEAST_BITS = 100
_LEAST_CHARACTERS = 10


def unsafe(values: Mapping[str, str], committed: Iterable[Secret]) -> dict[str, str]:
    """The variables whose value is unsafe, each with the reason. `committed` are secrets that the settings contain."""
    found = {}
    if turns_on(values.get("DEBUG", "")):
        found["DEBUG"] = "it is on, so visitors can see code and settings"
    if "SECRET_KEY" in values:
        reason = _weakness(values["SECRET_KEY"], committed)
        found |= {"SECRET_KEY": reason} if reason else {}
    return found


def turns_on(value: str) -> bool:
    """Whether the settings block turns DEBUG on for this value of its variable."""
    return value.strip().lower() in ON


def turns_off(value: str) -> bool:
    """Whether a project turns DEBUG off for this value of its variable."""
    return value.strip().lower() in _OFF


def _weakness(key: str, committed: Iterable[Secret]) -> str:
    different = len(set(key))
    if any(key == secret.reveal() for secret in committed):
        return "it is the same as in your settings file"
    if _WELL_KNOWN.search(key):
        return "it is a well-known placeholder"
    if different < _LEAST_CHARACTERS or len(key) * math.log2(different) < _LEAST_BITS:
        return "it is short or easy to guess"
    return ""
