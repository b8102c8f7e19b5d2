"""Faults that a test sets on the platform's side, with the same names on every platform."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from .store import Store

HANG_LIMIT = 3600.0  # seconds: callers of a hanging command give up long before


class Fault(TypedDict, total=False):
    """What goes wrong, how often (default: once), and whether the command does its work first.

    `command` is the name of a command, as returned by the emulator's `command`, or of a part of the platform's own work
    ("build", "release"); `stdout` and `stderr` are its output.
    """

    command: str
    times: int
    after: bool
    hang: bool
    stdout: str
    stderr: str
    returncode: int


def under_faults(store: Store[Any], command: str, work: Callable[[], int], complain: Callable[[str], None]) -> int:
    """The status of `work`, or of the fault set for `command`, which replaces the work or comes after it."""
    fault = store.take_fault(command)
    if fault is None:
        return work()
    if fault.get("after"):
        work()
    return _suffer(fault, complain)


def _suffer(fault: Fault, complain: Callable[[str], None]) -> int:
    if fault.get("hang"):
        import threading

        threading.Event().wait(HANG_LIMIT)
    if fault.get("stdout"):
        print(fault["stdout"], flush=True)  # noqa: T201  (it is the command's own output)
    if fault.get("stderr"):
        complain(fault["stderr"].rstrip("\n"))
    return fault.get("returncode", 1)
