"""Results of trials, cached for the user by what they depend on: the tree, the order, and the installed packages."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from .. import __version__
from ..effects import fetching

_LONGEST = 40


def key(tree: Mapping[str, str], order: Mapping[str, Any], env: Mapping[str, str]) -> str:
    """The cache key, equal only for equal trials. It depends on the values of variables, which cannot be recovered from
    it.

    `tree` is what Git will contain, path -> blob: the same before the run's commit and after it.
    """
    digest = sha256()
    for part in (
        *(sys.executable, sys.version),
        json.dumps([order, env, tree], sort_keys=True),
        *_installed(),
    ):
        digest.update(f"{part}\n".encode())
    return digest.hexdigest()


def _installed() -> Iterator[str]:
    """The names and versions of the packages that can be imported, according to their folder names."""
    for place in sys.path:
        try:
            names = sorted(path.name for path in Path(place).iterdir() if path.suffix in (".dist-info", ".pth"))
        except OSError:
            continue
        yield from (place, *names)


@functools.cache
def _version() -> str:
    """What changes with the version, and with the code that finds what is stored."""
    digest, package = sha256(__version__.encode()), Path(__file__).parents[1]
    for room in ("trial", "source_code"):
        for path in sorted((package / room).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def load(name: str) -> dict[str, Any] | None:
    """The result with that key, if it exists."""
    try:
        return dict(
            json.loads((fetching.cache_folder("trial") / f"{name}.{_version()}.json").read_text(encoding="utf-8"))
        )
    except (OSError, ValueError, RuntimeError):
        return None


def store(name: str, answer: Mapping[str, Any]) -> None:
    """Keep a result, and only the newest ones. Without a cache, every run does the trial."""
    try:
        place = fetching.cache_folder("trial")
        part = place / f"{name}.{os.getpid()}"
        part.write_text(json.dumps(answer), encoding="utf-8")
        part.replace(place / f"{name}.{_version()}.json")
        kept = sorted(place.glob("*.json"), key=lambda path: path.stat().st_mtime)
        for path in kept[:-_LONGEST]:
            path.unlink(missing_ok=True)
    except (OSError, RuntimeError):
        return
