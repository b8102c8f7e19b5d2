"""What differs in a `pnpm-lock.yaml`: unless it repeats the ranges of package.json, a frozen installation stops."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ...model import Record
from .package_json import FILE, ranges

INSTALL = re.compile(r"npx --yes pnpm@\S+ install --frozen-lockfile")
FILES = (FILE,)
LOCKS = ("pnpm-lock.yaml",)
UPDATE = "pnpm install"
# Of pnpm 9 and newer. The importer "." is the package.json beside the lock.
_OWN = re.compile(r"^lockfileVersion: '9\.0'\n.*^importers:\n\n  \.:\n(?P<own>.*?)^(?=\S)", re.MULTILINE | re.DOTALL)
_ENTRY = re.compile(r"^ {6}'?(?P<name>[^\s':]+)'?:\n {8}specifier: '?(?P<range>[^\n']*)'?$", re.MULTILINE)
_OTHER_IMPORTER = re.compile(r"^  \S", re.MULTILINE)
_REPLACED = re.compile(r"^(overrides|catalogs):", re.MULTILINE)


@contextmanager
def comparing(place: Path, lock: str, record: Record) -> Iterator[Callable[[], list[str]]]:
    """A function that returns the differences."""
    text = (place / lock).read_text(encoding="utf-8")
    found = _OWN.search(text)
    own = found["own"] if found else ""
    locked = {one["name"]: one["range"] for one in _ENTRY.finditer(own)}
    unclear = not found or _OTHER_IMPORTER.search(own) or _REPLACED.search(text)
    differing = {name: said for name, said in ranges(place).items() if locked.get(name) != said and not unclear}
    yield lambda: [f"{name}: {said}, in the lock {locked.get(name, 'nothing')}" for name, said in differing.items()]
