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
_ONE = re.compile(r'\{ name = "([^"\n]+)"([^}\n]*)\}')


@dataclass(frozen=True, kw_only=True)
class _Package:
    folder: str
    required: tuple[tuple[str, bool], ...]
    extra: tuple[str, ...]


def installed(text: str, folder: str = ".") -> set[str] | None:
    """The names of what `uv sync` installs for the project in the folder; None if the lock does not have that project.

    Of a package that is required with an extra, all extras count.
    """
    packages = _packages(text)
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
        todo += [(other, True) for other in packages[name].extra if extra]
    return {name for name, _ in seen}


def members(text: str, requiring: str) -> Mapping[str, str]:
    """The other projects of the workspace that install this package: name -> folder."""
    folders = {name: package.folder for name, package in _packages(text).items() if package.folder not in ("", ".")}
    return {name: folder for name, folder in folders.items() if requiring in (installed(text, folder) or ())}


def _packages(text: str) -> Mapping[str, _Package]:
    found = {}
    for part in text.replace("\r\n", "\n").split("[[package]]")[1:]:
        if name := _NAME.search(part):
            folder, required, extra = _FOLDER.search(part), _REQUIRED.search(part), _EXTRAS.search(part)
            found[canonical(name[1])] = _Package(
                folder=folder[1] if folder else "",
                required=tuple(
                    (canonical(one), "extra" in rest) for one, rest in _ONE.findall(required[1] if required else "")
                ),
                extra=tuple(canonical(one) for one, _ in _ONE.findall(extra[1] if extra else "")),
            )
    return found
