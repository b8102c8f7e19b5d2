"""Which of the packages installed here production has too, according to their metadata."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution

from packaging.requirements import InvalidRequirement, Requirement

from ..package_managers import canonical, environment

# Every environment has these, or had them until Python 3.12 (venv).
_ALWAYS = {"pip", "wheel"} | ({"setuptools"} if sys.version_info < (3, 12) else set())


@dataclass(frozen=True)
class Installed:
    """The packages of an environment by their PEP 503 names, the rows of their RECORD (path, digest, size), and the
    names of those that production needs. `needed` is None if a package that the project declares is not there.
    """

    found: Mapping[str, Distribution]
    records: Mapping[str, Sequence[Sequence[str]]]
    needed: frozenset[str] | None


def installed(declared: Mapping[str, Sequence[str]], path: list[str]) -> Installed:
    """What is installed on `path`; `declared` are packages with their extras.

    This reads the metadata of every package.
    """
    found = environment.found(path)
    records = {name: environment.record(one) for name, one in found.items()}
    return Installed(found, records, _reached(declared, found))


def withheld(here: Installed) -> dict[str, str] | None:
    """Top-level modules that are here and not in production, each with its package; None if that is unknown."""
    if here.needed is None:
        return None
    brought: dict[str, set[str]] = {}
    for name, rows in here.records.items():
        for top in environment.top_levels(rows):
            brought.setdefault(top, set()).add(name)
    has = here.needed | _ALWAYS | {name for name, one in here.found.items() if one.read_text("direct_url.json")}
    # setuptools brings this one by a finder of modules.
    brought |= {"distutils": {"setuptools"}} if "setuptools" in here.found and sys.version_info >= (3, 12) else {}
    return {top: min(names) for top, names in brought.items() if not names & has}


def _reached(declared: Mapping[str, Sequence[str]], found: Mapping[str, Distribution]) -> frozenset[str] | None:
    """The packages that these need, including themselves; None if one that is `declared` is not `found`."""
    waiting = [(name, frozenset(extras)) for name, extras in declared.items()]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        name, extras = waiting.pop()
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        if name in found:
            waiting += _needed(found[name], extras)
        elif name in declared:
            return None
    return frozenset(name for name, _ in seen)


def _needed(one: Distribution, extras: frozenset[str]) -> Iterable[tuple[str, frozenset[str]]]:
    chosen = ["", *extras]
    for text in one.requires or ():
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            continue
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in chosen):
            yield canonical(requirement.name), frozenset(requirement.extras)
