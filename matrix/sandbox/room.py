"""The size of the cache: what was used least recently is removed, but nothing that a running sandbox uses."""

from __future__ import annotations

import contextlib
import math
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from . import seals

KEPT = 20e9  # bytes; all cells need about 12e9
_INTERRUPTED = 1e8  # bytes; what a folder counts whose build did not finish
_JUST_USED = 600.0  # seconds; for those who use a folder without a sandbox


@contextmanager
def in_use(environments: Path) -> Iterator[None]:
    """Until then no folder is removed that is used from now on; it also ends when this process dies."""
    mark = environments / f"{uuid.uuid4().hex}.begun"
    environments.mkdir(parents=True, exist_ok=True)
    with FileLock(_running(mark)):
        mark.touch()
        try:
            yield
        finally:
            mark.unlink(missing_ok=True)
    _running(mark).unlink(missing_ok=True)


def make(environments: Path, most: float = KEPT, *, just_used: float = _JUST_USED, seconds: float = 10.0) -> None:
    """Remove the folders unused for longest until the others have `most` bytes.

    It ends after `seconds`: removing many at once would stop every other program that writes to the disk.
    """
    end = time.monotonic() + seconds
    for folder in _unused(environments, most, just_used):
        forget(folder)
        if time.monotonic() > end:
            break


def forget(folder: Path) -> None:
    """Remove a cached folder."""
    for name in (record, key, size):
        name(folder).unlink(missing_ok=True)
    seals.remove(folder)


def record(folder: Path) -> Path:
    """The file with the contents of a cached folder; it is written last."""
    return folder.with_suffix(".sealed")


def key(folder: Path) -> Path:
    """The file with the key of a cached folder; it is touched at each use."""
    return folder.with_suffix(".json")


def size(folder: Path) -> Path:
    """The file with the bytes in a cached folder."""
    return folder.with_suffix(".bytes")


def _unused(environments: Path, most: float, just_used: float) -> list[Path]:
    """The cached folders to remove, those unused for longest first."""
    used: list[tuple[float, float, Path]] = []
    for named in environments.glob("*.json"):
        with contextlib.suppress(FileNotFoundError):  # another process may remove it at the same time
            used.append((named.stat().st_mtime, _bytes(named.with_suffix("")), named.with_suffix("")))
    needed_since = min(_now(environments) - just_used, _oldest_begun(environments))
    excess = sum(size for _, size, _ in used) - most
    unused = []
    for last, bytes_, folder in sorted(used):
        if excess > 0 and last < needed_since:
            unused.append(folder)
            excess -= bytes_
    return unused


def _now(environments: Path) -> float:
    """The time of the file system, whose clock may differ from this process's."""
    clock = environments / f"{uuid.uuid4().hex}.clock"
    clock.touch()
    now = clock.stat().st_mtime
    clock.unlink()
    return now


def _oldest_begun(environments: Path) -> float:
    """When the oldest sandbox that still exists was created; infinity if there is none."""
    begun = [math.inf]
    for mark in environments.glob("*.begun"):
        try:
            with FileLock(_running(mark), blocking=False):  # its process has died
                mark.unlink(missing_ok=True)
            _running(mark).unlink(missing_ok=True)
        except Timeout:
            with contextlib.suppress(FileNotFoundError):
                begun.append(mark.stat().st_mtime)
    return min(begun)


def _running(mark: Path) -> Path:
    return mark.with_suffix(".running")


def _bytes(folder: Path) -> float:
    try:
        return float(size(folder).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return _INTERRUPTED
