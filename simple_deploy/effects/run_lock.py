"""One run at a time in a project: an operating-system lock, which ends with the process that holds it."""

from __future__ import annotations

import errno
import json
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from ..messages.stops import NO_LOCKS, Busy
from ..model import Plain
from ..text.typed_json import typed
from .interrupts import postponed_interrupts
from .own_folder import keep_owner, no_link, own_folder, place, place_name, read

NAME = "running.json"
# The errors for a lock held by another process; anything else means that locks are not supported here.
_TAKEN = {errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK}


@dataclass(frozen=True, kw_only=True)
class _Owner:
    pid: int
    host: Plain
    since: Plain


@contextmanager
def run_lock(root: Path, now: datetime, warn: Callable[[str], None]) -> Iterator[None]:
    """Ensure that no other run works in this project meanwhile. Raises Busy with the other one's process, host and
    start.

    A folder that is not writable has no lock file: nothing can be changed there either. `warn` is called if the file
    system does not support locks.
    """
    file = None
    try:
        # A postponed interrupt arrives at the end of this block, when the file is known and can be removed.
        with postponed_interrupts():
            file = _locked(root, warn)
            _write(file, f"{now:%Y-%m-%d %H:%M:%S}")
        yield
    finally:
        if file:
            with postponed_interrupts():
                _release(file, place(root) / NAME)


def _locked(root: Path, warn: Callable[[str], None]) -> BinaryIO | None:
    """The file, locked. One that its owner removed after it was opened here no longer excludes others."""
    while file := _open(root):
        if _taken(file, warn):
            file.close()
            raise Busy(_owner(root), place_name(root, NAME))
        with suppress(OSError):
            if os.path.samestat(os.fstat(file.fileno()), (place(root) / NAME).stat()):
                return file
        file.close()
    return None


def _open(root: Path) -> BinaryIO | None:
    with suppress(OSError):
        path = own_folder(root) / NAME
        file = open(path, "a+b", buffering=0, opener=no_link)  # noqa: SIM115 - the caller closes it
        with suppress(FileNotFoundError):  # its owner has removed it: `_locked` opens the next one
            keep_owner(path, path.parent)
        return file
    return None


def _taken(file: BinaryIO, warn: Callable[[str], None]) -> bool:
    try:
        _lock(file)
    except OSError as error:
        if error.errno in _TAKEN:
            return True
        warn(NO_LOCKS)
    return False


def _write(file: BinaryIO | None, since: str) -> None:
    owner = _Owner(pid=os.getpid(), host=socket.gethostname(), since=since)
    if file:
        with suppress(OSError):
            file.truncate(0)
            file.write(json.dumps(asdict(owner)).encode())


def _owner(root: Path) -> str:
    """The run at work; empty if the file does not name it."""
    try:
        owner: _Owner = typed(_Owner, json.loads(read(place(root) / NAME)), "owner")
    except (OSError, ValueError, RecursionError):
        return ""
    return f"process {owner.pid} on {owner.host}, since {owner.since}"


if sys.platform == "win32":
    import msvcrt

    def _lock(file: BinaryIO) -> None:
        """Lock one byte far behind the text: others could not read what is locked."""
        file.seek(1 << 30)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

    def _release(file: BinaryIO, path: Path) -> None:
        """Remove the file: Windows does so only while no run has it open."""
        file.close()
        with suppress(OSError):
            path.unlink()

else:
    import fcntl

    def _lock(file: BinaryIO) -> None:
        """Lock the file, as long as it is open."""
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _release(file: BinaryIO, path: Path) -> None:
        """Remove the file while it is locked: a process that has opened it meanwhile can tell that it is gone."""
        with suppress(OSError):
            path.unlink()
        file.close()
