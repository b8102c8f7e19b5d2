"""A sandbox: one throwaway machine for one developer and one project."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matrix.sandbox.sites import Sites


@dataclass(frozen=True, kw_only=True)
class Completed:
    """A command that ended. Output is UTF-8 text with `\\n` line ends."""

    argv: tuple[str, ...]
    returncode: int
    stdout: str
    stderr: str


class CommandFailed(Exception):
    """A command ended with another status than 0. `completed` has its output."""

    def __init__(self, completed: Completed) -> None:
        super().__init__(completed)
        self.completed = completed


class CommandTimedOut(CommandFailed):
    """A command did not end in time and was killed with all its children; raised with `check=False` too."""


class Sandbox:
    """One throwaway machine. Everything of it is inside `root`, and all of it dies on `close`."""

    root: Path
    home: Path
    bin: Path
    work: Path
    env: dict[str, str]
    sites: Sites
    postgres: Any  # Databases: create_database(name) -> url, drop_database(name)

    @classmethod
    @contextmanager
    def create(cls, parent: Path | None = None, *, keep: bool = False) -> Iterator[Sandbox]:
        """A new sandbox in a new folder under `parent` (default: the temporary folder); `keep` leaves the folder."""
        raise NotImplementedError

    def run(
        self,
        argv: Sequence[str | Path],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        input: str | None = None,
        timeout: float = 120,
        check: bool = True,
    ) -> Completed:
        """Run a command as the developer would, `env` on top of the sandbox's own; cwd defaults to `work`.

        Raises `CommandFailed` (if `check`) and `CommandTimedOut`.
        """
        raise NotImplementedError

    def popen(self, argv: Sequence[str | Path], **options: Any) -> subprocess.Popen[str]:
        """Start a command in a process group of its own, with pipes for its output; it dies with the sandbox."""
        raise NotImplementedError

    def install_command(self, name: str, module: str) -> Path:
        """Put a command on PATH that calls `main(root: Path, argv: list[str]) -> int` of `module`."""
        raise NotImplementedError

    def close(self) -> None:
        """End every process and database of this sandbox and remove its folder."""
        raise NotImplementedError
