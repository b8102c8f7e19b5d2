"""What package managers see of the project: bytes and names below the Git root, and nothing else."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


class Files(Protocol):
    """The project's files. Paths have forward slashes and are relative to the Git root."""

    def read(self, path: str) -> bytes | None:
        """The bytes of a file; None if there is none."""

    def list(self, folder: str) -> tuple[str, ...]:
        """The names of the files directly in the folder, sorted; none if there is no such folder."""


@dataclass(frozen=True)
class Known:
    """Files that were read before: those that are not in `content` are not there."""

    content: Mapping[str, bytes | None]

    def read(self, path: str) -> bytes | None:
        """See `Files`."""
        return self.content.get(path)

    def list(self, folder: str) -> tuple[str, ...]:
        """See `Files`."""
        found = (posixpath.split(path) for path, raw in self.content.items() if raw is not None)
        return tuple(sorted(name for parent, name in found if parent == folder))


@dataclass(frozen=True)
class Over:
    """Files of which some that are missing count as present, with this text."""

    files: Files
    added: Mapping[str, str]

    def read(self, path: str) -> bytes | None:
        """See `Files`."""
        present = self.files.read(path)
        return self.added[path].encode() if present is None and path in self.added else present

    def list(self, folder: str) -> tuple[str, ...]:
        """See `Files`."""
        return self.files.list(folder)
