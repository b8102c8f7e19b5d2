"""The pylock.toml that uv writes: packages, their versions and wheels."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_LARGE = 10_000_000
_NAMED = re.compile(r'^name = "([^"]+)"\nversion = "([^"]+)"', re.MULTILINE)
_WHEELS = "\nwheels = "
_SIZE = re.compile(r"\bsize = (\d+)")


@dataclass(frozen=True, kw_only=True)
class Package:
    """A package from an index. `sizes` are the bytes of its wheels, as far as the index tells them."""

    name: str
    version: str
    has_wheels: bool
    sizes: tuple[int, ...]

    @property
    def pin(self) -> str:
        """The requirement of exactly this version."""
        return f"{self.name}=={self.version}"


def read(lock: str) -> list[Package]:
    """The packages of the lock that have a version."""
    parts = ((_NAMED.search(part), part.partition(_WHEELS)) for part in lock.split("[[packages]]")[1:])
    return [
        Package(
            name=named[1],
            version=named[2],
            has_wheels=bool(separator),
            sizes=tuple(map(int, _SIZE.findall(wheels))),
        )
        for named, (_, separator, wheels) in parts
        if named
    ]


def without_wheels(packages: Iterable[Package]) -> list[str]:
    """NAME==VERSION of each package that is available only as source."""
    return [package.pin for package in packages if not package.has_wheels]


def large(packages: Iterable[Package]) -> tuple[tuple[str, int], ...]:
    """NAME==VERSION and the bytes of the wheel, of each package with more than ten megabytes; the largest first."""
    smallest = [(package.pin, min(package.sizes)) for package in packages if package.sizes]
    return tuple(sorted((one for one in smallest if one[1] > _LARGE), key=lambda one: -one[1]))
