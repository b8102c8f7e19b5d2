"""An emulated Heroku: the command `heroku`, Git remotes that build, dynos behind a router.

Guide, streams, exit codes and JSON are those of the Heroku CLI 11.10.0, builds those of
heroku-buildpack-python v351; each module names the source of what it says. In brackets:
[recorded session] a recording of the real CLI against a stand-in of Heroku's API, which a test
replays; [CLI source]; [buildpack v351]; [Dev Center]; and OWN WORDING where only the meaning is Heroku's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matrix.emulators.heroku.environment import (
    ENVIRONMENT,
    READING,
    builder,
    command,
    inventory,
    obstacle,
    secrets,
    store,
)

if TYPE_CHECKING:
    from matrix.sandbox.machine import Sandbox

__all__ = [
    "ENVIRONMENT",
    "READING",
    "UNATTENDED",
    "builder",
    "command",
    "install",
    "inventory",
    "obstacle",
    "refusal",
    "secrets",
    "store",
]

UNATTENDED: tuple[str, ...] = ()


def install(box: Sandbox) -> None:
    """Make a sandbox one where Heroku can be used: its CLI on PATH, its Git host, its router, a developer logged in."""
    from matrix.emulators.heroku import pages
    from matrix.emulators.heroku.git_remotes import GIT_HOST
    from matrix.emulators.heroku.state import State

    state = State(box.root)
    state.create()
    repositories = state.folder / "git"
    repositories.mkdir()
    box.install_command("heroku", "matrix.emulators.heroku.cli")
    box.run(["git", "config", "--global", f"url.{repositories.as_uri()}/.insteadOf", f"https://{GIT_HOST}/"])
    box.sites.claim_suffix("herokuapp.com", unknown_host_page=pages.NO_SUCH_APP, dead_site_page=pages.APPLICATION_ERROR)


def refusal(argv: Sequence[str]) -> str | None:
    """Why the emulated `heroku` would not understand a command line; None if it does. Nothing is run."""
    from matrix.emulators.heroku.arguments import refusal as reason

    return reason(argv)
