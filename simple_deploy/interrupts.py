"""Ctrl-C where no stage of a run can say more: while modules are imported, options read, pages written."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_interrupts() -> Iterator[None]:
    """A KeyboardInterrupt in the body becomes one sentence and the exit status 130."""
    try:
        yield
    except KeyboardInterrupt:
        from .errors import INTERRUPTED_BETWEEN, Interrupted

        sys.stderr.write(f"Stopped: {Interrupted(INTERRUPTED_BETWEEN)}\n")
        raise SystemExit(Interrupted.exit_status) from None
