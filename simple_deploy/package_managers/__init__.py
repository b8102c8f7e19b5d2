"""How a project declares what it needs. One module a package manager, all of the same form.

A module supplies what `PackageManager` names, and nothing outside it asks which one it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Protocol, cast

from .. import errors
from ..model import Dependencies, Locking, Problem, Wish
from ..shape import WrongType
from .files import Files, Known

__all__ = ["Files", "Known", "PackageManager", "canonical", "detect", "load", "missing", "name_of"]


class PackageManager(Protocol):
    """What a module of this folder supplies."""

    ID: str
    NAME: str

    def claim(self, files: Files) -> str | None:
        """The file that shows that the project uses this package manager; None if it does not."""

    def read(self, files: Files) -> tuple[Dependencies | None, list[Problem]]:
        """What the project declares for production, following includes; or what is wrong with it."""

    def wishes(self, dependencies: Dependencies, missing: Sequence[str]) -> tuple[Wish, ...]:
        """The manifest edits that add these requirements (PEP 508); called with what is not declared yet."""

    def locking(self, dependencies: Dependencies, missing: Sequence[str], files: Files) -> Locking | None:
        """How the lock follows the manifest when these requirements are added; None if there is no lock."""


class Adopting(PackageManager, Protocol):
    """One that also takes a project with a pyproject.toml that shows no package manager."""

    def adopt(self, files: Files) -> str | None:
        """The file of such a project; None if another one has to take it."""


# In the order in which they are named to people.
_MODULES = ("pip", "pip_tools", "poetry", "pipenv", "uv", "pyproject")
# The first of these takes a project that nobody claims.
_ADOPTING = ("uv", "pyproject")


def detect(files: Files) -> tuple[Dependencies | None, list[Problem]]:
    """Exactly one package manager and what it declares, or the problem with every file that was found.

    What build-packs install from decides: a requirements file or lock counts before what a pyproject.toml says.
    """
    from . import project_table, refused

    try:
        project_table.document(files)
    except WrongType as error:
        return None, [errors.wrong_type(project_table.FILE, str(error))]
    except ValueError as error:
        return None, [errors.not_toml(project_table.FILE, str(error))]
    found = [(file, module) for module in map(load, _MODULES) if (file := module.claim(files))]
    if not found and (problem := refused.problem(files)):
        return None, [problem]
    if not found:
        adopting = (cast(Adopting, load(name)) for name in _ADOPTING)
        found += [(file, module) for module in adopting if (file := module.adopt(files))][:1]
    if not found:
        return None, [errors.no_package_manager()]
    if len(found) > 1:
        return None, [errors.several_package_managers([f"{file} ({m.NAME})" for file, m in found])]
    [(_, module)] = found
    return module.read(files)


def missing(dependencies: Dependencies, requirements: Iterable[str]) -> tuple[str, ...]:
    """The requirements (PEP 508) whose package is not declared."""
    return tuple(r for r in requirements if canonical(name_of(r)) not in dependencies.declared)


def blocked(dependencies: Dependencies, missing: Sequence[str]) -> list[Problem]:
    """Why these requirements cannot be added: the manifest is closed, or has them, but not for production."""
    if missing and dependencies.closed:
        return [errors.manifest_closed(dependencies.manifest, dependencies.closed, missing)]
    names = [name for r in missing if canonical(name := name_of(r)) in dependencies.elsewhere]
    return [errors.not_for_production(names, dependencies.manifest)] if names else []


def name_of(requirement: str) -> str:
    """The package's name as it is spelled in a requirement (PEP 508)."""
    match = re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", requirement.strip())
    return match[0].rstrip("._-") if match else ""


def canonical(name: str) -> str:
    """A package's name as PEP 503 compares it. (`packaging.utils` says the same but costs more than a Git call.)"""
    return re.sub(r"[-_.]+", "-", name).lower()


def load(identity: str) -> PackageManager:
    """The package manager of that id. Raises ImportError if there is none."""
    return cast(PackageManager, import_module(f"{__name__}.{identity}"))
