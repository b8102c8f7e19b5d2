"""uv: [project] in pyproject.toml, pinned by uv.lock."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ..messages import errors
from ..model import Dependencies, FileEdit, Locking, Problem
from . import claims, locked, manifest, project_table, uv_lock, wheels
from .files import Files
from .requirement import extras
from .requirements_file import Unusable

ID = "uv"
NAME = "uv"
LOCK = claims.UV_LOCK
_OWN = (project_table.FILE, LOCK)


def installable(claimed: str) -> bool:
    """Always."""
    return True


def read(files: Files) -> tuple[Dependencies | None, list[Problem]]:
    """What an installation without groups and extras includes. uv.lock may be missing: then the plan creates it."""
    document = project_table.document(files)
    if files.read(LOCK) is not None and "project" not in document:
        return None, [errors.manifest_missing(manifest=f"{project_table.FILE} with a [project] table", lock=LOCK)]
    try:
        path, named = manifest.of_project(files)
    except Unusable as error:
        return None, [error.problem]
    text = (files.read(LOCK) or b"").decode(errors="replace")
    included = uv_lock.installed(text)
    if included is not None and "django" not in included and (members := uv_lock.members(text, "django")):
        return None, [_only_in_a_member(members)]
    dependencies = Dependencies(
        package_manager=ID,
        manifest=path,
        table="project" if path.endswith(project_table.FILE) else "",
        lock=LOCK,
        versions=_versions(files, included),
        allowed=project_table.allowed(document),
        from_source=wheels.rejected_by_uv(files),
        extras=extras(named),
        declared=frozenset(named),
        files=(".",) if _is_package(document) or _has_others(document) else (*_OWN, *wheels.present(wheels.UV, files)),
        own="editable" if _is_package(document) and not _has_others(document) else "",
        install=(("uv", "sync", "--locked", "--no-default-groups"),),
        # Use the platform's own Python, whatever .python-version names for other machines. uv's cache is on another
        # disk there, so nothing can be linked to it. The running site may be unable to write bytecode.
        install_env={
            "UV_PYTHON_DOWNLOADS": "never",
            "UV_PYTHON": "python3",
            "UV_LINK_MODE": "copy",
            "UV_COMPILE_BYTECODE": "1",
        },
        tool=("uv",),
        python=project_table.python(document),
    )
    return dependencies, []


def file_edits(dependencies: Dependencies, missing: Sequence[str]) -> tuple[FileEdit, ...]:
    """One edit of the file that lists the dependencies."""
    return (manifest.file_edit(dependencies.manifest, missing),)


def locking(dependencies: Dependencies, missing: Sequence[str], files: Files) -> Locking | None:
    """`uv lock`, which keeps the versions that are already in uv.lock."""
    return Locking(
        program="uv",
        install="python -m pip install uv",
        package="uv",
        check=("uv", "lock", "--check"),
        renew=("uv", "lock"),
        # A copy of the project has no environment: uv would search for a Python, or even download one.
        env={"UV_PYTHON": sys.executable},
    )


def _versions(files: Files, included: Collection[str] | None) -> dict[str, str]:
    """The locked versions of what production installs; without the project in the lock, of everything."""
    found = locked.versions(LOCK, files)
    return found if included is None else {name: version for name, version in found.items() if name in included}


def _only_in_a_member(members: Mapping[str, str]) -> Problem:
    folders = [f"{folder}/{project_table.FILE}" for folder in members.values()]
    return errors.workspace_member(
        manifest=project_table.FILE, members=folders, member=next(iter(members)), first=folders[0]
    )


def _is_package(document: dict[str, Any]) -> bool:
    """Whether `uv sync` installs the project itself."""
    return bool(document.get("tool", {}).get("uv", {}).get("package", "build-system" in document))


def _has_others(document: dict[str, Any]) -> bool:
    """Whether it also installs packages from folders next to the project."""
    settings = document.get("tool", {}).get("uv", {})
    local = {"path", "workspace"}
    sources = [entry for value in settings.get("sources", {}).values() for entry in _entries(value)]
    return "workspace" in settings or any(local & set(entry) for entry in sources)


def _entries(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
