"""What a vendor can change at any time: prices, versions, regions, plans. One file for each platform, in its folder."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

FILE = "facts.json"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Fact:
    """One value, the date it was looked up, and the source."""

    value: Any
    looked_up: date
    source: str

    def lacks_newer(self, version: str) -> bool:
        """Whether this list of versions ("3.14") ends before that version, so that it cannot be used to judge it."""
        return bool(re.fullmatch(r"\d+(\.\d+)*", version)) and _order(version) > max(map(_order, self.value))


def _order(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def oldest_year(known: Mapping[str, Fact]) -> int:
    """The year that is shown for all of them."""
    return min(fact.looked_up.year for fact in known.values())


def newer_python(fact: Fact, platform: str, version: str) -> str:
    """A note on a Python version that is newer than the list."""
    return (
        f"simple_deploy cannot tell whether {platform} supports Python {version}: its data, from {fact.looked_up}, "
        f"ends at Python {fact.value[-1]}. See {fact.source}"
    )


@cache  # several modules of a platform read the same file
def facts(folder: Path) -> dict[str, Fact]:
    """The facts of the platform in this folder, by name. Empty if it has no file."""
    path = folder / FILE
    if not path.is_file():
        return {}
    stored = json.loads(path.read_text(encoding="utf-8"))
    return {
        name: Fact(value=entry["value"], looked_up=date.fromisoformat(entry["looked_up"]), source=entry["source"])
        for name, entry in stored.items()
    }
