"""uv.lock: what an installation of the project at the Git root includes, and the other members of its workspace."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .names import canonical

_NAME = re.compile(r'^name = "([^"\n]+)"', re.MULTILINE)
# A project of the workspace, by its folder (docs.astral.sh/uv/concepts/projects/workspaces).
_FOLDER = re.compile(r'^source = \{ (?:virtual|editable) = "([^"\n]+)" \}', re.MULTILINE)
# The packages that it always requires. Groups are in tables below, extras too.
_REQUIRED = re.compile(r"^dependencies = \[(.*?)^\]", re.MULTILINE | re.DOTALL)
_EXTRAS = re.compile(r"^\[package\.optional-dependencies\]\n(.*?)(?=^\[|\Z)", re.MULTILINE | re.DOTALL)
# It has its source, in braces, where the lock has the package several times.
_ONE = re.compile(r'\{ name = "([^"\n]+)"((?:[^{}\n]|\{[^{}\n]*\})*)\}')

_Names = tuple[tuple[str, bool], ...]


@dataclass(frozen=True, kw_only=True)
class _Package:
    """A package; each of its requirements, and whether with an extra."""

    folder: str = ""
    required: _Names = ()
    extra: _Names = ()


def installed(text: str, folder: str = ".") -> set[str] | None:
    """The names of what `uv sync` installs for the project in the folder; None if the lock does not have that project.

    Of a package that is required with an extra, all extras count.
    """
    return _installed(_packages(text), folder)


def members(text: str, requiring: str) -> Mapping[str, str]:
    """The other projects of the workspace that install this package: name -> folder."""
    packages = _packages(text)
    folders = {name: package.folder for name, package in packages.items() if package.folder not in ("", ".")}
    return {name: folder for name, folder in folders.items() if requiring in (_installed(packages, folder) or ())}


def _installed(packages: Mapping[str, _Package], folder: str) -> set[str] | None:
    todo = [(name, False) for name, package in packages.items() if package.folder == folder]
    if not todo:
        return None
    seen: set[tuple[str, bool]] = set()
    while todo:
        name, extra = one = todo.pop()
        if one in seen or name not in packages:
            continue
        seen.add(one)
        todo += packages[name].required
        todo += packages[name].extra if extra else ()
    return {name for name, _ in seen}


def _packages(text: str) -> Mapping[str, _Package]:
    """By name. A lock may have a package several times, for different Pythons."""
    found: dict[str, _Package] = {}
    for part in text.replace("\r\n", "\n").split("[[package]]")[1:]:
        if name := _NAME.search(part):
            folder, before = _FOLDER.search(part), found.get(canonical(name[1]), _Package())
            found[canonical(name[1])] = _Package(
                folder=folder[1] if folder else before.folder,
                required=(*before.required, *_names(_REQUIRED, part)),
                extra=(*before.extra, *_names(_EXTRAS, part)),
            )
    return found


def _names(table: re.Pattern[str], part: str) -> _Names:
    found = table.search(part)
    return tuple((canonical(name), "extra" in rest) for name, rest in _ONE.findall(found[1] if found else ""))
