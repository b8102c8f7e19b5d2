"""How every emulated command begins and ends. It imports little: a deployment calls such a command many times."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from matrix.emulators._kit.faults import under_faults
from matrix.emulators._kit.store import Store


class CommandFailed(Exception):
    """What ends an emulated command early, with its exit status; each platform shows it in its own way."""

    status: int

    def show(self) -> None:
        """Print it."""
        raise NotImplementedError


class Named(Protocol):
    """A command line, understood. Faults wait for it by this name."""

    @property
    def command(self) -> str: ...  # noqa: D102


Call = TypeVar("Call", bound=Named)


def answer(
    store: Store[Any],
    argv: list[str],
    understand: Callable[[list[str]], Call],
    carry_out: Callable[[Call], int],
    note: Callable[[str], None],
    *,
    interrupted: int,
) -> int:
    """Understand and carry out a command line, or suffer the fault that waits for it, and record the call.

    The exit status; `interrupted` is the one after Ctrl-C.
    """
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    try:
        call = understand(argv)
        status = under_faults(store, call.command, lambda: carry_out(call), note)
    except CommandFailed as error:
        error.show()
        status = error.status
    except KeyboardInterrupt:
        status = interrupted
    store.record_call(argv, status)
    return status
