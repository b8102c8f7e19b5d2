"""Standard output and standard error that no one has to read to the end: `| head -1`, `>&-`, a full disk."""

from __future__ import annotations

import os
from typing import Any, TextIO


class Outlet:
    """A stream that goes silent when it cannot be written to any more: what is said stands in the log, too.

    `None` is what Python has for a stream that was closed when the program started.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """As a stream does it, but never raises OSError."""
        if self._stream:
            try:
                self._stream.write(text)
            except OSError:
                self._silence()
        return len(text)

    def flush(self) -> None:
        """As a stream does it, but never raises OSError."""
        if self._stream:
            try:
                self._stream.flush()
            except OSError:
                self._silence()

    def isatty(self) -> bool:
        """Whether someone looks at it."""
        return self._stream is not None and self._stream.isatty()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def _silence(self) -> None:
        """What is still buffered is written when Python ends: it has to go somewhere (Python, "Note on SIGPIPE")."""
        assert self._stream is not None
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stream.fileno())
        os.close(nowhere)
