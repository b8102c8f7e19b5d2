"""A folder that must not change once it is complete: its files are read-only, and changes are detected.

Read-only files stop an ordinary user, but not root. So the contents of the folder are recorded when it is sealed, and
compared each time it is used: every path with its kind, mode, size, time of change and target. Bytecode is excluded:
Python adds it at any time and never uses it for another source.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

_BYTECODE = "__pycache__"
_SHOWN = 5  # paths


def seal(folder: Path, record: Path, *, read_only: bool) -> None:
    """Make the folder read-only, if requested, and write its contents to `record`."""
    if read_only and sys.platform != "win32":
        for path in (folder, *folder.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode & ~0o222)
    unfinished = record.with_suffix(".tmp")
    unfinished.write_text(_contents(folder), encoding="utf-8", errors="surrogateescape", newline="\n")
    unfinished.replace(record)


def size(folder: Path) -> int:
    """The bytes of all files below the folder."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir())


def changes(folder: Path, record: Path) -> str:
    """Some of the paths that differ from the record; empty if none does. Raises FileNotFoundError."""
    sealed, found = record.read_text(encoding="utf-8", errors="surrogateescape"), _contents(folder)
    different = {row.partition("\t")[0] for row in {*sealed.split("\n")} ^ {*found.split("\n")}}
    more = f" and {len(different) - _SHOWN} more" if len(different) > _SHOWN else ""
    return ", ".join(sorted(different)[:_SHOWN]) + more


def remove(folder: Path) -> None:
    """Remove a folder, sealed or not; do nothing if there is none, or if another process removes it first."""
    # A rename succeeds for one process only, so two never remove the same folder.
    doomed = folder.with_name(f"{folder.name}.{uuid.uuid4().hex}.removed")
    try:
        folder = folder.rename(doomed)
    except FileNotFoundError:
        return
    if sys.platform == "win32":
        for path in folder.rglob("*"):
            path.chmod(stat.S_IWRITE)
    else:
        for parent, folders, _ in os.walk(folder):
            for name in (".", *folders):
                if not Path(parent, name).is_symlink():
                    Path(parent, name).chmod(stat.S_IRWXU)
    shutil.rmtree(folder)


def _contents(folder: Path) -> str:
    return "\n".join(sorted(_below(str(folder), "")))


def _below(folder: str, prefix: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name != _BYTECODE:
                yield _row(entry, prefix)
                if entry.is_dir(follow_symlinks=False):
                    yield from _below(entry.path, f"{prefix}{entry.name}/")


def _row(entry: os.DirEntry[str], prefix: str) -> str:
    """For a folder, only the mode: its time changes with bytecode inside."""
    found = entry.stat(follow_symlinks=False)
    facts = [prefix + entry.name, f"{found.st_mode:o}"]
    if entry.is_symlink():
        facts.append(str(Path(entry.path).readlink()))
    elif not entry.is_dir(follow_symlinks=False):
        facts += [str(found.st_size), str(found.st_mtime_ns)]
    return "\t".join(facts)
