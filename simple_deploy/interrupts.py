"""Ctrl-C where no stage of a run can say more, and where it must wait a moment."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_interrupts() -> Iterator[None]:
    """A KeyboardInterrupt in the body becomes one sentence and the exit status 130.

    It is for what happens outside of the stages: while modules are imported, options read, pages written.
    """
    try:
        yield
    except KeyboardInterrupt:
        from .stops import INTERRUPTED_BETWEEN, Interrupted

        sys.stderr.write(f"Stopped: {Interrupted(INTERRUPTED_BETWEEN)}\n")
        raise SystemExit(Interrupted.exit_status) from None


@contextmanager
def postponed_interrupts() -> Iterator[None]:
    """Ctrl-C in the body takes effect right after it: for what takes no time and must not be cut in two.

    Programs that are started meanwhile hear of it as ever. Where Ctrl-C means nothing, it still means nothing.
    """
    previous = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(previous):
        yield
        return
    heard: list[int] = []
    signal.signal(signal.SIGINT, lambda number, frame: heard.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)
        if heard:
            previous(signal.SIGINT, None)
