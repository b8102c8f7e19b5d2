"""The files that a run may write: only the project's own, not Git's, not ours, and none outside the project."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path, PureWindowsPath

from ..model import PLAIN
from .own_folder import FOLDER

# Windows treats these as devices, whatever follows the dot, and drops spaces and dots at the end of a name.
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?|.*[. ]", re.IGNORECASE)


class Misplaced(OSError):
    """A path that no run may write to."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.strerror: str = reason


def misplaced(path: str, *, windows: bool = sys.platform == "win32") -> str | None:
    """Why no run may write to `path` (relative to the Git root); None if it may, as far as the name shows."""
    parts = path.split("/")
    if not re.fullmatch(PLAIN, path):
        return "it has characters that cannot be displayed"
    if path.startswith("/") or (windows and PureWindowsPath(path).drive) or {"", ".", ".."} & set(parts):
        return "it is not a path inside the project"
    if windows and ("\\" in path or ":" in path or any(map(_DEVICE.fullmatch, parts))):
        return "Windows does not allow this file name"
    return _reserved(parts)


def target(root: Path, path: str) -> Path:
    """The file that `path` names, with links followed. Raises Misplaced if a run may not write it."""
    reason = misplaced(path)
    if reason:
        raise Misplaced(reason)
    top = root.resolve()
    # `Path.resolve` raises RuntimeError for a circular link before Python 3.13; such a link is not a file.
    found = Path(os.path.realpath(top / path))
    if not found.is_relative_to(top):
        raise Misplaced("it is a link that leads outside the project")
    reason = _reserved(found.relative_to(top).parts)
    if reason:
        raise Misplaced(reason)
    return found


def _reserved(parts: Sequence[str]) -> str | None:
    # Names as case-insensitive file systems see them; NTFS also calls the first folder ".git" GIT~1, macOS drops
    # U+200C.
    folded = [re.sub("[\u200b-\u200f\ufeff]", "", part).casefold().rstrip(". ") for part in parts]
    if {".git", "git~1"} & set(folded):
        return "it belongs to Git"
    return "it belongs to simple_deploy" if folded[0] == FOLDER else None
