"""Which files do not belong in a repository, and which belong there and are missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..effects.own_folder import FOLDER
from ..model import Git, GitEntry

# Where Django looks for translations (Django docs, "Translation": message files).
_MESSAGES = re.compile(r"(?:^|/)LC_MESSAGES/django(?:js)?\.po$")
_SECRETS = re.compile(r"(?:^|/)\.env(?![^/]*\.(?:example|sample|template|dist|test))(?:\.[^/]*)?$")
_ENVIRONMENT = "pyvenv.cfg"
# What Python writes next to the modules that it imports; importing the settings in this run does so, too.
_BYTECODE = re.compile(r"(?:^|/)__pycache__/|\.py[co]$")
# SQLite's own files next to a database (sqlite.org, "Temporary Files Used By SQLite").
_SQLITE = ("", "-journal", "-wal", "-shm")


def without_byproducts(git: Git, written: Sequence[str]) -> Git:
    """`git` with everything that does not belong in a repository apart from the user's own changes, and without our own
    folder: files from Python, files that the settings write (`written`: databases and logs), environments, and files
    with secrets.

    Files that Git tracks stay among the changes, except for bytecode, which every run writes, this one included. A
    folder stands for everything in it.
    """
    files = {f"{path}{suffix}" for path in written for suffix in _SQLITE}
    untracked = [entry.path for entry in git.entries if entry.state == "untracked"]
    folders = tuple(f"{path.removesuffix(_ENVIRONMENT)}" for path in untracked if path.endswith(f"/{_ENVIRONMENT}"))

    def name(entry: GitEntry) -> str | None:
        """How a byproduct is named to people; None for a change of the user's."""
        path = entry.path
        if entry.state != "untracked":
            return None
        if folder := next((folder for folder in folders if path.startswith(folder)), None):
            return folder
        if match := _BYTECODE.search(path):
            return "__pycache__/" if "__pycache__/" in match[0] else path
        return path if path in files or _SECRETS.search(path) else None

    def is_byproduct(entry: GitEntry) -> bool:
        return name(entry) is not None or (entry.state == "modified" and bool(_BYTECODE.search(entry.path)))

    def is_ours(entry: GitEntry) -> bool:
        return entry.state == "untracked" and entry.path.partition("/")[0] == FOLDER

    return replace(
        git,
        entries=tuple(entry for entry in git.entries if not (is_byproduct(entry) or is_ours(entry))),
        byproducts=tuple(dict.fromkeys(said for entry in git.entries if (said := name(entry)) and not is_ours(entry))),
    )


def exposed_in(listing: str) -> tuple[str, ...]:
    """Tracked databases, environments and files with secrets; a folder stands for an environment."""
    found = (path for path in listing.split("\0") if path)
    named = (
        path.removesuffix(_ENVIRONMENT) if path.endswith(f"/{_ENVIRONMENT}") else path
        for path in found
        if path.endswith((".sqlite3", f"/{_ENVIRONMENT}")) or _SECRETS.search(path)
    )
    return tuple(dict.fromkeys(named))


def uncompiled_in(listing: str) -> tuple[str, ...]:
    """Tracked translations whose compiled form is not tracked."""
    paths = set(listing.split("\0"))
    return tuple(
        sorted(path for path in paths if _MESSAGES.search(path) and f"{path.removesuffix('.po')}.mo" not in paths)
    )
