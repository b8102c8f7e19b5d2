"""Modules that several packages of production install, each with its own content: the last one installed wins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, permutations
from typing import TypedDict

from ..effects import fetching
from ..model import Record
from .packages import Fetched
from .production import Installed


class Contested(TypedDict):
    """A top-level `module`, the file of it that differs, and the packages that install that file."""

    module: str
    file: str
    packages: list[str]


def each(found: Sequence[Contested], fetched: Fetched, installed: Sequence[str], record: Record) -> Iterator[Fetched]:
    """The packages once for each of the two that install a module, as if it were the last one installed; none if more
    than two contest, or one cannot be fetched. `installed` (NAME==VERSION) is what production installs.
    """
    pins = [pin for pin in installed if pin.partition("==")[0] in found[0]["packages"]]
    folders = [folder for pin in pins if (folder := fetching.installed((pin,), record, alone=True))]
    if len(found) == 1 and len(folders) == len(found[0]["packages"]):
        for order in permutations(folders):
            if folder := fetching.overlaid(order):
                yield replace(fetched, before=(folder, *fetched.before))


def contested(here: Installed) -> list[Contested]:
    """As far as production's packages are here. Variants of one package, such as psycopg2-binary, are left out."""
    names = (here.needed or frozenset()) & here.records.keys()
    modules = {name: _modules(here.records[name]) for name in sorted(names)}
    owners: dict[str, list[str]] = {}
    for name, files in modules.items():
        for file in files:
            owners.setdefault(file, []).append(name)
    pairs = dict.fromkeys(pair for several in owners.values() for pair in combinations(several, 2))
    return [one for pair in pairs if (one := _contest(pair, modules))]


def _contest(pair: tuple[str, str], modules: Mapping[str, Mapping[str, str]]) -> Contested | None:
    first, second = (modules[name] for name in pair)
    shared = sorted(first.keys() & second.keys())
    differing = [file for file in shared if first[file] and second[file] and first[file] != second[file]]
    if not differing or 2 * len(shared) > min(len(first), len(second)):
        return None
    file = min(differing, key=lambda one: (one.count("/"), one))
    return Contested(module=file.partition("/")[0].removesuffix(".py"), file=file, packages=list(pair))


def _modules(rows: Iterable[Sequence[str]]) -> dict[str, str]:
    """The Python files of a distribution with their digests."""
    return {row[0]: row[1] for row in rows if len(row) > 1 and row[0].endswith(".py")}
