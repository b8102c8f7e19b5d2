"""What the support page is published for: a date, a commit, and the sources of every kind of cell.

It is a file next to the record, so that the page is the same whenever it is computed. Publishing writes it again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

from . import provenance
from .results import CellResult

FILE = provenance.REPOSITORY / "matrix" / "published.json"
LONGEST = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Published:
    """The date, the commit, and the hash of the sources of each kind of cell at that commit."""

    day: str
    commit: str
    sources: Mapping[str, str]

    def stale(self, result: CellResult) -> str:
        """Why a result is not evidence for what is published; empty if it is."""
        if self.sources.get(kind(result)) != result.sources:
            return "other sources"
        if self.is_old(result.when):
            return f"more than {LONGEST.days} days old"
        return ""

    def is_old(self, when: str) -> bool:
        """Whether it is too long before this date."""
        return date.fromisoformat(self.day) - date.fromisoformat(when[:10]) > LONGEST


def kind(result: CellResult) -> str:
    """The name of a result's sources."""
    in_halves = " in halves" if result.conditions else ""
    return f"{result.cell.platform} {result.cell.package_manager} {result.evidence}{in_halves}"


def digests(results: Iterable[CellResult], digest: Callable[..., str]) -> dict[str, str]:
    """The hash, from `digest`, of the sources of every kind of result."""
    kinds = {kind(result): result for result in results}
    return {
        name: digest(
            one.cell.platform, one.evidence, package_manager=one.cell.package_manager, halves=bool(one.conditions)
        )
        for name, one in sorted(kinds.items())
    }


def current(results: Iterable[CellResult], digest: Callable[..., str], *, day: str = "") -> Published:
    """What is checked out, as published on that date (default: today)."""
    return Published(day=day or provenance.now()[:10], commit=provenance.commit(), sources=digests(results, digest))


def load(path: Path = FILE) -> Published:
    """What was published last; raises ValueError, KeyError or TypeError for a file with other content."""
    return Published(**json.loads(path.read_text(encoding="utf-8")))


def save(published: Published, path: Path = FILE) -> None:
    """Write it."""
    path.write_text(json.dumps(asdict(published), indent=2) + "\n", encoding="utf-8", newline="\n")
