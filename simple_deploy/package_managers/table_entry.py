"""A package as an entry of a TOML table, as Poetry and Pipenv write it: `psycopg = {extras = [...], ...}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .names import canonical


def of(requirement: str) -> tuple[str, str | dict[str, Any]]:
    """A requirement (PEP 508) as a key and its value."""
    from packaging.requirements import Requirement

    parsed = Requirement(requirement)
    version = str(parsed.specifier) or "*"
    more: dict[str, Any] = {"extras": sorted(parsed.extras)} if parsed.extras else {}
    if parsed.marker:
        more["markers"] = str(parsed.marker)
    return parsed.name, {**more, "version": version} if more else version


def extras(table: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """PEP 503 name -> the extras of its entries, for packages that have any."""
    entries = {canonical(name): entry if isinstance(entry, list) else [entry] for name, entry in table.items()}
    found = {
        name: sorted({extra for one in several if isinstance(one, Mapping) for extra in one.get("extras", ())})
        for name, several in entries.items()
    }
    return {name: tuple(extras) for name, extras in found.items() if extras}


def holds(marker: str) -> bool:
    """Whether an environment marker (PEP 508) is true in production."""
    from .requirement import parse

    return parse(f"x; {marker}") is not None
