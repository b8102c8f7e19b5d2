"""The lines that `git grep -z` found."""

from __future__ import annotations

from collections.abc import Iterator


def code_in(lines: str) -> Iterator[tuple[str, str]]:
    """Each line of code after its file, without comments."""
    for line in lines.splitlines():
        path, _, text = line.partition("\0")
        if not text.lstrip().startswith("#"):
            yield path, text
