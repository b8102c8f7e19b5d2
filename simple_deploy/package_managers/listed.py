"""Requirements that a requirements.txt has from a file where no platform looks, between two lines that name it.

The first line has a checksum, so that a later run replaces only what an earlier one wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ..text.sealed_file import checksum

_FIRST = "# >>> From {source} (simple_deploy, {seal}). Change packages there, and run simple_deploy again. >>>\n"
_LAST = "# <<< From {source} <<<\n"
_BLOCK = re.compile(
    r"# >>> From (?P<source>.+) \(simple_deploy, (?P<seal>[0-9a-f]{10})\)\..*\n"
    r"(?P<lines>(?:(?!# ).*\n)*)"
    r"# <<< From (?P=source) <<<\n"
)


@dataclass(frozen=True, kw_only=True)
class Listed:
    """The lines of such a block, and whether they are as a run wrote them."""

    source: str
    lines: tuple[str, ...]
    unchanged: bool


def block(source: str, lines: Iterable[str]) -> str:
    """The lines of a new requirements.txt; without a `source`, the lines alone."""
    text = "".join(f"{line}\n" for line in lines)
    if not source:
        return text
    return _FIRST.format(source=source, seal=checksum(text)) + text + _LAST.format(source=source)


def find(text: str) -> Listed | None:
    """The block in a requirements.txt, if it has one."""
    found = _BLOCK.search(text.replace("\r\n", "\n"))
    if found is None:
        return None
    lines = found["lines"]
    return Listed(source=found["source"], lines=tuple(lines.splitlines()), unchanged=checksum(lines) == found["seal"])


def renewed(text: str, source: str, lines: Iterable[str]) -> str:
    """The text of a requirements.txt with these lines in its block."""
    new = block(source, lines)
    return _BLOCK.sub(lambda _: new, text, count=1)
