"""Environment variables that code outside the settings reads without a default: the settings are not the only code that
needs some.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..source_code.variable_reads import Names, reads
from .loaded_code import parsed

# Each of the libraries and functions that read one has one of these in its import or call.
_TELLING = (b"environ", b"getenv", b"decouple", b"BaseSettings")


def variables(tree: Path, code: Iterable[str]) -> dict[str, dict[str, Any]]:
    """By name, the first place that reads it, and whether the code there fails without it. `code` are the files."""
    found: dict[str, dict[str, Any]] = {}
    for path, module in parsed(tree, code, *_TELLING):
        for read in reads(module, Names()):
            if not read.sets and (read.absent or not read.default):
                found.setdefault(read.name, {"place": f"{path}:{read.line}", "fails": not read.default})
    return found
