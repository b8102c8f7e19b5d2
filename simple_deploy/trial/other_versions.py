"""Packages that production installs in another major version than this environment has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version

from packaging.version import InvalidVersion, Version


def other_versions(pins: Iterable[str]) -> Iterator[str]:
    """Each with both versions. `pins` (NAME==VERSION) are what production installs."""
    for pin in pins:
        name, _, wanted = pin.partition("==")
        try:
            here = version(name)
            same = _series(here) == _series(wanted)
        except (PackageNotFoundError, InvalidVersion):
            continue
        if not same:
            yield f"{name} {wanted} (here {here})"


def _series(text: str) -> tuple[int, ...]:
    """What a package increases for changes that break others: the major version, or the minor one before 1.0."""
    release = Version(text).release
    return release[:1] if release[0] else release[:2]
