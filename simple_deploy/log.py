"""One log a run, in `simple_deploy_logs/` at the Git root. Independent of `logging`, so a project's LOGGING
cannot silence or redirect it. Secrets never get into it: everything passes `Redactor`."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from .model import MASK, Ran, Secret
from .shell import shown

FOLDER = "simple_deploy_logs"
_CREDENTIALS = re.compile(r"(?P<before>\b[a-z][a-z0-9+.-]*://)[^\s/@]+@", re.IGNORECASE)
# A variable with a telling name, as CLIs echo it ("SECRET_KEY: value", "API_TOKEN=value").
_TELLING = re.compile(
    r"(?P<name>\b[A-Z0-9_]*(?:SECRET|PASSWORD|TOKEN|PRIVATE|API_KEY|SECRET_KEY)[A-Z0-9_]*\b[\"']?\s*[:=]\s*)"
    r"(?P<value>\"[^\"\n]*\"|'[^'\n]*'|[^\s,;]+)"
)


# What moves the cursor, colours text or rings the bell: other programs must not do that on the user's terminal.
CONTROL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|[\x00-\x1f\x7f-\x9f]")


def secrets_in(environment: Mapping[str, str]) -> list[Secret]:
    """The values of variables with a telling name: other programs may say them where nothing gives them away."""
    # A short value ("1", "true") is no secret, and masking it would tear holes into ordinary words.
    return [Secret(value) for name, value in environment.items() if _TELLING.match(f"{name}=x") and len(value) >= 8]


class Redactor:
    """Takes secrets out of text: those of this run by value, and what stands in the address of a service."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._values = [secret.reveal() for secret in secrets if secret.reveal()]

    def __call__(self, text: str) -> str:
        """Our own text with every secret masked."""
        for value in self._values:
            text = text.replace(value, MASK)
        return _CREDENTIALS.sub(rf"\g<before>{MASK}@", text)

    def output(self, text: str) -> str:
        """What another program said, with every secret masked, also one that only its name gives away."""
        return _TELLING.sub(rf"\g<name>{MASK}", self(text))


def own_folder(root: Path) -> Path:
    """`simple_deploy_logs/` at the Git root, made if there is none; it ignores itself. Raises OSError."""
    folder = root / FOLDER
    folder.mkdir(exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_bytes(b"# Logs of simple_deploy: this folder ignores itself.\n*\n")
    return folder


class Log:
    """The log of one run. Without a folder (no Git root yet, --no-logging, dry run) it keeps nothing."""

    def __init__(self, redact: Redactor) -> None:
        self.redact = redact
        self.path: Path | None = None
        self._lines: list[str] = []

    def open(self, root: Path, now: datetime) -> None:
        """Begin the file, with what was said so far. A folder that cannot be written leaves the run without."""
        with contextlib.suppress(OSError):
            path = own_folder(root) / f"simple_deploy_{now:%Y-%m-%d_%H-%M-%S_%f}.log"
            path.write_text("".join(self._lines), encoding="utf-8", errors="backslashreplace", newline="\n")
            self.path = path

    def discard(self, root: Path) -> None:
        """Take the file away, and the folder if nothing else is in it."""
        folder, path, self.path = root / FOLDER, self.path, None
        with contextlib.suppress(OSError):
            if path:
                path.unlink()
            if [found.name for found in folder.iterdir()] == [".gitignore"]:
                (folder / ".gitignore").unlink()
                folder.rmdir()

    @property
    def name(self) -> str | None:
        """The log as it is shown to people, relative to the Git root."""
        return f"{FOLDER}/{self.path.name}" if self.path else None

    def write(self, text: str) -> None:
        """Add lines, each with the time. Never raises: a full disk must not stop a deployment."""
        stamp = datetime.now().isoformat(timespec="milliseconds")
        lines = [f"{stamp} {line}\n" for line in self.redact(text).splitlines() or [""]]
        if self.path is None:
            self._lines += lines
            return
        added = "".join(lines).encode(errors="backslashreplace")
        with contextlib.suppress(OSError), self.path.open("ab") as file:
            file.write(added)

    def beside(self, suffix: str, text: str) -> Path | None:
        """Write a file of another kind next to the log; None where there is no log, or no room for the file."""
        if self.path is None:
            return None
        path = self.path.with_suffix(suffix)
        try:
            path.write_text(self.redact(text), encoding="utf-8", newline="\n")
        except OSError:
            return None
        return path

    def ran(self, ran: Ran, output: bool = True) -> None:
        """Add a finished command: exit status, seconds, and what it said on both streams."""
        self.write(f"$ {shown(ran.argv)}  [exit {ran.returncode}, {ran.seconds:.2f} s]")
        for stream in (ran.stdout, ran.stderr) if output else (ran.stderr,):
            if stream.strip():
                lines = self.redact.output(stream.replace("\0", " ")).rstrip().splitlines()
                self.write("\n".join(f"  | {line}" for line in lines))
