"""Ctrl-C where no stage of a run handles it, and where it must be delayed for a moment."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_interrupts() -> Iterator[None]:
    """Turn a KeyboardInterrupt in the body into one sentence and exit status 130.

    For what happens outside the stages: importing modules, parsing options, writing pages.
    """
    try:
        yield
    except KeyboardInterrupt:
        from ..messages.stops import INTERRUPTED_BETWEEN, Interrupted

        sys.stderr.write(f"Stopped: {Interrupted(INTERRUPTED_BETWEEN)}\n")
        raise SystemExit(Interrupted.exit_status) from None


@contextmanager
def postponed_interrupts() -> Iterator[None]:
    """Delay Ctrl-C until the body has ended: for short work that must not be interrupted.

    Programs that are started meanwhile receive it as usual. If Ctrl-C was ignored before, it still is.
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
