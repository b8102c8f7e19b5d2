"""A complete emulated platform built with the kit: a cobra-style CLI and a Git remote that builds and serves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypedDict

from matrix.emulators._kit import grammar
from matrix.emulators._kit.cobra import Cobra
from matrix.emulators._kit.emulation import Emulation, Hosts
from matrix.emulators._kit.session import Session
from matrix.emulators._kit.store import Store, Stored, new_account


class App(TypedDict):
    """An app with its variables."""

    name: str
    config: dict[str, str]


class Platform(Stored):
    """Everything on the platform."""

    apps: dict[str, App]


class State(Store[Platform]):
    """The state below the root folder of a sandbox."""

    name = "small"

    def create(self) -> None:
        """A platform without any app."""
        self.begin({"account": new_account("dev@example.com"), "limits": {"boot": 20.0}, "faults": [], "apps": {}})


class Small(Emulation[State]):
    """See `matrix.emulators.Emulator`."""

    module = __name__
    commands = __name__
    executables = ("small",)
    hosts = Hosts("small.example", b"No such app.\n", b"The app has crashed.\n")
    reader = Cobra(executables, grammar.read(Path(__file__).with_name("commands.txt")))
    state_type = State
    session_type = Session

    def secrets(self, root: Path) -> Sequence[str]:
        """Every variable of every app."""
        return [value for app in State(root).read()["apps"].values() for value in app["config"].values()]

    def inventory(self, root: Path) -> Mapping[str, Any]:
        """Every app."""
        return State(root).read()["apps"]


EMULATOR = Small()
main = EMULATOR.main
