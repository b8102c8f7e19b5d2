"""What a test lets go wrong on Heroku's side."""

from __future__ import annotations

from collections.abc import Callable

from matrix.emulators.heroku.model import Fault
from matrix.emulators.heroku.state import State

HANG_LIMIT = 3600.0  # seconds: whoever waits for a hanging command has given up long before


def under_faults(state: State, command: str, work: Callable[[], int], complain: Callable[[str], None]) -> int:
    """The status of `work`, unless a fault waits for `command`: it comes instead of the work, or after it."""
    fault = state.take_fault(command)
    if fault is None:
        return work()
    if fault.get("after"):
        work()
    return _suffer(fault, complain)


def _suffer(fault: Fault, complain: Callable[[str], None]) -> int:
    if fault.get("hang"):
        import threading

        threading.Event().wait(HANG_LIMIT)
    if fault.get("stderr"):
        complain(fault["stderr"].rstrip("\n"))
    return fault.get("returncode", 1)
