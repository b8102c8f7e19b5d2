"""Pipenv: Pipfile, and Pipfile.lock."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..messages import errors
from ..model import Dependencies, FileEdit, Locking, Pinning, Problem
from ..text import toml_file
from ..text.shape import Shape, WrongType, check_types
from ..text.text_file import decode
from . import claims, locked, pipfile_lock, table_entry
from .files import Files
from .names import canonical

ID = "pipenv"
NAME = "Pipenv"
MANIFEST = claims.PIPFILE
LOCK = claims.PIPFILE_LOCK

# Keys named like markers (Pipenv, "Pipfile").
_MARKERS = ("os_name", "sys_platform", "platform_system", "platform_machine", "python_version")
_INSTALL = (
    # Pipenv installs into a folder of this name if it exists.
    ("python", "-m", "venv", ".venv"),
    ("pipenv", "install", "--deploy"),
)
# No prompts, no progress display, and Pipenv's own files stay next to its Pipfile.
_ENVIRONMENT = {
    "PIPENV_PIPFILE": MANIFEST,
    "PIPENV_VENV_IN_PROJECT": "1",
    "PIPENV_IGNORE_VIRTUALENVS": "1",
    "PIPENV_DONT_LOAD_ENV": "1",
    "PIPENV_NOSPIN": "1",
    "PIPENV_YES": "1",
    # Do not wrap its messages at 80 columns.
    "COLUMNS": "1000",
}


_PACKAGES: Shape = {"*": (str, {"markers": str, **dict.fromkeys(_MARKERS, str)})}
_SHAPE: Shape = {
    "packages": _PACKAGES,
    "source": [dict],
    "requires": {"python_version": str, "python_full_version": str},
    "*": dict,
}


def installable(claimed: str) -> bool:
    """Only from the lock."""
    return claimed == LOCK


def read(files: Files) -> tuple[Dependencies | None, list[Problem]]:
    """What `pipenv install --deploy` installs directly: [packages]. The plan creates a missing Pipfile.lock."""
    raw = files.read(MANIFEST)
    if raw is None:
        return None, [errors.manifest_missing(manifest=MANIFEST, lock=LOCK)]
    try:
        document = toml_file.loads(raw)
    except ValueError as error:
        return None, [errors.not_toml(path=MANIFEST, reason=str(error))]
    if problem := _misshapen(document, files.read(LOCK)):
        return None, [problem]
    packages = document.get("packages", {})
    names = {canonical(name): all(map(table_entry.holds, _markers(entry))) for name, entry in packages.items()}
    dependencies = Dependencies(
        package_manager=ID,
        manifest=MANIFEST,
        table="packages",
        declared=frozenset(name for name, installed in names.items() if installed),
        not_for_production=frozenset(name for name, installed in names.items() if not installed),
        files=(MANIFEST, LOCK),
        install=_INSTALL,
        tool=("pipenv",),
        python=_python(document),
        lock=LOCK,
        versions=locked.versions(LOCK, files),
        allowed=_allowed(packages),
        extras=table_entry.extras(packages),
    )
    return dependencies, []


def _allowed(packages: Mapping[str, Any]) -> dict[str, str]:
    """PEP 503 name → what [packages] allows of it, for packages from an index."""
    found = {name: entry if isinstance(entry, str) else entry.get("version") for name, entry in packages.items()}
    return {canonical(name): "" if version == "*" else version for name, version in found.items() if version}


def _misshapen(document: Mapping[str, Any], lock: bytes | None) -> Problem | None:
    try:
        check_types(document, _SHAPE)
    except WrongType as error:
        return errors.wrong_type(path=MANIFEST, reason=str(error))
    try:
        pipfile_lock.check_shape(lock or b"{}")
    except WrongType as error:
        return errors.wrong_type(path=LOCK, reason=str(error))
    except (ValueError, RecursionError) as error:
        return errors.not_json(path=LOCK, reason=str(error))
    return None


def file_edits(dependencies: Dependencies, missing: Sequence[str]) -> tuple[FileEdit, ...]:
    """One edit: the requirements in [packages]."""

    def edit(text: str | None) -> str:
        return toml_file.with_entries(text or "", ("packages",), dict(map(table_entry.of, missing)))

    return (FileEdit(path=MANIFEST, edit=edit, why="production needs these packages"),)


def locking(dependencies: Dependencies, missing: Sequence[str], files: Files) -> Locking | None:
    """`pipenv lock` with every locked package pinned: Pipenv's own commands for adding packages upgrade others.

    (`pipenv upgrade --lock-only` of Pipenv 2026.10 upgrades the dependencies that new packages share with others, and
    drops those that the newest version of another package no longer needs.)
    """
    manifest = decode(files.read(MANIFEST) or b"")[0]
    lock = files.read(LOCK)
    return Locking(
        program="pipenv",
        install="pipx install pipenv",
        check=("pipenv", "verify"),
        renew=("pipenv", "lock"),
        fresh=pipfile_lock.fits(lock or b"", manifest),
        current=pipfile_lock.current(lock or b"", manifest),
        env={**_ENVIRONMENT, **_interpreter(toml_file.loads(manifest.encode()))},
        pinning=None if lock is None else _pinning(lock, missing),
    )


def _pinning(lock: bytes, missing: Sequence[str]) -> Pinning:
    """Keep the locked versions that the additions allow."""
    ruled_out = pipfile_lock.ruled_out(lock, missing)
    return Pinning(
        pins=FileEdit(
            path=MANIFEST,
            edit=lambda text: pipfile_lock.pinned(text or "", lock, without=ruled_out),
            why="no locked version is upgraded",
        ),
        merge=lambda renewed: pipfile_lock.merged(lock, renewed, without=ruled_out),
        # A category that does not exist: nothing is resolved, and the lock gets the hash of the manifest.
        finish=("pipenv", "lock", "--categories=none"),
    )


def _markers(entry: Any) -> Iterator[str]:
    """The conditions of an entry: `markers`, or keys named like markers (Pipenv, "Pipfile")."""
    for key, value in entry.items() if isinstance(entry, Mapping) else ():
        if key == "markers":
            yield value
        elif key in _MARKERS:
            yield f"{key} {value}"


def _python(manifest: Mapping[str, Any]) -> str:
    """[requires], which `pipenv install --deploy` enforces."""
    wanted = manifest.get("requires", {})
    if full := wanted.get("python_full_version"):
        return f"=={full}"
    version = wanted.get("python_version")
    return f"=={version}.*" if version else ""


def _interpreter(manifest: Mapping[str, Any]) -> dict[str, str]:
    """The Python that runs this, unless the project requires another one, which Pipenv has to find."""
    running = "{}.{}".format(*sys.version_info)
    wanted = manifest.get("requires", {})
    version = wanted.get("python_full_version") or wanted.get("python_version") or running
    return {"PIPENV_PYTHON": sys.executable} if f"{version}.".startswith(f"{running}.") else {}
