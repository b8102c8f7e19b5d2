"""Standard output and standard error that may be closed early: `| head -1`, `>&-`, a full disk."""

from __future__ import annotations

import json
import os
import sys
from typing import Any, TextIO

from ..messages.stops import Stop, as_json


class Outlet:
    """A stream that goes silent when it can no longer be written to: the log has the same text.

    `None` is Python's value for a stream that was closed when the program started.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write like a stream, but never raise OSError."""
        if self._stream:
            try:
                self._stream.write(text)
            except OSError:
                self._silence()
        return len(text)

    def flush(self) -> None:
        """Flush like a stream, but never raise OSError."""
        if self._stream:
            try:
                self._stream.flush()
            except OSError:
                self._silence()

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._stream is not None and self._stream.isatty()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def _silence(self) -> None:
        """Redirect what is still buffered, which Python writes at exit (Python, "Note on SIGPIPE")."""
        assert self._stream is not None
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stream.fileno())
        os.close(nowhere)


def stopped(stop: Stop, message: str, *, in_json: bool, platform: str | None = None) -> int:
    """Report a stop before the command itself has started, in JSON too if asked for, and return the exit status."""
    if in_json:
        failed = as_json(stop, message, platform=platform, log=None)
        Outlet(sys.stdout).write(f"{json.dumps(failed, indent=2)}\n")
    Outlet(sys.stderr).write(f"Stopped: {message}\n")
    return stop.exit_status
