"""What stops a run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that stops a run: what was found, what to do, where to read more."""

    code: str
    found: str
    remedy: str
    see: str = ""
