"""How much production installs: the wheels, as uv lists them."""

from __future__ import annotations

import re

_LARGE = 10_000_000
_SIZE = re.compile(r"\bsize = (\d+)")
_PACKAGE = re.compile(r'^name = "([^"]+)"\nversion = "([^"]+)"', re.MULTILINE)


def large(lock: str) -> tuple[tuple[str, int], ...]:
    """NAME==VERSION and the bytes of the wheel, of each package with more than ten megabytes; the largest first."""
    found = []
    for part in lock.split("[[packages]]")[1:]:
        named, sizes = _PACKAGE.search(part), _SIZE.findall(part.partition("\nwheels = ")[2])
        if named and sizes and (size := min(map(int, sizes))) > _LARGE:
            found.append((f"{named[1]}=={named[2]}", size))
    return tuple(sorted(found, key=lambda one: -one[1]))
