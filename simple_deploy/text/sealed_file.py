"""Text that is ours, with a checksum that shows a later run whether it still is; as a whole file, in its first line."""

from __future__ import annotations

import re
from hashlib import sha256

_LINE = "# Written by simple_deploy (seal {seal}). Later runs update it unless you edit it.\n"
_PATTERN = re.compile(r"# Written by simple_deploy \(seal ([0-9a-f]{10})\)\..*\n")


def sealed(text: str) -> str:
    """The text below the line with its checksum."""
    return _LINE.format(seal=checksum(text)) + text


def is_ours(text: str) -> bool:
    """Whether the text is exactly as a run wrote it, in this version or an earlier one."""
    first = _PATTERN.match(text)
    return first is not None and checksum(text[first.end() :]) == first[1]


def checksum(text: str) -> str:
    """A short checksum, which shows whether the text has been edited."""
    return sha256(text.encode()).hexdigest()[:10]
