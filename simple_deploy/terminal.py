"""What people see. One place to write to, so that nothing said is missing from the log."""

from __future__ import annotations

import sys

from django.core.management.base import OutputWrapper
from django.core.management.color import Style

from .log import Log


class Terminal:
    """Lines for people, on the wrapped stream; what stands in them passes the log's redaction."""

    def __init__(self, out: OutputWrapper, style: Style, log: Log, verbosity: int) -> None:
        # The wrapper of stderr colours everything as an error; here it carries ordinary words.
        self._out = OutputWrapper(out._out)  # type: ignore[arg-type]
        self._style = style
        self._log = log
        self._verbosity = verbosity

    def say(self, text: str = "", style: str | None = None, *, level: int = 1) -> None:
        """Show lines if the verbosity is at least `level`; they are logged at any rate.

        `style` is a role of Django's palette (SUCCESS, WARNING, NOTICE, ...). A character that the terminal's
        encoding lacks is replaced, never an error.
        """
        text = self._log.redact(text)
        self._log.write(text)
        if self._verbosity < level:
            return
        encoding = getattr(self._out, "encoding", None) or "utf-8"
        shown = text.encode(encoding, "replace").decode(encoding)
        self._out.write(getattr(self._style, style)(shown) if style else shown)
        self._out.flush()

    def confirm(self, question: str) -> bool:
        """Ask until the answer is yes or no; the end of input is a no."""
        while True:
            self._log.write(f"? {question}")
            self._out.write(f"{question} [y/N] ", ending="")
            self._out.flush()
            answer = sys.stdin.readline()
            self._log.write(f"> {answer.strip()}")
            if answer.strip().lower() in ("y", "yes"):
                return True
            if answer.strip().lower() in ("", "n", "no"):
                return False
            self._out.write('Please answer "yes" or "no".')

    @staticmethod
    def interactive() -> bool:
        """Whether somebody is there to answer."""
        return sys.stdin is not None and sys.stdin.isatty()
