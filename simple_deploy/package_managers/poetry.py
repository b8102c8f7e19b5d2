"""Poetry: pyproject.toml, with Poetry's own table of dependencies or the [project] table, and poetry.lock."""

from __future__ import annotations

import json
import posixpath
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from ..messages import errors
from ..model import Dependencies, FileEdit, Locking, Problem
from ..text import toml_file
from . import claims, locked, poetry_table, project_table, wheels
from .files import Files
from .requirement import extras

ID = "poetry"
NAME = "Poetry"
LOCK = claims.POETRY_LOCK

# The part of [tool.poetry] in the manifest's hash; the first four keys are as old as Poetry.
_LEGACY = ("dependencies", "source", "extras", "dev-dependencies")
# Poetry installs into a folder of this name if it exists.
_VENV = ("python", "-m", "venv", ".venv")
# The running site may be unable to write bytecode; pip writes it unasked.
_COMPILED = ("--compile", "--no-interaction")
_INSTALL = (_VENV, ("poetry", "sync", "--only", "main", "--no-root", *_COMPILED))
_INSTALL_WITH_ROOT = (_VENV, ("poetry", "sync", "--only", "main", *_COMPILED))

_IN_FOLDER = {"POETRY_VIRTUALENVS_CREATE": "true", "POETRY_VIRTUALENVS_IN_PROJECT": "true"}


def installable(claimed: str) -> bool:
    """Only from the lock."""
    return claimed == LOCK


def read(files: Files) -> tuple[Dependencies | None, list[Problem]]:
    """What `poetry sync --only main` would install directly. poetry.lock may be missing: then the plan creates it."""
    if files.read(project_table.FILE) is None:
        return None, [errors.manifest_missing(manifest=project_table.FILE, lock=LOCK)]
    document = project_table.document(files)
    own, settings = poetry_table.counts(document), wheels.present(wheels.POETRY, files)
    below = _packaged_below(document, files)
    dependencies = Dependencies(
        package_manager=ID,
        manifest=project_table.FILE,
        table="tool.poetry.dependencies" if own else "project",
        declared=poetry_table.declared(document) if own else _standard(document),
        not_for_production=poetry_table.not_for_production(document) if own else frozenset(),
        files=(".",) if below else (project_table.FILE, LOCK, *settings),
        install=_INSTALL_WITH_ROOT if below else _INSTALL,
        # Variables override poetry.toml.
        install_env=_IN_FOLDER if settings else {},
        own="editable" if below and not poetry_table.has_paths(document) else "",
        tool=("poetry>=2",),
        python=project_table.python(document) or poetry_table.python(document),
        lock=LOCK,
        unpackaged=_unpackaged(document, files),
        versions=locked.versions(LOCK, files),
        allowed=(poetry_table if own else project_table).allowed(document),
        from_source=wheels.rejected_by_poetry(files),
        extras=poetry_table.extras(document) if own else extras(project_table.named(project_table.table(document))),
    )
    return dependencies, []


def file_edits(dependencies: Dependencies, missing: Sequence[str]) -> tuple[FileEdit, ...]:
    """One edit: the requirements, in the table from which Poetry takes production's packages."""

    def edit(text: str | None) -> str:
        text = text or ""
        if dependencies.unpackaged and "package-mode" not in _own(toml_file.loads(text.encode())):
            text = toml_file.with_entries(text, ("tool", "poetry"), {"package-mode": False})
        if poetry_table.counts(toml_file.loads(text.encode())):
            return poetry_table.with_requirements(text, missing)
        return toml_file.with_strings(text, ("project", "dependencies"), missing)

    return (FileEdit(path=dependencies.manifest, edit=edit, why="production needs these packages"),)


def locking(dependencies: Dependencies, missing: Sequence[str], files: Files) -> Locking | None:
    """`poetry lock` of Poetry 2 keeps every locked version that is still allowed."""
    # Without an environment of its own, Poetry takes the Python version from the one it is started in.
    environment = {"VIRTUAL_ENV": sys.prefix} if sys.prefix != sys.base_prefix else {}
    return Locking(
        program="poetry",
        install="pipx install poetry",
        check=("poetry", "check", "--lock", "--no-interaction"),
        renew=("poetry", "lock", "--no-interaction"),
        fresh=_fresh(files),
        env={"POETRY_VIRTUALENVS_CREATE": "false", **environment},
    )


def _own(document: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = document.get("tool", {}).get("poetry", {})
    return found


def _unpackaged(document: Mapping[str, Any], files: Files) -> bool:
    """Whether Poetry would fail to find a package to install besides the dependencies, when run as buildpacks run it.

    (Poetry's documentation, "package-mode" and "packages": it takes a module or folder of the project's name.)
    """
    own = _own(document)
    if "package-mode" in own:
        return False
    if "packages" in own:
        return not all(_is_there(entry, files) for entry in own["packages"])
    module = _module(document)
    return not module or not any(_has_module(place, files) for place in (module, f"src/{module}"))


def _packaged_below(document: Mapping[str, Any], files: Files) -> bool:
    """Whether Poetry installs the project itself as a package of a folder such as src, where Python finds it nowhere
    else.
    """
    own = _own(document)
    if own.get("package-mode") is False or _unpackaged(document, files):
        return False
    if "packages" in own:
        return any(str(entry.get("from") or ".") != "." for entry in own["packages"])
    module = _module(document)
    return not _has_module(module, files) and _has_module(f"src/{module}", files)


def _module(document: Mapping[str, Any]) -> str:
    name = str(document.get("project", {}).get("name") or _own(document).get("name") or "").lower()
    return re.sub(r"[-.]+", "_", name)


def _has_module(place: str, files: Files) -> bool:
    return bool(files.list(place)) or files.read(f"{place}.py") is not None


def _is_there(entry: Mapping[str, Any], files: Files) -> bool:
    """Whether a listed package is in the project; a pattern may match anything."""
    path = posixpath.normpath(posixpath.join(str(entry.get("from") or "."), str(entry.get("include") or ".")))
    return "*" in path or bool(files.list(path)) or files.read(path) is not None


def _fresh(files: Files) -> bool | None:
    """True if the lock's hash is that of the manifest; else Poetry itself must check: its hash may have changed."""
    lock = re.search(rb'^content-hash = "([0-9a-f]+)"$', files.read(LOCK) or b"", re.MULTILINE)
    return True if lock and lock[1].decode() in _content_hashes(project_table.document(files)) else None


def _content_hashes(document: Mapping[str, Any]) -> Iterator[str]:
    """The manifest's hash with the groups of PEP 735 (since Poetry 2.3) and without (Poetry 2.5.1, `Locker`)."""
    own = document.get("tool", {}).get("poetry", {})
    project = _picked(document.get("project", {}), ("requires-python", "dependencies", "optional-dependencies"))
    for groups in (document.get("dependency-groups"), None):
        relevant = {key: part for key, part in (("project", project), ("dependency-groups", groups)) if part}
        if relevant:
            relevant["tool"] = {"poetry": _picked(own, (*_LEGACY, "group"))}
        else:
            # Without a [project] table, missing keys are hashed too.
            relevant = {**dict.fromkeys(_LEGACY), **_picked(own, (*_LEGACY, "group"))}
        # TOML has dates and JSON does not: Poetry has no hash for such a manifest.
        yield sha256(json.dumps(relevant, sort_keys=True, default=str).encode()).hexdigest()


def _picked(table: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    return {key: table[key] for key in keys if table.get(key) is not None}


def _standard(document: dict[str, Any]) -> frozenset[str]:
    return frozenset(project_table.named(project_table.table(document)))
