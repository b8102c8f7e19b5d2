"""The build context: the files of a folder that a Dockerfile can use."""

from __future__ import annotations

import hashlib
import os
import shutil
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path, PurePosixPath

from . import BuildFailed, dockerignore


class Context:
    """A folder without the files that its .dockerignore excludes; .gitignore has no effect."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def files(self) -> list[str]:
        """Every file, relative and with slashes."""
        ignore = self.root / ".dockerignore"
        text = ignore.read_text(encoding="utf-8") if ignore.is_file() else ""
        return list(dockerignore.files(self.root, dockerignore.parse(text)))

    def select(self, source: str) -> list[tuple[str, list[str]]]:
        """The matches of a source of COPY, each with its files. Raises BuildFailed if there is none."""
        wanted = PurePosixPath(source.lstrip("/")).as_posix()
        if wanted == ".":
            return [(".", self.files)]
        depth = wanted.count("/") + 1
        found: dict[str, list[str]] = {}
        for name in self.files:
            start = "/".join(name.split("/")[:depth])
            if start == wanted or (any(char in wanted for char in "*?[") and fnmatch(start, wanted)):
                found.setdefault(start, []).append(name)
        if not found:
            raise BuildFailed(
                f'failed to compute cache key: failed to calculate checksum of ref: "/{wanted}": not found'
            )
        return list(found.items())

    def is_folder(self, name: str) -> bool:
        """Whether a match of `select` is a folder, whose content COPY takes."""
        return (self.root / name).is_dir()

    def digest(self, names: list[str]) -> str:
        """A hash of the files' names, modes and content."""
        total = hashlib.sha256()
        for name in names:
            path = self.root / name
            content = str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()
            total.update(f"{name}\0{path.lstat().st_mode:o}\0{len(content)}\0".encode() + content)
        return total.hexdigest()

    def stage(self, match: str, names: list[str], target: Path) -> None:
        """Copy the files of a match to `target`: its content if it is a folder, else the file itself."""
        for name in names:
            place = target / Path(name).relative_to(match) if self.is_folder(match) else target
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(self.root / name, place, follow_symlinks=False)
        target.mkdir(exist_ok=True) if self.is_folder(match) else None
        _copy_modes(self.root / match, target)


def _copy_modes(source: Path, target: Path) -> None:
    for folder, _, _ in os.walk(target):
        original = source / Path(folder).relative_to(target)
        shutil.copymode(original, folder)
