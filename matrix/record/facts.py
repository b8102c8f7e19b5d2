"""The facts of every platform and every emulator: all of them for review, and those that are too old to rely on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from simple_deploy.contract.facts import FILE, Fact, facts

from .provenance import REPOSITORY

FOLDERS = ("simple_deploy/platforms", "matrix/emulators", "plugins/*")
LONGEST = timedelta(days=365)


def every_fact(root: Path = REPOSITORY) -> Iterator[tuple[str, str, Fact]]:
    """The file, the name and the fact."""
    for folder in FOLDERS:
        for path in sorted(root.glob(f"{folder}/*/{FILE}")):
            for name, fact in facts(path.parent).items():
                yield path.relative_to(root).as_posix(), name, fact


def listing(today: date, root: Path = REPOSITORY) -> Iterator[str]:
    """One paragraph for each fact, the oldest look-up first."""
    for path, name, fact in sorted(every_fact(root), key=lambda found: found[2].looked_up):
        value = fact.value if isinstance(fact.value, str) else ", ".join(map(str, _values(fact.value)))
        mark = "  <- look it up again" if is_old(fact, today) else ""
        yield f"{fact.looked_up}  {path}: {name}{mark}\n            {value}\n            {fact.source}"


def _values(value: object) -> list[object]:
    return list(value.values()) if isinstance(value, dict) else list(value) if isinstance(value, list) else [value]


def is_old(fact: Fact, today: date) -> bool:
    """Whether it was looked up more than a year ago."""
    return today - fact.looked_up > LONGEST
