"""The emulated platforms, one package each; `Emulator` is what the harness asks of every one of them."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:  # An emulated command imports this package too, and must start quickly.
    from matrix.emulators.store import Store
    from matrix.sandbox.machine import Sandbox


class Emulator(Protocol):
    """The contract of a package in this folder."""

    @property
    def ENVIRONMENT(self) -> Mapping[str, str]:
        """What a web process on this platform finds in its environment, for an app named `blog`."""

    @property
    def READING(self) -> frozenset[str]:
        """The platform's commands that change nothing, by the name that `command` gives them."""

    @property
    def UNATTENDED(self) -> Sequence[str]:
        """Options that the deployer needs on this platform where nobody can be asked."""

    def command(self, argv: Sequence[str]) -> str:
        """The name of the command that these arguments of the CLI call ("apps:create"; for some, two words)."""

    def store(self, root: Path) -> Store[Any]:
        """What the platform of the sandbox at `root` remembers: its state, faults, and every call of its CLI."""

    def obstacle(self, python: str = "") -> str:
        """Why this machine cannot be the platform, for projects on this Python ("3.13"); empty if it can."""

    def builder(self, root: Path) -> str:
        """What built the app that was deployed last, where there is a choice ("buildah 1.28"); else empty."""

    def install(self, box: Sandbox) -> None:
        """Put the platform into a sandbox: CLI on PATH, Git remote, host names, a logged-in account."""

    def secrets(self, root: Path) -> Sequence[str]:
        """Every value on the account that may be seen nowhere outside of it."""

    def refusal(self, argv: Sequence[str]) -> str | None:
        """Why the platform's CLI would not understand a command line of its own; None if it does."""

    def inventory(self, root: Path) -> Mapping[str, Any]:
        """Everything that exists on the account, releases included: equal means unchanged."""


def load(platform: str) -> Emulator:
    """Import the platform's emulator; ModuleNotFoundError if there is none."""
    return cast(Emulator, importlib.import_module(f"{__name__}.{platform}"))
