"""The file by which a project shows that it uses a package manager.

These are asked about every project, so they are apart from the modules of the package managers: only the ones that a
project uses are loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from . import compiled, production_file, project_table
from .files import Files

PIPFILE = "Pipfile"
PIPFILE_LOCK = "Pipfile.lock"
POETRY_LOCK = "poetry.lock"
UV_LOCK = "uv.lock"


def pip(files: Files) -> str | None:
    """requirements.txt or a folder of requirements files, unless a tool compiles it."""
    return None if compiled.find(files) else production_file.evidence(files)


def pip_tools(files: Files) -> str | None:
    """The source of production's requirements file: requirements.in, or the one named in its first lines."""
    found = compiled.find(files)
    return found.manifest if found else None


def poetry(files: Files) -> str | None:
    """poetry.lock, or a pyproject.toml that names Poetry as its tool or build backend."""
    if files.read(POETRY_LOCK) is not None:
        return POETRY_LOCK
    document = project_table.document(files)
    backend = str(document.get("build-system", {}).get("build-backend", ""))
    named = "poetry" in document.get("tool", {}) or backend.startswith("poetry.")
    return project_table.FILE if named else None


def pipenv(files: Files) -> str | None:
    """Pipfile.lock or Pipfile."""
    return next((path for path in (PIPFILE_LOCK, PIPFILE) if files.read(path) is not None), None)


def uv(files: Files) -> str | None:
    """uv.lock."""
    return UV_LOCK if files.read(UV_LOCK) is not None else None


def pyproject(files: Files) -> str | None:
    """A requirements.txt that only points to the project (".")."""
    pointing = production_file.pointing_to_the_project(files) is not None
    return production_file.ROOT if pointing and "project" in project_table.document(files) else None


def adopted_by_uv(files: Files) -> str | None:
    """A project that names uv, or names no tool at all for building or installing."""
    document = project_table.document(files)
    uses_uv = "uv" in document.get("tool", {}) or "build-system" not in document
    return project_table.FILE if "project" in document and uses_uv else None


def adopted_by_pyproject(files: Files) -> str | None:
    """A project that declares its dependencies and its build backend."""
    return project_table.FILE if {"project", "build-system"} <= set(project_table.document(files)) else None


# The functions by the name of the package manager's module, in the order in which people see them.
OF: Mapping[str, Callable[[Files], str | None]] = {
    "pip": pip,
    "pip_tools": pip_tools,
    "poetry": poetry,
    "pipenv": pipenv,
    "uv": uv,
    "pyproject": pyproject,
}
# The first of these takes a project with a pyproject.toml that no other claims.
ADOPTING: Mapping[str, Callable[[Files], str | None]] = {"uv": adopted_by_uv, "pyproject": adopted_by_pyproject}
# What installs from a requirements.txt that the plan adds.
PIP = "pip"
