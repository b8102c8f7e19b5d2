"""One run at a time in a project: a file that only one process can create, and that names its owner."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from .errors import Busy
from .interrupts import postponed_interrupts
from .log import FOLDER, own_folder
from .text_file import content

NAME = f"{FOLDER}/running.json"


@contextmanager
def alone(root: Path, now: datetime) -> Iterator[None]:
    """Nobody else runs in this project meanwhile. Raises Busy with the owner's process, host and start.

    The file of a process that has died on this host is taken over. A folder that cannot be written, or a disk that
    is full, has no such file: nothing can be changed there either.
    """
    path = root / NAME
    owner = {"pid": os.getpid(), "host": socket.gethostname(), "since": f"{now:%Y-%m-%d %H:%M:%S}"}
    held = False
    try:
        with contextlib.suppress(OSError):
            with postponed_interrupts():
                own_folder(root)
                held = _create(path, owner) or (_clear_stale(path) and _create(path, owner))
            if not held:
                raise Busy(_read(path), NAME)
        yield
    finally:
        if held:
            with postponed_interrupts(), contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def _create(path: Path, owner: dict[str, Any]) -> bool:
    try:
        file = path.open("xb")
    except FileExistsError:
        return False
    try:
        with file:
            file.write(json.dumps(owner).encode())
    except OSError:
        path.unlink()
        raise
    return True


def _read(path: Path) -> dict[str, Any]:
    """The owner; empty if the file has gone or says nothing that can be understood."""
    try:
        owner = json.loads(content(path))
    except (OSError, ValueError):
        return {}
    return owner if isinstance(owner, dict) else {}


def _clear_stale(path: Path) -> bool:
    """Whether the owner is dead and its file is out of the way now.

    The file is renamed before it is deleted, and looked at again: two runs that find it stale at the same time
    cannot both take it, and neither takes that of the other.
    """
    owner = _read(path)
    if not owner or owner.get("host") != socket.gethostname() or _lives(owner.get("pid")):
        return False
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.replace(aside)
    except FileNotFoundError:
        return True
    if _read(aside) != owner:
        aside.replace(path)
        return False
    aside.unlink()
    return True


def _lives(pid: object) -> bool:
    if not isinstance(pid, int) or pid <= 0:
        return False
    if sys.platform == "win32":
        return _lives_on_windows(pid)
    try:
        os.kill(pid, 0)  # asks only
    except ProcessLookupError:
        return False
    except OSError:
        return True  # somebody else's
    return True


if sys.platform == "win32":

    def _lives_on_windows(pid: int) -> bool:
        """There, `os.kill(pid, 0)` would not ask but send Ctrl-C."""
        import ctypes

        synchronize, still_running = 0x00100000, 0x00000102
        handle = ctypes.windll.kernel32.OpenProcess(synchronize, False, pid)
        if not handle:
            return False
        try:
            return bool(ctypes.windll.kernel32.WaitForSingleObject(handle, 0) == still_running)
        finally:
            ctypes.windll.kernel32.CloseHandle(handle)
