"""What a package.json asks for, as far as it is the same to every package manager."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FILE = "package.json"
_TABLES = ("dependencies", "devDependencies")
_DECIDING = frozenset({"workspaces", "resolutions", "overrides", "pnpm"})
# Ranges of versions, and no addresses, folders or tags.
_RANGE = re.compile(r"[~^<>=]*\d[\w.+-]*")


def read(path: Path) -> dict[str, Any]:
    """The JSON object in a file; empty if there is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def asked(document: Mapping[str, Any]) -> dict[str, str]:
    """Package → its range of versions."""
    tables = [document.get(name) for name in _TABLES]
    return {name: str(said) for table in tables if isinstance(table, dict) for name, said in table.items()}


def ranges(place: Path) -> dict[str, str]:
    """The same, without what is no range, or is in several tables; empty if more than that decides, as `overrides`."""
    document = read(place / FILE)
    if not _DECIDING.isdisjoint(document):
        return {}
    several = [name for table in (*_TABLES, "optionalDependencies") for name in document.get(table) or ()]
    found = asked(document).items()
    return {name: said for name, said in found if _RANGE.fullmatch(said) and several.count(name) == 1}
