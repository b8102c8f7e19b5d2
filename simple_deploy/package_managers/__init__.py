"""How a project declares what it needs. One module a package manager, all of the same form.

A module supplies what `PackageManager` names, and nothing outside it asks which one it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Protocol, cast

from .. import errors
from ..model import Dependencies, Problem, Wish

Read = Callable[[str], bytes | None]


class PackageManager(Protocol):
    """What a module of this folder supplies."""

    ID: str
    NAME: str

    def read(self, read: Read) -> tuple[Dependencies | None, list[Problem]]:
        """What the project declares for production, following includes; or what is wrong with it."""

    def wishes(self, dependencies: Dependencies, requirements: Iterable[str]) -> tuple[Wish, ...]:
        """The manifest edits that add the requirements (PEP 508) which are not declared yet."""


# File at the Git root -> (id, name). A module of that id makes the package manager work; the others are
# recognised, so that nobody gets a second way of declaring dependencies beside the one they have.
FILES = {
    "requirements.txt": ("pip", "pip"),
    "Pipfile.lock": ("pipenv", "Pipenv"),
    "Pipfile": ("pipenv", "Pipenv"),
    "poetry.lock": ("poetry", "Poetry"),
    "uv.lock": ("uv", "uv"),
    "pdm.lock": ("pdm", "PDM"),
    "environment.yml": ("conda", "conda"),
}
_WORKING = frozenset({"pip"})


def detect(read: Read) -> tuple[Dependencies | None, list[Problem]]:
    """Exactly one package manager and what it declares, or the problem with every file that was found."""
    found: dict[str, tuple[str, str]] = {}
    for path, (identity, name) in FILES.items():
        if read(path) is not None:
            found.setdefault(identity, (name, path))
    if not found:
        return None, [errors.no_package_manager(tuple(FILES))]
    if len(found) > 1:
        return None, [errors.several_package_managers([f"{path} ({name})" for name, path in found.values()])]
    [(identity, (name, path))] = found.items()
    if identity not in _WORKING:
        return None, [errors.package_manager_not_supported(name, path)]
    return load(identity).read(read)


def canonical(name: str) -> str:
    """A package's name as PEP 503 compares it. (`packaging.utils` says the same but costs more than a Git call.)"""
    return re.sub(r"[-_.]+", "-", name).lower()


def load(identity: str) -> PackageManager:
    """The package manager of that id. Raises ImportError if there is none."""
    return cast(PackageManager, import_module(f"{__name__}.{identity}"))
