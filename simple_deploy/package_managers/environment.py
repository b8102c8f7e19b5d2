"""The packages of an environment, by their own metadata."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import Distribution, distributions

from .names import canonical


def found(path: Sequence[str]) -> Mapping[str, Distribution]:
    """PEP 503 name → what Python finds on `path`: of several versions, the first."""
    packages: dict[str, Distribution] = {}
    for one in distributions(path=list(path)):
        if name := one.metadata["Name"]:
            packages.setdefault(canonical(name), one)
    return packages


def record(one: Distribution) -> list[list[str]]:
    """The rows of RECORD (path, digest, size). `Distribution.files` asks the disk for each file, since Python 3.12."""
    text = one.read_text("RECORD")
    if text is None:
        return [[str(file)] for file in one.files or ()]
    return [row for row in csv.reader(text.splitlines()) if row]


def top_levels(rows: Iterable[Sequence[str]]) -> set[str]:
    """The modules and packages that a distribution installs."""
    return {top for row in rows if (top := _top_level(row[0]))}


def pins(modules: Iterable[str], path: Sequence[str]) -> Iterator[str]:
    """The requirement (NAME==VERSION) of each package that brings one of these top-level modules.

    A package from elsewhere than an index has none: its version would be of something else there.
    """
    wanted = set(modules)
    for _, one in sorted(found(path).items()):
        if wanted & top_levels(record(one)) and not one.read_text("direct_url.json"):
            yield f"{one.metadata['Name']}=={one.version}"


def _top_level(file: str) -> str:
    # Not with pathlib: an environment has ten thousand files.
    if not file.endswith((".py", ".so", ".pyd")):
        return ""
    first, nested, _ = file.removeprefix("./").partition("/")
    if not nested:
        return first.partition(".")[0]
    return first if first.isidentifier() else ""
