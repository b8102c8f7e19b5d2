"""An emulated platform: its contract with the harness, and how its CLI runs a command."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar
from urllib.parse import urlsplit

from .console import CommandFailed, note
from .faults import under_faults
from .session import Session
from .store import Store
from .style import Style

if TYPE_CHECKING:
    from ...sandbox.machine import Sandbox

State = TypeVar("State", bound=Store[Any])


class Hosts(NamedTuple):
    """The host names of a platform's sites, and the pages of its router."""

    suffix: str
    unknown_host_page: bytes
    dead_site_page: bytes
    unknown_host_status: int = 404


class Emulation(ABC, Generic[State]):
    """The contract of `matrix.emulators.Emulator`, for a platform made of a table, a state and functions.

    `module` has an instance as EMULATOR, and its `main` as the program of its CLI; `commands` is the package of the
    modules that the table of commands names.
    """

    module: str
    commands: str
    executables: tuple[str, ...]
    hosts: Hosts
    reader: Style
    state_type: type[State]
    session_type: type[Session[State]]
    interrupted = 130  # the exit status of its CLI after Ctrl-C
    UNATTENDED: Sequence[str] = ()

    @property
    def ENVIRONMENT(self) -> Mapping[str, str]:
        """The environment of a web process, for an app named `blog`: `environment.txt`."""
        path = Path(str(sys.modules[self.module].__file__)).with_name("environment.txt")
        lines = path.read_text(encoding="utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines if not line.startswith("#"))

    def store(self, root: Path) -> State:
        """The platform's state in the sandbox at `root`."""
        return self.state_type(root)

    @abstractmethod
    def secrets(self, root: Path) -> Sequence[str]:
        """Every value on the account that must not appear anywhere else."""

    @abstractmethod
    def inventory(self, root: Path) -> Mapping[str, Any]:
        """Everything that exists on the account, including releases: equal means unchanged."""

    @property
    def READING(self) -> frozenset[str]:
        """The commands that change nothing."""
        return self.reader.grammar.reading

    def command(self, argv: Sequence[str]) -> str:
        """The command that these arguments call, without any alias."""
        return self.reader.command(argv)

    def refusal(self, argv: Sequence[str]) -> str | None:
        """Why the CLI would reject a command line; None if it would not. Nothing is run."""
        return self.reader.refusal(argv)

    def obstacle(self, python: str = "") -> str:
        """Why this machine cannot emulate the platform for projects with this Python; empty if it can."""
        return ""

    def not_emulated(self, root: Path, project: Path) -> str:
        """What the platform would do with this configured project, and the emulation cannot."""
        return ""

    def builder(self, root: Path) -> str:
        """The program that built the last app, if there is a choice."""
        return ""

    def install(self, box: Sandbox) -> None:
        """Put the CLI on PATH, answer for the platform's hosts, and log a developer in."""
        self.store(box.root).create()
        for name in self.executables:
            box.install_command(name, self.module)
        suffix, unknown, dead, status = self.hosts
        box.sites.claim_suffix(suffix, unknown_host_page=unknown, status=status, dead_site_page=dead)

    def main(self, root: Path, argv: list[str]) -> int:
        """Run a command line without its first word, or the fault set for it, and record the call."""
        for stream in (sys.stdout, sys.stderr):
            stream.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
        state = self.store(root)
        try:
            call = self.reader.understand(argv)
            status = under_faults(state, call.command, lambda: self._carry_out(self.session_type(state, call)), note)
        except CommandFailed as error:
            error.show()
            status = error.status
        except KeyboardInterrupt:
            status = self.interrupted
        state.record_call(argv, status)
        return status

    def _carry_out(self, session: Session[State]) -> int:
        """Import only the module that is needed: a command must be quick."""
        name = session.call.command
        module, _, function = self.reader.grammar.commands[name].function.partition(".")
        if not function:
            # LIMIT of the emulation
            raise self.reader.failure(f"{name} exists, but this emulation does not carry it out.")
        return getattr(import_module(f"{self.commands}.{module}"), function)(session) or 0


def passwords(values: Iterable[str]) -> list[str]:
    """The passwords in values that are addresses."""
    return [password for value in values if "://" in value and (password := urlsplit(value).password)]
