"""An emulated Fly.io: the commands `fly` and `flyctl`, image builds, machines behind a router.

Texts, streams, exit codes and JSON are those of flyctl 2026.8.21; each module names the source of its replies. In
brackets: [flyctl source] read there, not recorded; [Fly docs]; [Docker docs]; and OWN WORDING where only the meaning is
Fly.io's. `fly deploy` really builds the image of the Dockerfile, see `image`, and runs it as its user.

Not emulated: prompts (every command behaves as without a terminal), volumes, statics, several process groups, regions
(all machines are here), suspending idle machines, and a second machine, which is counted and never runs. Without root,
all files of an image belong to one user, see `matrix.sandbox.layers`; `builder` reports it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .._kit import grammar
from .._kit.cobra import CliError, Cobra
from .._kit.emulation import Emulation, Hosts, passwords
from .._kit.grammar import Call as Call
from .session import FlySession
from .state import State

# OWN WORDING: on Fly.io, an app that was never deployed has no address at all.
_NO_SUCH_APP = b"Nothing is deployed at this name.\n"
_NO_MACHINE = b"No machine of this app can serve the request.\n"


class Fly(Emulation[State]):
    """See `matrix.emulators.Emulator`."""

    module = __name__
    commands = f"{__name__}.commands"
    executables = ("fly", "flyctl")
    hosts = Hosts("fly.dev", _NO_SUCH_APP, _NO_MACHINE, 503)
    reader = Cobra(executables, grammar.read(Path(__file__).with_name("commands.txt")))
    state_type = State
    session_type = FlySession
    interrupted = 127  # [flyctl source] 126 is a missed deadline, every other error is 1

    def obstacle(self, python: str = "") -> str:
        """Why no image with this Python can be built and run on this machine; empty if it can."""
        from .image.base_images import machine_obstacle

        return machine_obstacle(python)

    def not_emulated(self, root: Path, project: Path) -> str:
        """What the image needs and there is not here, unless another program builds."""
        from . import app_config
        from .image import building

        if State(root).read()["builder"] != "sandbox":
            return ""
        try:
            config = app_config.read(project / "fly.toml")
            text = (project / config.dockerfile).read_text(encoding="utf-8")
        except (CliError, OSError, UnicodeDecodeError):
            return ""  # the deployment fails, and says why
        reason = building.not_emulated(text, config.build_args)
        return f"{config.dockerfile} needs {reason}" if reason else ""

    def builder(self, root: Path) -> str:
        """The program that built the last image ("bubblewrap", "buildah 1.28"); empty before the first build."""
        from .image import last

        image = last(State(root).folder)
        return image.builder if image else ""

    def secrets(self, root: Path) -> Sequence[str]:
        """Every secret of every app, the address of every managed cluster, their passwords, the developer's token."""
        platform = State(root).read()
        values = [secret["value"] for app in platform["apps"].values() for secret in app["secrets"].values()]
        values += [cluster["url"] for cluster in platform["clusters"].values()]
        return list(dict.fromkeys([*values, *passwords(values), platform["account"]["token"]]))

    def inventory(self, root: Path) -> Mapping[str, Any]:
        """Every app with its machines, releases and the digests of its secrets, and every managed cluster."""
        platform = State(root).read()
        apps = json.loads(json.dumps(platform["apps"]))
        for app in apps.values():
            app["secrets"] = {name: (row["digest"], row["status"]) for name, row in app["secrets"].items()}
        clusters = {key: {**cluster, "url": ""} for key, cluster in platform["clusters"].items()}
        return {"apps": apps, "clusters": clusters}


EMULATOR = Fly()
main = EMULATOR.main
