"""The files of the project's code that the trial has loaded, as syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path


def parsed(tree: Path, code: Iterable[str], *having: bytes) -> Iterator[tuple[str, ast.Module]]:
    """Those of the files `code` that have one of these texts, each with its path."""
    for path in code:
        try:
            text = (tree / path).read_bytes()
            if any(one in text for one in having):
                yield path, ast.parse(text)
        except (OSError, SyntaxError, ValueError):
            continue
