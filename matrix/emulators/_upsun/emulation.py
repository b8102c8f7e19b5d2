"""A flavour of the platform: see `matrix.emulators.Emulator`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._kit import grammar
from .._kit.emulation import Emulation, Hosts, passwords
from .._kit.symfony import Symfony
from .flavour import Flavour
from .session import UpsunSession
from .state import State

if TYPE_CHECKING:
    from ...sandbox.machine import Sandbox

_FOLDER = Path(__file__).parent
_EMULATORS = __name__.partition("._upsun.")[0]
# [OWN WORDING: only the meaning is the platform's]
_NO_SUCH_SITE = b"<html><head><title>404 Not Found</title></head><body>No such site.</body></html>\n"
_BAD_GATEWAY = b"<html><head><title>502 Bad Gateway</title></head></html>\n"
_OWN = ("HOME", "LANG", "PATH", "SHELL", "USER", "PIP_USER")  # variables of the container, not of the platform


class Upsun(Emulation[State]):
    """The platform in one flavour."""

    commands = f"{__package__}.commands"
    hosts = Hosts("platformsh.site", _NO_SUCH_SITE, _BAD_GATEWAY)
    state_type = State
    session_type = UpsunSession
    # A project needs a region, and without a terminal the CLI cannot ask for it.
    UNATTENDED = ("--region", "eu-5.platform.sh")

    def __init__(self, flavour: Flavour) -> None:
        self.flavour = flavour
        self.module = f"{_EMULATORS}.{flavour.name}"
        self.executables = (flavour.executable,)
        self.reader = Symfony(self.executables, grammar.read(_FOLDER / "commands.txt"))

    @cached_property
    def ENVIRONMENT(self) -> Mapping[str, str]:
        """That of the example project."""
        from .configuration import Configuration
        from .containers import run_environment

        example = json.loads((_FOLDER / "example.json").read_bytes())
        configuration = Configuration(**example["configuration"])
        env = run_environment(self.flavour, example["project"], configuration, "9851a01" + "0" * 33)
        return {"PORT": "8888", **{name: value for name, value in env.items() if name not in _OWN}}

    def store(self, root: Path) -> State:
        """The complete state of the platform."""
        return State(root, self.flavour)

    def install(self, box: Sandbox) -> None:
        """Git reaches the platform's repositories through `ssh`."""
        super().install(box)
        (self.store(box.root).folder / "git").mkdir()
        box.install_command("ssh", f"{__package__}.ssh")

    def obstacle(self, python: str = "") -> str:
        """Builds need the oldest Python that the platform supports: projects with an older one are built with it."""
        from ...sandbox import environments
        from .validation import SUPPORTED

        return "" if environments.python(SUPPORTED[-1]) else f"There is no Python {SUPPORTED[-1]} on this machine."

    def secrets(self, root: Path) -> Sequence[str]:
        """The entropy of every project, the address and password of every database, and the account's API token."""
        platform = self.store(root).read()
        urls = [url for project in platform["projects"].values() for url in project["databases"].values()]
        entropy = [project["entropy"] for project in platform["projects"].values()]
        return [platform["account"]["token"], *entropy, *urls, *passwords(urls)]

    def inventory(self, root: Path) -> Mapping[str, Any]:
        """Every project with its deployment and every activity: a redeployment is visible too."""
        return self.store(root).read()["projects"]
