"""A lock between processes that ends with the process that holds it, however that process ends.

Not the filelock package: importing it takes longer than the rest of an emulated command.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

DEADLINE = 10.0  # seconds


@contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Hold the lock of this file, which is created and stays. Raises TimeoutError after 10 seconds."""
    with path.open("ab", buffering=0) as file:
        deadline = time.monotonic() + DEADLINE
        while not _locked(file):
            if time.monotonic() > deadline:
                raise TimeoutError(f"Another process holds {path}.")
            time.sleep(0.005)
        yield  # closing the file releases it


def _locked(file: BinaryIO) -> bool:
    with suppress(OSError):  # BlockingIOError on POSIX, PermissionError on Windows
        _lock(file)
        return True
    return False


if sys.platform == "win32":
    import msvcrt

    def _lock(file: BinaryIO) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
