"""A package as an entry of a TOML table, as Poetry and Pipenv write it: `psycopg = {extras = [...], ...}`."""

from __future__ import annotations

from typing import Any


def of(requirement: str) -> tuple[str, str | dict[str, Any]]:
    """A requirement (PEP 508) as a key and its value."""
    from packaging.requirements import Requirement

    parsed = Requirement(requirement)
    version = str(parsed.specifier) or "*"
    more: dict[str, Any] = {"extras": sorted(parsed.extras)} if parsed.extras else {}
    if parsed.marker:
        more["markers"] = str(parsed.marker)
    return parsed.name, {**more, "version": version} if more else version


def holds(marker: str) -> bool:
    """Whether an environment marker (PEP 508) is true in production."""
    from .requirement import parse

    return parse(f"x; {marker}") is not None
