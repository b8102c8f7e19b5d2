"""Values in files of variables that Git tracks: production has these files, and what the settings read from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from ..masking.known_secrets import variables as variables_in
from ..model import Variable

_OFF = {"1": "0", "on": "off", "t": "f", "true": "false", "y": "n", "yes": "no"}


def debug_off(root: Path, tracked: Iterable[str], read: Iterable[Variable]) -> dict[str, tuple[str, str]]:
    """Each variable of DEBUG that a file turns on → its value for production, and the file.

    The value is written as the file writes it, so that what accepts the one accepts the other. `read` are the variables
    of the settings. The settings block reads DEBUG itself.
    """
    names = {"DEBUG", *(one.name for one in read if one.setting == "DEBUG")}
    found = ((path, name, value) for path in tracked for name, value in _values(root / path).items())
    return {name: (off, path) for path, name, value in found if name in names and (off := _opposite(value))}


def with_values(root: Path, tracked: Iterable[str], read: Iterable[Variable]) -> tuple[Variable, ...]:
    """The variables of the settings; those with a value in a tracked .env have a default. The trial finds out whether
    the settings read that file.
    """
    files = [_values(root / path) for path in tracked if PurePosixPath(path).name == ".env"]
    given = {name for file in files for name, value in file.items() if value}
    return tuple(replace(one, needed="no", absent=False) if one.name in given else one for one in read)


def _values(path: Path) -> Mapping[str, str]:
    """Those of a file of variables; none for a database or a folder."""
    if ".env" not in path.name:
        return {}
    try:
        return variables_in(path.read_text(encoding="utf-8-sig", errors="replace"))
    except OSError:
        return {}


def _opposite(value: str) -> str:
    off = _OFF.get(value.lower(), "")
    return off.upper() if value.isupper() else off.title() if value.istitle() else off
