"""The emulated platforms, one package each; `Emulator` is the contract that the harness uses."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:  # An emulated command also imports this package, and must start quickly.
    from ..sandbox.machine import Sandbox
    from ._kit.store import Store


class Emulator(Protocol):
    """An emulated platform: `EMULATOR` of a package in this folder, built with `_kit`."""

    @property
    def ENVIRONMENT(self) -> Mapping[str, str]:
        """The environment of a web process on this platform, for an app named `blog`."""

    @property
    def READING(self) -> frozenset[str]:
        """The commands that change nothing, by the name that `command` gives them."""

    @property
    def UNATTENDED(self) -> Sequence[str]:
        """Options that the deployer needs on this platform when it cannot prompt."""

    def command(self, argv: Sequence[str]) -> str:
        """The command that these arguments of the CLI call, without any alias ("apps:create")."""

    def store(self, root: Path) -> Store[Any]:
        """The state of the platform in the sandbox at `root`, its faults, and every call of its CLI."""

    def obstacle(self, python: str = "") -> str:
        """Why this machine cannot emulate the platform for projects with this Python ("3.13"); empty if it can."""

    def not_emulated(self, root: Path, project: Path) -> str:
        """What the platform would do with this configured project and the emulation in the sandbox at `root` cannot
        ("FROM alpine: ..."); empty if nothing is known.
        """

    def builder(self, root: Path) -> str:
        """The program that built the last app, if there is a choice ("buildah 1.28"); else empty."""

    def install(self, box: Sandbox) -> None:
        """Put the platform into a sandbox: CLI on PATH, Git remote, host names, a logged-in account."""

    def secrets(self, root: Path) -> Sequence[str]:
        """Every value on the account that must not appear anywhere else."""

    def refusal(self, argv: Sequence[str]) -> str | None:
        """Why the CLI would reject a command line; None if it would not. Nothing is run."""

    def inventory(self, root: Path) -> Mapping[str, Any]:
        """Everything that exists on the account, including releases: equal means unchanged."""


def load(platform: str) -> Emulator:
    """Return the platform's emulator: one of this package, or an entry point of another distribution.

    Raises ModuleNotFoundError if there is none.
    """
    if find_spec(f"{__name__}.{platform}"):
        return cast(Emulator, importlib.import_module(f"{__name__}.{platform}").EMULATOR)
    from .. import distributions

    return cast(Emulator, distributions.emulator(platform))
