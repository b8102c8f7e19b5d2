"""Requirements where no platform looks: next to manage.py, in a folder on the path to it, or under another name."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import replace

from ..model import Dependencies
from . import production_file, setup_script
from .files import Below, Files
from .locked import published
from .names import name_of
from .requirement import declared, in_versions, is_requirement

# The files of package managers other than pip. Platforms look for these at the Git root only.
_OTHERS = ("poetry.lock", "uv.lock", "Pipfile.lock", "Pipfile", "pyproject.toml", "setup.py")


def pointed(files: Files, folder: str, *, root: bool = True) -> Files:
    """`files` with a requirements.txt at the root that includes the requirements file nearest to `folder`.

    Without `root`, only below the root.
    """
    for place in (*_upwards(folder), *([""] if root else [])):
        inner = Below(files, place) if place else files
        name = production_file.find(inner) if production_file.evidence(inner) else production_file.misnamed(inner)
        if name:
            return production_file.with_lines(files, [production_file.leading_to(posixpath.join(place, name))])
    return files


def found(files: Files, folder: str) -> str | None:
    """A file of another package manager below the root; None if there is none."""
    paths = (posixpath.join(place, name) for place in _upwards(folder) for name in _OTHERS)
    return next((path for path in paths if files.read(path) is not None), None)


def at(files: Files, path: str) -> Files:
    """The files beside that one, as if its folder were the Git root."""
    return Below(files, posixpath.dirname(path))


def lines(files: Files, path: str, dependencies: Dependencies) -> tuple[str, ...]:
    """The requirements of the project in the folder of that file, in their locked versions, or else those that the
    manifest allows.

    Empty if one of them is not from an index, or its versions cannot be written as pip reads them. If only setup.py
    names them, the package that it describes is installed: it is not run, so some may be unknown.
    """
    if posixpath.basename(path) == setup_script.SCRIPT:
        return (f"./{posixpath.dirname(path)}",)
    locked = at(files, path).read(dependencies.lock) if dependencies.lock else None
    if not locked:
        known = dependencies.allowed if dependencies.lock else dependencies.versions
        found = declared(replace(dependencies, versions=known))
        return tuple(found) if dependencies.declared <= known.keys() and all(map(is_requirement, found)) else ()
    pins: dict[str, list[str]] = {}
    for pin in published(locked):
        pins.setdefault(name_of(pin), []).append(pin.removeprefix(name_of(pin)))
    listed = in_versions(dependencies, pins, dependencies.extras)
    return tuple(listed) if dependencies.declared <= pins.keys() else ()


def _upwards(folder: str) -> Iterator[str]:
    while folder not in ("", "."):
        yield folder
        folder = posixpath.dirname(folder)
