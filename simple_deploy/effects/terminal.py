"""Output for people. There is one place to write to, so that the log has everything that is shown."""

from __future__ import annotations

import select
import sys
import textwrap
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import cached_property
from typing import TYPE_CHECKING

from django.core.management.base import OutputWrapper
from django.core.management.color import Style, no_style

from ..masking.redact import visible
from ..messages.stops import Declined
from ..model import Line, Options
from ..text.names import meant, suggestion
from .log import Log

if TYPE_CHECKING:
    from rich.console import Console

    from .progress import Progress

# The style of each role, in rich's words: colour names of the terminal's palette, so that its theme applies.
_LOOKS = {
    "heading": "bold cyan",
    "faint": "dim",
    "command": "bold",
    "old": "red",
    "new": "green",
    "place": "cyan",
    "file": "bold",
}


class Terminal:
    """Lines for people, on the wrapped stream; their content passes the log's redaction.

    `color` is True or False as the user chose; None leaves it to the terminal's capabilities. If the output is not a
    terminal, every line is whole, without colours or moving parts.
    """

    def __init__(self, out: OutputWrapper, style: Style, log: Log, verbosity: int, color: bool | None = None) -> None:
        # Django's wrapper colours everything on stderr as an error; here it carries ordinary text.
        self._out = OutputWrapper(out._out)  # type: ignore[arg-type]
        self._style = no_style() if color is False else style
        self._log = log
        self._verbosity = verbosity
        self._color = color
        self._moving: Progress | None = None

    def say(self, text: str = "", style: str | None = None, *, level: int = 1) -> None:
        """Show lines if the verbosity is at least `level`; they are logged in any case.

        `style` is a role of Django's palette (SUCCESS, WARNING, NOTICE, ...). A character that the terminal's encoding
        lacks is replaced, never an error.
        """
        text = self._log.redact(text)
        self._log.write(text)
        if self._verbosity < level:
            return
        text = self._encodable(text)
        self._out.write(getattr(self._style, style)(text) if style else text)
        self._out.flush()

    def show(self, lines: Iterable[Line]) -> None:
        """Show lines in the style of their roles: coloured and folded on a terminal, plain elsewhere."""
        for line in lines:
            text = self._log.redact(line.text)
            self._log.write(text)
            if self._verbosity > 0:
                self._show(self._encodable(text), line)
        self._out.flush()

    def _show(self, text: str, line: Line) -> None:
        if not self._out.isatty() and not self._color:
            self._out.write(text)
            return
        from rich.text import Text

        folded = _folded(text, self._console.width, line.hang) if line.folds and self._out.isatty() else [text]
        for part in folded:
            self._console.print(Text(part, style=_LOOKS.get(line.role, "")), soft_wrap=True)

    @contextmanager
    def working(self, title: str) -> Iterator[Callable[[str], None]]:
        """Show that something is going on while the body runs, and one line when it is done.

        The body calls the function with each line that a program prints: it is shown as far as there is room, and
        complete at verbosity 2.
        """
        started = time.monotonic()
        progress = self._progress(title)
        if progress is None:
            self.say(f"> {title}", "MIGRATE_HEADING")

        def heard(line: str) -> None:
            line = self._log.redact.output(line)
            if progress:
                progress.last = self._fit(line)
            self.say(f"    {line}".rstrip(), level=2)

        self._moving = progress
        try:
            with progress or nullcontext():
                yield heard
        finally:
            self._moving = None
        seconds = f"{time.monotonic() - started:.1f} s"
        if progress is None:
            self.say(f"  done in {seconds}")
        else:
            mark = "✓" if self._encodable("✓") == "✓" else "+"
            self.say(f"{mark} {title} ({seconds})", "SUCCESS")

    def _progress(self, title: str) -> Progress | None:
        """A moving display, if possible; at verbosity 2 the output itself shows progress."""
        if self._verbosity != 1 or not self._out.isatty() or self._console.is_dumb_terminal:
            return None
        from .progress import Progress

        return Progress(self._console, self._fit(title))

    @cached_property
    def _console(self) -> Console:
        from rich.console import Console

        return Console(
            file=self._out._out,  # type: ignore[arg-type]
            force_terminal=self._out.isatty(),
            # Set explicitly: rich would give NO_COLOR precedence over --force-color.
            no_color=self._color is False,
            color_system=None if self._color is False else "standard" if self._color else "auto",
            highlight=False,
        )

    def _fit(self, text: str) -> str:
        return self._encodable(self._log.redact(text))

    def _encodable(self, text: str) -> str:
        encoding = getattr(self._out, "encoding", None) or "utf-8"
        return text.encode(encoding, "replace").decode(encoding)

    @contextmanager
    def talking(self) -> Iterator[Callable[[str], None]]:
        """Stop the moving display while the body runs; the function writes to the terminal immediately."""

        def said(text: str) -> None:
            self._out.write(self._encodable(visible(text)), ending="")
            self._out.flush()

        with self._still():
            yield said

    @contextmanager
    def _still(self) -> Iterator[None]:
        moving = self._moving
        if moving:
            moving.__exit__(None, None, None)
        try:
            yield
        finally:
            if moving:
                moving.__enter__()

    def choose(self, question: str, names: Sequence[str]) -> str:
        """Ask until a name is picked, by its number or by name. Raises Declined for an empty answer or a no."""
        with self._still():
            self._out.write(f"\n{self._fit(question)}")
            for number, name in enumerate(names, start=1):
                self._out.write(self._fit(f"  {number}. {name}"))
            while True:
                answer = self.typed(f"Enter a number from 1 to {len(names)}, a name, or nothing to cancel:")
                if answer in names:
                    return answer
                if answer.lower() in ("", "n", "no"):
                    raise Declined
                if answer.isdecimal() and 1 <= int(answer) <= len(names):
                    return names[int(answer) - 1]
                if found := meant(answer, names):
                    return found
                self._out.write(self._fit(f'"{visible(answer)}" is none of these{suggestion(answer, names)}'))

    def choice(self, options: Options) -> Callable[[str, Sequence[str]], str | None]:
        """`choose` in an interactive run; else a function that returns None."""
        asks = self.interactive() and not options.yes
        return self.choose if asks else lambda question, names: None

    def confirm(self, question: str) -> bool:
        """Ask until the answer is yes or no; the end of input is a no."""
        self._out.write()
        while True:
            self._log.write(f"? {question}")
            self._out.write(f"{self._fit(question)} [y/N] ", ending="")
            self._out.flush()
            answer = _line()
            self._log.write(f"> {answer.strip()}")
            if answer.strip().lower() in ("y", "yes"):
                return True
            if answer.strip().lower() in ("", "n", "no"):
                return False
            self._out.write('Please answer "yes" or "no".')

    def typed(self, question: str) -> str:
        """What the user types; empty at the end of input."""
        self._log.write(f"? {question}")
        self._out.write(f"{self._fit(question)} ", ending="")
        self._out.flush()
        answer = _line().strip()
        self._log.write(f"> {answer}")
        return answer

    def typed_secret(self, question: str) -> str:
        """What the user types without showing it; empty at the end of input."""
        import getpass

        self._log.write(f"? {question}")
        with self._still():
            try:
                return getpass.getpass(f"{self._fit(question)} ", stream=None)
            except EOFError:
                return ""

    @staticmethod
    def interactive() -> bool:
        """Whether the run is interactive."""
        return sys.stdin is not None and sys.stdin.isatty()


def _line() -> str:
    """A line from the keyboard; empty at the end of input.

    On POSIX, Ctrl-C just before a read does not end the read, so reading starts only when there is input.
    """
    if sys.platform != "win32":
        while not select.select([sys.stdin], [], [], 0.2)[0]:
            pass
    return sys.stdin.readline()


def _folded(text: str, width: int, hang: int) -> list[str]:
    """Prose in lines of at most `width` columns where its words allow it: an address is never split."""
    # The last column stays free: legacy consoles wrap when it is filled.
    wrapper = textwrap.TextWrapper(
        width=max(width - 1, hang + 12),
        subsequent_indent=" " * hang,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    )
    return wrapper.wrap(text) or [""]
