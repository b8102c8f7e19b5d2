"""pip-tools, and `uv pip compile`: people write requirements.in, a tool writes requirements.txt."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from packaging.requirements import Requirement

from ..messages import errors
from ..model import Dependencies, FileEdit, Locking, Problem
from . import compiled, manifest, production_file, project_table, requirements_file
from .compiled import Compiled
from .files import Files
from .requirement import extras
from .requirements_file import Unusable

ID = "pip_tools"
NAME = "pip-tools"
# The package of each tool.
_PACKAGES = {"pip-compile": "pip-tools", "uv": "uv"}
# pip-compile omits these from its output unless told otherwise (pip-tools, "--allow-unsafe").
_UNPINNED = {"pip", "setuptools", "distribute"}


def installable(claimed: str) -> bool:
    """Always."""
    return True


def read(files: Files) -> tuple[Dependencies | None, list[Problem]]:
    """The requirements in the sources; production installs the compiled file."""
    found = compiled.find(files)
    assert found is not None, "only called for what `claim` accepts"
    if files.read(found.lock) is None:
        return None, [errors.lock_missing(lock=found.lock, manifest=found.manifest, command=" ".join(found.argv))]
    try:
        asked_for = _asked_for(found, files)
        compiled_file = requirements_file.read(found.lock, files)
    except Unusable as error:
        return None, [error.problem]
    dependencies = Dependencies(
        package_manager=ID,
        manifest=found.manifest,
        lock=found.lock,
        declared=frozenset(asked_for),
        files=compiled_file.needed,
        install=requirements_file.install(found.lock),
        requirement=production_file.leading_to(found.lock),
        passed_over=production_file.beside(found.lock, files),
        versions=compiled_file.versions,
        from_source=compiled_file.from_source,
        extras=extras(asked_for),
    )
    return dependencies, []


def file_edits(dependencies: Dependencies, missing: Sequence[str]) -> tuple[FileEdit, ...]:
    """One edit of the first source."""
    return (manifest.file_edit(dependencies.manifest, missing),)


def locking(dependencies: Dependencies, missing: Sequence[str], files: Files) -> Locking | None:
    """The command that wrote the compiled file: it keeps the versions that are already in it."""
    found = compiled.find(files)
    assert found is not None
    package = _PACKAGES[found.argv[0]]
    return Locking(
        program=found.argv[0],
        install=f"python -m pip install {package}",
        package=package,
        fresh=_fresh(found, files),
        renew=found.argv,
        folder=found.folder,
        # uv would search for a Python, or even download one.
        env={"UV_PYTHON": sys.executable},
    )


def _fresh(found: Compiled, files: Files) -> bool:
    """Whether the compiled file has everything that the sources require, in versions that they allow."""
    pinned = requirements_file.read(found.lock, files).named
    asked_for = {name: asked for name, asked in _asked_for(found, files).items() if name not in _UNPINNED}
    return all(name in pinned and _allows(asked, pinned[name]) for name, asked in asked_for.items())


def _asked_for(found: Compiled, files: Files) -> dict[str, Requirement | None]:
    asked_for: dict[str, Requirement | None] = {}
    for source in found.sources:
        if source == project_table.FILE:
            asked_for |= manifest.of_project(files)[1]
        else:
            asked_for |= requirements_file.read(source, files).named
    return asked_for


def _allows(asked: Requirement | None, pinned: Requirement | None) -> bool:
    """Whether the pin is allowed, as far as the two lines show."""
    versions = [pin.version for pin in pinned.specifier if pin.operator == "=="] if pinned else []
    return asked is None or all(asked.specifier.contains(version, prereleases=True) for version in versions)
