"""A file that is ours as a whole: text → text with a first line that shows a later run whether it still is."""

from __future__ import annotations

import re
from hashlib import sha256

_LINE = "# Written by simple_deploy (seal {seal}). Later runs update it unless you edit it.\n"
_PATTERN = re.compile(r"# Written by simple_deploy \(seal ([0-9a-f]{10})\)\..*\n")


def sealed(text: str) -> str:
    """The text below the line with its checksum."""
    return _LINE.format(seal=_seal(text)) + text


def is_ours(text: str) -> bool:
    """Whether the text is exactly as a run wrote it, in this version or an earlier one."""
    first = _PATTERN.match(text)
    return first is not None and _seal(text[first.end() :]) == first[1]


def _seal(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:10]
