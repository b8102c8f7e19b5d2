"""A flavour of the platform as the harness knows it: see `matrix.emulators.Emulator`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from matrix.emulators._upsun import arguments
from matrix.emulators._upsun.definitions import READING as READING
from matrix.emulators._upsun.flavour import Flavour
from matrix.emulators._upsun.state import State

if TYPE_CHECKING:
    from matrix.sandbox.machine import Sandbox

# [OWN WORDING: only the meaning is the platform's]
NO_SUCH_SITE = b"<html><head><title>404 Not Found</title></head><body>No such site.</body></html>\n"
BAD_GATEWAY = b"<html><head><title>502 Bad Gateway</title></head></html>\n"


# A project needs a region, and without a terminal the CLI cannot ask for it.
UNATTENDED = ("--region", "eu-5.platform.sh")


class Emulation:
    """One flavour."""

    def __init__(self, flavour: Flavour) -> None:
        self.flavour = flavour

    @property
    def environment(self) -> Mapping[str, str]:
        """What the web process of an app named `blog` finds in its environment."""
        return _example(self.flavour)

    def command(self, argv: Sequence[str]) -> str:
        """The command that these arguments call, without any alias."""
        return arguments.command_of(argv)

    def store(self, root: Path) -> State:
        """What the platform remembers."""
        return State(root, self.flavour)

    def install(self, box: Sandbox) -> None:
        """The CLI and `ssh` on PATH, the router's hosts, a developer who is logged in."""
        state = self.store(box.root)
        state.create()
        (state.folder / "git").mkdir()
        box.install_command(self.flavour.executable, f"matrix.emulators.{self.flavour.name}.cli")
        box.install_command("ssh", "matrix.emulators._upsun.ssh")
        box.sites.claim_suffix("platformsh.site", unknown_host_page=NO_SUCH_SITE, dead_site_page=BAD_GATEWAY)

    def obstacle(self, python: str = "") -> str:
        """Builds need the oldest Python that the platform supports: projects of elder ones are built with it."""
        from matrix.emulators._upsun.mistakes import SUPPORTED
        from matrix.sandbox import environments

        return "" if environments.python(SUPPORTED[-1]) else f"There is no Python {SUPPORTED[-1]} on this machine."

    def builder(self, root: Path) -> str:
        """A build is what the project's own hook does."""
        return ""

    def refusal(self, argv: Sequence[str]) -> str | None:
        """Why the CLI would not understand a command line; None if it does. Nothing is run."""
        return arguments.refusal(self.flavour.executable, argv)

    def secrets(self, root: Path) -> Sequence[str]:
        """The entropy of every project, the address and password of every database, and the account's API token."""
        platform = self.store(root).read()
        values = [platform["account"]["token"]]
        for project in platform["projects"].values():
            urls = list(project["databases"].values())
            values += [project["entropy"], *urls, *(str(urlsplit(url).password) for url in urls)]
        return values

    def inventory(self, root: Path) -> Mapping[str, Any]:
        """Every project with what it runs and every activity: a redeployment shows too."""
        return self.store(root).read()["projects"]


def _example(flavour: Flavour) -> dict[str, str]:
    from matrix.emulators._upsun.containers import run_environment
    from matrix.emulators._upsun.example import CONFIGURATION, PROJECT

    env = run_environment(flavour, PROJECT, CONFIGURATION, "9851a01" + "0" * 33)
    names = ("HOME", "LANG", "PATH", "SHELL", "USER", "PIP_USER")
    return {"PORT": "8888", **{name: value for name, value in env.items() if name not in names}}
