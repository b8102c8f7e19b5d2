"""Shortages that a test can impose on its own process."""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_NOBODY = 65534


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """No file may grow beyond `size` bytes: writing more fails as on a full disk (POSIX only).

    Python would write the bytecode of a module without its end, and fail to import it from then on: a program that is
    started meanwhile needs PYTHONDONTWRITEBYTECODE.
    """
    writes_none, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    previous = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
        signal.signal(signal.SIGXFSZ, previous)
        sys.dont_write_bytecode = writes_none


@contextmanager
def ordinary_user(folder: str) -> Iterator[None]:
    """As root, act as a user who owns `folder` and no other file (POSIX only)."""
    if os.geteuid() != 0:
        yield
        return
    os.chown(folder, _NOBODY, _NOBODY)
    os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
