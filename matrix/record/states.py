"""The state of each platform, from its facts: docs/deprecation.md has the rules."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from simple_deploy.contract.facts import Fact, facts

from .facts import is_old
from .provenance import REPOSITORY

ACTIVE = "active"


def state(known: dict[str, Fact], today: date) -> tuple[str, str]:
    """The state, and the reason with its date and source; without a reason, ("active", "")."""
    declared = known.get("state")
    if declared:
        name, _, reason = str(declared.value).partition(": ")
        return name, f"{reason} ({declared.looked_up}, <{declared.source}>)"
    old = sorted(name for name, fact in known.items() if is_old(fact, today))
    if old:
        return "at risk", f"not looked up for more than a year: {', '.join(old)}"
    return ACTIVE, ""


def rows(platforms: dict[str, str], day: str) -> list[list[str]]:
    """A row for each platform: its name, state and reason."""
    folder = Path(REPOSITORY, "simple_deploy", "platforms")
    return [[name, *state(facts(folder / one), date.fromisoformat(day))] for one, name in platforms.items()]
