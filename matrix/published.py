"""What the support page is published for: a day, a commit, and the sources of every kind of cell.

It is a file beside the record, so that the page is the same whenever it is computed. Whoever publishes writes it again.
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
    """The day, the commit, and the hash of the sources that each kind of cell has there."""

    day: str
    commit: str
    sources: Mapping[str, str]

    def stale(self, result: CellResult) -> str:
        """Why a result is no evidence for what is published; empty if it is."""
        if self.sources.get(kind(result)) != result.sources:
            return "other sources"
        if self.is_old(result.when):
            return f"more than {LONGEST.days} days old"
        return ""

    def is_old(self, when: str) -> bool:
        """Whether something was seen too long before this day."""
        return date.fromisoformat(self.day) - date.fromisoformat(when[:10]) > LONGEST


def kind(result: CellResult) -> str:
    """The name of the sources that a result has."""
    return f"{result.cell.platform} {result.evidence}{' in halves' if result.conditions else ''}"


def digests(results: Iterable[CellResult], digest: Callable[..., str]) -> dict[str, str]:
    """The hash that `digest` makes of the sources of every kind of result."""
    kinds = {kind(result): result for result in results}
    return {
        name: digest(one.cell.platform, one.evidence, halves=bool(one.conditions))
        for name, one in sorted(kinds.items())
    }


def current(results: Iterable[CellResult], digest: Callable[..., str], *, day: str = "") -> Published:
    """What is checked out, as it is published on that day (default: today)."""
    return Published(day=day or provenance.now()[:10], commit=provenance.commit(), sources=digests(results, digest))


def load(path: Path = FILE) -> Published:
    """What was published last; raises ValueError, KeyError or TypeError for a file that says something else."""
    return Published(**json.loads(path.read_text(encoding="utf-8")))


def save(published: Published, path: Path = FILE) -> None:
    """Write it."""
    path.write_text(json.dumps(asdict(published), indent=2) + "\n", encoding="utf-8", newline="\n")
