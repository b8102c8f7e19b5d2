"""Machines that Fly.io's proxy stops for want of visitors, and wakes for the next one [Fly docs: autostop].

The program of such a machine goes on in the sandbox, so that a visitor is answered; the CLI sees the machine stopped.
"""

from __future__ import annotations

import time

from matrix.emulators.fly_io.model import App, Machine
from matrix.emulators.fly_io.state import State


def look(state: State, app: App, quiet: float) -> None:
    """Let the app's first machine sleep or wake by how long (in seconds) nobody has visited it."""
    machine = app["machines"][0]
    now = time.time()
    asleep = machine["asleep"]
    if asleep and quiet < now - asleep:
        asleep = 0.0  # a visitor has woken it
    elif not asleep and machine["settings"]["auto_stop"] and _rests(state, machine, quiet, now):
        asleep = now
    _note(state, app, machine, asleep, machine["woken"])


def wake(state: State, app: App, machine: Machine) -> None:
    """Start a machine: `fly machine start`."""
    _note(state, app, machine, 0.0, time.time())


def _rests(state: State, machine: Machine, quiet: float, now: float) -> bool:
    return min(quiet, now - machine["woken"]) > state.read()["limits"]["idle"]


def _note(state: State, app: App, machine: Machine, asleep: float, woken: float) -> None:
    if (machine["asleep"], machine["woken"]) != (asleep, woken):
        machine["asleep"], machine["woken"] = asleep, woken
        with state.change() as platform:
            known = next(one for one in platform["apps"][app["name"]]["machines"] if one["id"] == machine["id"])
            known["asleep"], known["woken"] = asleep, woken
