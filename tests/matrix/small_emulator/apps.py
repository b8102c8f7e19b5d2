"""`apps create`, `apps list`, `config set`."""

from __future__ import annotations

from matrix.emulators._kit import repository
from matrix.emulators._kit.cobra import CliError, say_table
from matrix.emulators._kit.console import say, say_json
from matrix.emulators._kit.session import Session
from tests.matrix.small_emulator import State


def create(session: Session[State]) -> None:
    """A new app, and the address of its Git repository."""
    name = session.argument(0)
    with session.state.change() as platform:
        if name in platform["apps"]:
            raise CliError(f"name {name} is taken")
        platform["apps"][name] = {"name": name, "config": {}}
    path = session.state.folder / f"{name}.git"
    hooks = {"pre-receive": (str(session.state.root), name)}
    repository.create(path, "tests.matrix.small_emulator.receive", hooks)
    say(path.as_uri())


def listing(session: Session[State]) -> None:
    """Every app."""
    apps = list(session.state.read()["apps"].values())
    if session.has("json"):
        say_json(apps, 2)
    else:
        say_table(("Name",), [(app["name"],) for app in apps])


def configure(session: Session[State]) -> None:
    """Set variables for the next deployment."""
    name, *pairs = session.words
    with session.state.change() as platform:
        platform["apps"][name]["config"] |= dict(pair.split("=", 1) for pair in pairs)
