"""Packages that production installs in another version than this environment has."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, packages_distributions, version

from packaging.version import InvalidVersion, Version

from ..contract import Site
from ..effects import fetching
from ..messages import errors
from ..model import Problem, Record
from ..package_managers import canonical
from .packages import SERVERS, Fetched, is_installed, named
from .resolution import Resolution

# A trial does not download more bytes than this.
_MOST = 200_000_000
_NAMED = 5


@dataclass(frozen=True)
class Other:
    """A package whose version in production is not the one here."""

    name: str
    here: Version
    wanted: Version

    def __str__(self) -> str:
        return f"{self.name} {self.wanted} (here {self.here})"

    @property
    def is_of_another_series(self) -> bool:
        """Whether the parts differ that a package increases for changes that break others."""
        return _series(self.here) != _series(self.wanted)


def others(pins: Iterable[str]) -> Iterator[Other]:
    """Those of `pins` (NAME==VERSION, what production installs) that are here in another version."""
    for pin in pins:
        name, _, wanted = pin.partition("==")
        try:
            one = Other(name, Version(version(name)), Version(wanted))
        except (PackageNotFoundError, InvalidVersion):
            continue
        if one.here != one.wanted:
            yield one


def fetch(found: Resolution, site: Site, record: Record, *, fetches: bool) -> Fetched | None:
    """Production's packages, as far as this environment has others or none; None if nothing here has another version,
    or they cannot be had.

    Another Python may get other versions. A package without a wheel would have to be built, so it stays as it is here.
    """
    wheels = [pin for pin in found.installed if pin not in found.sources]
    differing = {f"{one.name}=={one.wanted}" for one in others(wheels)}
    if not differing or site.recipe.python.series != sys.version_info[:2]:
        return None
    wanted = [pin for pin in wheels if pin in differing or (not is_installed(named(pin)) and named(pin) not in SERVERS)]
    if sum(size for pin, size in found.large if pin in wanted) > _MOST:
        return None
    folder = fetching.installed(wanted, record, fetches=fetches, alone=True)
    absent = tuple(name for name in map(named, found.sources) if not is_installed(name))
    return Fetched(before=(folder,), absent=absent) if folder else None


def failing(found: Resolution, site: Site, failure: Problem, module: str) -> Problem:
    """The problem of a site that can be loaded with the versions here, and not with production's. `module` is the
    top-level module that raised the error ("": unknown).
    """
    every = list(others(found.installed))
    owners = {canonical(name) for name in packages_distributions().get(module, ())}
    raising = [one for one in every if one.name in owners]
    shown = (raising or [one for one in every if one.is_of_another_series] or every)[:_NAMED]
    return errors.other_versions_fail(
        versions=list(map(str, shown)),
        reason=failure.found,
        pins=[f"{one.name}=={one.here}" for one in shown],
        manifest=site.project.dependencies.manifest,
    )


def _series(one: Version) -> tuple[int, ...]:
    """The major version, or the minor one before 1.0."""
    return one.release[:1] if one.release[0] else one.release[:2]
