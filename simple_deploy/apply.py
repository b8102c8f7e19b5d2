"""The only writer into the user's project: all files or none, even if the process is killed half-way."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from . import receipt
from .effects.own_folder import PRIVATE, create, make_folder
from .effects.place import Misplaced, target
from .messages.errors import misplaced
from .messages.stops import INTERRUPTED_APPLY, ApplyFailed, ChangedMeanwhile, Interrupted, RestoreFailed
from .model import Problem, Rewrite
from .receipt import Restored, Run, Touched, Writer
from .text.text_file import content


def apply(writer: Writer, changes: Sequence[Rewrite]) -> None:
    """Write every change. Raises ApplyFailed, ChangedMeanwhile or Interrupted with all files as they were before.

    Everything that needs disk space is written first: the previous contents into the backup, the receipt, the new
    contents next to their targets, and the final receipt. After that, files are only renamed. Links are followed, so a
    link stays a link; a file keeps its mode.
    """
    path = ""
    try:
        for change in changes:
            path = change.path
            if current(writer.root, path) != change.before:
                raise ChangedMeanwhile(path)
        path = receipt.name(writer.root)
        writer.begin(changes)
        staged = []
        for change in changes:
            path = change.path
            staged.append((change, _written(writer, path, change.after)))
        path = receipt.name(writer.root)
        record = writer.ready("written")
        for change, swap in staged:
            path = change.path
            _swap(*swap)
            if change.after is None:
                _discard_empty(writer.root, swap[0].parent)
        path = receipt.name(writer.root)
        record()
    except OSError as error:
        _put_right(writer)
        raise ApplyFailed(path, error.strerror or str(error)) from error
    except KeyboardInterrupt as error:
        _put_right(writer)
        raise Interrupted(INTERRUPTED_APPLY) from error
    except BaseException:
        _put_right(writer)
        raise


def recover(root: Path) -> Restored | None:
    """Restore what a killed run left half-written; None if there is nothing to restore. Raises RestoreFailed."""
    broken = receipt.half_written(root)
    return _restore(Writer(root, broken)) if broken else None


def misplaced_problems(root: Path, changes: Iterable[Rewrite]) -> Iterator[Problem]:
    """The changes that no run may make."""
    for change in changes:
        try:
            target(root, change.path)
        except Misplaced as error:
            yield misplaced(path=change.path, reason=error.strerror)


def current(root: Path, path: str) -> bytes | None:
    """The current content of the file; None if it does not exist. Raises OSError."""
    try:
        return content(target(root, path))
    except FileNotFoundError:
        return None


def _put_right(writer: Writer) -> None:
    # If even the receipt could not be written, nothing else was.
    if writer.run.files_state != "none":
        _restore(writer)


def _restore(writer: Writer) -> Restored:
    """Restore every file to its state before the run, except those edited since. Raises RestoreFailed."""
    restored = Restored()
    remaining: list[tuple[str, str]] = []
    for file in writer.run.files:
        try:
            _restore_one(writer, file, restored)
        except OSError as error:
            remaining.append((file.path, error.strerror or str(error)))
    if not remaining:
        try:
            writer.files("restored")
        except OSError as error:
            remaining.append((receipt.name(writer.root), error.strerror or str(error)))
    if remaining:
        raise RestoreFailed(remaining, receipt.backups(writer.root))
    return restored


def _restore_one(writer: Writer, file: Touched, restored: Restored) -> None:
    _discard(_beside(writer.run, target(writer.root, file.path)))
    now = receipt.digest(current(writer.root, file.path))
    if now == file.before:
        restored.back.append(file.path)
    elif now == file.after:
        before = None if file.before is None else receipt.kept(writer.root, file.before)
        _swap(*_written(writer, file.path, before))
        restored.back.append(file.path)
    else:
        restored.edited.append((file.path, file.before and receipt.backup(writer.root, file.before)))
    if file.before is None:
        _discard_empty(writer.root, target(writer.root, file.path).parent)


def _beside(run: Run, place: Path) -> Path:
    token = "".join(filter(str.isalnum, run.id))
    return place.with_name(f".{place.name}.{token}.simple_deploy-new")


def _written(writer: Writer, path: str, content: bytes | None) -> tuple[Path, Path | None]:
    """The path of a file and of its new content next to it; None if the file is to be deleted."""
    place = target(writer.root, path)
    if content is None:
        return place, None
    new = _beside(writer.run, place)
    make_folder(place.parent)
    try:
        previous = place if place.exists() else None
        with create(new, PRIVATE if previous else 0o666, like=previous) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if previous:
            shutil.copymode(previous, new)
    except BaseException:
        _discard(new)
        raise
    return place, new


def _swap(place: Path, new: Path | None) -> None:
    if new is None:
        place.unlink(missing_ok=True)
        return
    try:
        new.replace(place)
    except BaseException:
        _discard(new)
        raise


def _discard(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def _discard_empty(root: Path, folder: Path) -> None:
    """Remove empty folders, up to the Git root: Git does not track them."""
    with contextlib.suppress(OSError):
        while folder.is_relative_to(root) and folder != root:
            folder.rmdir()
            folder = folder.parent
