"""The only writer into the user's project: all files of a plan, or none."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .errors import INTERRUPTED_APPLY, ApplyFailed, Interrupted
from .model import FileChange


@dataclass(frozen=True, kw_only=True)
class _Staged:
    """One file: where it goes, its new content beside it, and its former content beside it (None: it is new)."""

    path: str
    target: Path
    new: Path
    old: Path | None


def apply(root: Path, changes: Sequence[FileChange]) -> None:
    """Write every change. Raises ApplyFailed or Interrupted with all files as they were before.

    Everything that needs space is written beside the targets first; after that only names change, which needs
    none. A link is followed, so it stays a link, and a file keeps its mode.
    """
    staged: list[_Staged] = []
    path = changes[0].path if changes else ""
    replaced = 0
    try:
        for change in changes:
            path = change.path
            staged.append(_stage(root, change, staged))
        for file in staged:
            path = file.path
            Path(file.new).replace(file.target)
            replaced += 1
    except OSError as error:
        raise ApplyFailed(path, error.strerror or str(error), _restore(staged, replaced)) from error
    except KeyboardInterrupt as error:
        # The interrupt may have come between a replacement and its count.
        _restore(staged, min(replaced + 1, len(staged)))
        raise Interrupted(INTERRUPTED_APPLY) from error
    for file in staged:
        if file.old:
            file.old.unlink()


def _stage(root: Path, change: FileChange, staged: list[_Staged]) -> _Staged:
    target = (root / change.path).resolve()
    old = None
    new = _beside(target, "new", change.after)
    try:
        if change.before is not None:
            shutil.copymode(target, new)
            old = _beside(target, "old", change.before)
            shutil.copymode(target, old)
        else:
            new.chmod(_new_file_mode())
    except BaseException:
        new.unlink(missing_ok=True)
        if old:
            old.unlink(missing_ok=True)
        _restore(staged, 0)
        raise
    return _Staged(path=change.path, target=target, new=new, old=old)


def _beside(target: Path, suffix: str, content: bytes) -> Path:
    """A file with that content in the target's folder. Leaves nothing behind if it cannot be written."""
    number, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=f".simple_deploy-{suffix}", dir=target.parent)
    try:
        with open(number, "wb") as file:  # noqa: PTH123 - a descriptor, not a path
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    return Path(name)


def _new_file_mode() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _restore(staged: Sequence[_Staged], replaced: int) -> list[str]:
    """Put the first `replaced` files back and remove what was written beside the others.

    Answers with the former contents that could not be put back, where they stand.
    """
    remaining = []
    for index, file in enumerate(staged):
        try:
            file.new.unlink(missing_ok=True)
            if index >= replaced:
                if file.old:
                    file.old.unlink(missing_ok=True)
            elif file.old:
                Path(file.old).replace(file.target)
            else:
                file.target.unlink(missing_ok=True)
        except OSError:
            remaining.append(str(file.old or file.target))
    return remaining
