"""pip: a requirements file that people write, with the files that it includes."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import Dependencies, FileEdit, Locking, Problem
from . import compiled, manifest, production_file, requirements_file, versions
from .files import Files
from .requirements_file import Requirements, Unusable

ID = "pip"
NAME = "pip"


def claim(files: Files) -> str | None:
    """requirements.txt, or a folder of requirements files, unless a tool compiles it."""
    if compiled.find(files):
        return None
    return production_file.evidence(files)


def installable(claimed: str) -> bool:
    """Always."""
    return True


def read(files: Files) -> tuple[Dependencies | None, list[Problem]]:
    """The packages that `pip install -r` would install directly."""
    try:
        path = production_file.find(files)
        found = requirements_file.read(path, files)
    except Unusable as error:
        return None, [error.problem]
    dependencies = Dependencies(
        package_manager=ID,
        manifest=path,
        declared=found.declared,
        files=found.needed,
        install=requirements_file.install(path),
        buildpack_files=production_file.for_buildpacks(path),
        closed=_closed(path, found, files),
        versions=found.versions,
        pinned=found.pinned,
    )
    return dependencies, []


def file_edits(dependencies: Dependencies, missing: Sequence[str]) -> tuple[FileEdit, ...]:
    """One edit of the manifest: the missing requirements as lines at its end."""
    added = versions.fitted(missing, limits=dependencies.versions, pinned=dependencies.pinned)
    return (manifest.file_edit(dependencies.manifest, added),)


def locking(dependencies: Dependencies, missing: Sequence[str], files: Files) -> Locking | None:
    """None: a requirements file is all there is."""
    return None


def _closed(path: str, found: Requirements, files: Files) -> str:
    generated = compiled.generated_by(requirements_file.text(path, files))
    if generated:
        return f'it is made by "{generated}", which would drop them again'
    if found.hashed:
        # pip's documentation, "Secure installs": hashes for one requirement mean hashes for all.
        return "it pins packages by hash, and pip then refuses every package without one"
    return ""
