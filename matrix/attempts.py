"""A cell that fails is run again: if it passes then, it is flaky."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .record import results
from .record.results import CellResult


def until_it_passes(
    once: Callable[[], CellResult], folder: Path, *, retries: int, passed_counts: bool = True
) -> tuple[CellResult, Path | None]:
    """The last result, and its file. A local half that has passed is no result yet: it has only been sent."""
    for _ in range(retries + 1):
        result = once()
        saved = results.save(result, folder) if passed_counts or result.status != "pass" else None
        if result.status != "fail":
            break
    return result, saved
