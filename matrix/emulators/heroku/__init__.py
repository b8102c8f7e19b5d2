"""An emulated Heroku: the command `heroku`, Git remotes that build, dynos behind a router.

Texts, streams, exit codes and JSON are those of the Heroku CLI 11.10.0, builds those of
heroku-buildpack-python v351; each module names the source of its replies. In brackets:
[recorded session] a recording of the real CLI against a stand-in of Heroku's API, which a test
replays; [CLI source]; [buildpack v351]; [Dev Center]; and OWN WORDING where only the meaning is Heroku's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._kit import grammar
from .._kit.emulation import Emulation, Hosts, passwords
from .._kit.grammar import Call as Call
from .._kit.oclif import Oclif
from .git_remotes import GIT_HOST
from .session import HerokuSession
from .state import State

if TYPE_CHECKING:
    from ...sandbox.machine import Sandbox

_FOLDER = Path(__file__).parent


def _page(title: str, page: str) -> bytes:
    """The frame around a page elsewhere."""
    text = (_FOLDER / "page.html").read_text(encoding="utf-8")
    return text.replace("TITLE", title).replace("PAGE", page).encode()


class Heroku(Emulation[State]):
    """See `matrix.emulators.Emulator`."""

    module = __name__
    commands = f"{__name__}.commands"
    executables = ("heroku",)
    hosts = Hosts(
        "herokuapp.com",
        _page("No such app", "no-such-app"),
        _page("Application Error", "application-error"),
    )
    reader = Oclif("heroku", grammar.read(_FOLDER / "commands.txt"), _FOLDER / "usage.txt")
    state_type = State
    session_type = HerokuSession

    def install(self, box: Sandbox) -> None:
        """Git finds Heroku's repositories in the sandbox."""
        super().install(box)
        repositories = State(box.root).folder / "git"
        repositories.mkdir()
        box.run(["git", "config", "--global", f"url.{repositories.as_uri()}/.insteadOf", f"https://{GIT_HOST}/"])

    def secrets(self, root: Path) -> Sequence[str]:
        """The key that signs sessions, and the address and password of the database, of every app."""
        configs = [app["config"] for app in State(root).read()["apps"].values()]
        values = [config[name] for config in configs for name in ("SECRET_KEY", "DATABASE_URL") if name in config]
        return [*values, *passwords(values)]

    def inventory(self, root: Path) -> Mapping[str, Any]:
        """Every app with its config, add-ons, releases and dynos: a restart is visible too."""
        return State(root).read()["apps"]


EMULATOR = Heroku()
main = EMULATOR.main
