"""The project as package managers see it: bytes and names below the Git root, and nothing else."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


class Files(Protocol):
    """The project's files. Paths have forward slashes and are relative to the Git root."""

    def read(self, path: str) -> bytes | None:
        """The bytes of a file; None if it does not exist."""

    def list(self, folder: str) -> tuple[str, ...]:
        """The names of the files directly in the folder, sorted; none if the folder does not exist."""


@dataclass(frozen=True)
class Known:
    """Files that were read before; a file that is not in `content` does not exist."""

    content: Mapping[str, bytes | None]

    def read(self, path: str) -> bytes | None:
        """See `Files`."""
        return self.content.get(path)

    def list(self, folder: str) -> tuple[str, ...]:
        """See `Files`."""
        found = (posixpath.split(path) for path, raw in self.content.items() if raw is not None)
        return tuple(sorted(name for parent, name in found if parent == folder))


@dataclass(frozen=True)
class Changed:
    """Files of which those in `changed` have this text instead."""

    files: Files
    changed: Mapping[str, str]

    def read(self, path: str) -> bytes | None:
        """See `Files`."""
        return self.changed[path].encode() if path in self.changed else self.files.read(path)

    def list(self, folder: str) -> tuple[str, ...]:
        """See `Files`."""
        return self.files.list(folder)


@dataclass(frozen=True)
class Below:
    """The files of one folder, as if it were the Git root."""

    files: Files
    folder: str

    def read(self, path: str) -> bytes | None:
        """See `Files`."""
        return self.files.read(posixpath.join(self.folder, path))

    def list(self, folder: str) -> tuple[str, ...]:
        """See `Files`."""
        return self.files.list(posixpath.normpath(posixpath.join(self.folder, folder)))


@dataclass(frozen=True)
class Over:
    """Files with additions: those in `added` count as present, with this text, if they are missing."""

    files: Files
    added: Mapping[str, str]

    def read(self, path: str) -> bytes | None:
        """See `Files`."""
        present = self.files.read(path)
        return self.added[path].encode() if present is None and path in self.added else present

    def list(self, folder: str) -> tuple[str, ...]:
        """See `Files`."""
        return self.files.list(folder)
