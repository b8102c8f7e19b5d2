"""A display that moves while a command runs, on a terminal only."""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console
from rich.live import Live
from rich.text import Text

# ASCII, which every console supports.
_FRAMES = "|/-\\"


class Progress:
    """A spinner, the current action, its duration, and the last line of output; removed completely at the end."""

    def __init__(self, console: Console, title: str) -> None:
        self.last = ""
        self._title = title
        self._console = console
        self._started = time.monotonic()
        self._live = Live(
            get_renderable=self._text,
            console=console,
            refresh_per_second=8,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def __enter__(self) -> None:
        self._live.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def _text(self) -> Text:
        seconds = time.monotonic() - self._started
        frame = _FRAMES[int(seconds * 8) % len(_FRAMES)]
        lines = [f"{frame} {int(seconds) // 60}:{int(seconds) % 60:02} {self._title}"]
        if self.last:
            lines.append(f"       {' '.join(self.last.split())}")
        parts = [Text(line, style="dim" if number else "") for number, line in enumerate(lines)]
        for part in parts:
            # A wrapped line could not be erased.
            part.truncate(self._console.width - 1, overflow="crop")
        return Text("\n").join(parts)
