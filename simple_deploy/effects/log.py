"""One log per run, in our folder. Independent of `logging`, so a project's LOGGING cannot silence or redirect it.

Secrets never get into it: everything passes through `Redactor`.
"""

from __future__ import annotations

import contextlib
from datetime import datetime
from pathlib import Path

from ..masking.redact import Redactor
from ..model import Ran
from ..text.shell import shown
from .own_folder import create, no_link, own_folder, place, place_name


class Log:
    """The log of one run. Without a folder (no Git root yet, --no-logging, dry run) nothing is kept.

    `name` is its name in messages.
    """

    def __init__(self, redact: Redactor) -> None:
        self.redact = redact
        self.path: Path | None = None
        self.name: str | None = None
        self._lines: list[str] = []

    def open(self, root: Path, now: datetime) -> None:
        """Create the file with everything logged so far. Without a writable folder, the run goes on without a log."""
        with contextlib.suppress(OSError):
            path = own_folder(root) / f"simple_deploy_{now:%Y-%m-%d_%H-%M-%S_%f}.log"
            _write(path, "".join(self._lines))
            self.path, self.name = path, place_name(root, path.name)

    def discard(self, root: Path) -> None:
        """Delete the file, and the folder if it is empty."""
        folder, path = place(root), self.path
        self.path = self.name = None
        with contextlib.suppress(OSError):
            if path:
                path.unlink()
            if [found.name for found in folder.iterdir()] == [".gitignore"]:
                (folder / ".gitignore").unlink()
                folder.rmdir()

    def write(self, text: str) -> None:
        """Add lines, each with the time. Never raises: a full disk must not stop a deployment."""
        stamp = datetime.now().isoformat(timespec="milliseconds")
        lines = [f"{stamp} {line}\n" for line in self.redact(text).splitlines() or [""]]
        if self.path is None:
            self._lines += lines
            return
        added = "".join(lines).encode(errors="backslashreplace")
        with contextlib.suppress(OSError), open(self.path, "ab", opener=no_link) as file:
            file.write(added)

    def beside(self, suffix: str, text: str) -> Path | None:
        """Write a file of another kind next to the log; None if there is no log or no space for the file."""
        if self.path is None:
            return None
        path = self.path.with_suffix(suffix)
        try:
            _write(path, self.redact(text))
        except OSError:
            return None
        return path

    def ran(self, ran: Ran, output: bool = True) -> None:
        """Add a finished command: exit status, seconds, and the output of both streams."""
        self.write(f"$ {shown(ran.argv)}  [exit {ran.returncode}, {ran.seconds:.2f} s]")
        for stream in (ran.stdout, ran.stderr) if output else (ran.stderr,):
            if stream.strip():
                lines = self.redact.output(stream.replace("\0", " ")).rstrip().splitlines()
                self.write("\n".join(f"  | {line}" for line in lines))


def _write(path: Path, text: str) -> None:
    with create(path) as file:
        file.write(text.encode(errors="backslashreplace"))
