"""An emulated Scalingo: the command `scalingo`, Git remotes that build, containers behind a router.

The sources of replies are in brackets: [CLI source], github.com/Scalingo/cli; [docs], doc.scalingo.com; [INFERRED], in
neither, but a consequence of how the platform must work; [OWN WORDING], where only the meaning is Scalingo's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simple_deploy_matrix.emulators._kit import grammar
from simple_deploy_matrix.emulators._kit.emulation import Emulation, Hosts, passwords

from .session import ScalingoSession
from .state import GIT_HOST, REGION, State
from .urfave import Urfave

if TYPE_CHECKING:
    from simple_deploy_matrix.sandbox.machine import Sandbox

_NO_APP = b"<html><body><h1>404 Not Found</h1><p>No application is found here.</p></body></html>\n"  # [OWN WORDING]
_NOT_RUNNING = b"<html><body><h1>503</h1><p>The application is not running.</p></body></html>\n"  # [OWN WORDING]


class Scalingo(Emulation[State]):
    """See `simple_deploy_matrix.emulators.Emulator`."""

    module = __name__
    commands = __name__
    executables = ("scalingo",)
    hosts = Hosts(f"{REGION}.scalingo.io", _NO_APP, _NOT_RUNNING)
    reader = Urfave(executables, grammar.read(Path(__file__).with_name("commands.txt")))
    state_type = State
    session_type = ScalingoSession

    def install(self, box: Sandbox) -> None:
        """Git finds Scalingo's repositories in the sandbox."""
        super().install(box)
        repositories = State(box.root).folder / "git"
        repositories.mkdir()
        box.run(["git", "config", "--global", f"url.{repositories.as_uri()}/.insteadOf", f"git@{GIT_HOST}:"])

    def secrets(self, root: Path) -> Sequence[str]:
        """The key that signs sessions, and the address and password of the database, of every app."""
        configs = [app["config"] for app in State(root).read()["apps"].values()]
        names = ("SECRET_KEY", "SCALINGO_POSTGRESQL_URL")
        values = [config[name] for config in configs for name in names if name in config]
        return [*values, *passwords(values)]

    def inventory(self, root: Path) -> Mapping[str, Any]:
        """Every app with its variables, add-ons and deployments."""
        return State(root).read()["apps"]


EMULATOR = Scalingo()
main = EMULATOR.main
