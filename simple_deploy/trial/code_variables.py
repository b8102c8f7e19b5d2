"""Environment variables that code outside the settings reads without a default: the settings are not the only code that
needs some.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ..source_code.variable_reads import Names, reads

# Each of the libraries and functions that read one has one of these in its import or call.
_TELLING = (b"environ", b"getenv", b"decouple", b"BaseSettings")


def variables(tree: Path, code: Iterable[str]) -> dict[str, dict[str, Any]]:
    """By name, the first place that reads it, and whether the code there fails without it. `code` are the files."""
    found: dict[str, dict[str, Any]] = {}
    for path in code:
        for parsed in _parsed(tree / path):
            for read in reads(parsed, Names()):
                if not read.sets and (read.absent or not read.default):
                    found.setdefault(read.name, {"place": f"{path}:{read.line}", "fails": not read.default})
    return found


def _parsed(path: Path) -> Iterator[ast.Module]:
    """The syntax tree, if the file may read a variable."""
    try:
        text = path.read_bytes()
        if any(one in text for one in _TELLING):
            yield ast.parse(text)
    except (OSError, SyntaxError, ValueError):
        return
