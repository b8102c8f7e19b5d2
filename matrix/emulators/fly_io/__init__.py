"""An emulated Fly.io: the commands `fly` and `flyctl`, image builds, machines behind a router.

Guide, streams, exit codes and JSON are those of flyctl 2026.8.21; each module names the source of what it says. In
brackets: [flyctl source] read there, not recorded; [Fly docs]; [Docker docs]; and OWN WORDING where only the meaning is
Fly.io's. `fly deploy` really builds the image of the Dockerfile, see `image`, and runs it as its user.

What is not emulated: prompts (every command behaves as without a terminal), volumes, statics, several process groups,
regions (all machines are here), suspending of idle machines, and a second machine, which is counted and never runs.
Who is not root gets images whose files all belong to one user, see `matrix.sandbox.layers`; `builder` tells.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, cast

from matrix.emulators.fly_io.arguments import command, refusal
from matrix.emulators.fly_io.environment import ENVIRONMENT, builder, inventory, obstacle, secrets, store
from matrix.emulators.fly_io.syntax import READING

if TYPE_CHECKING:
    from matrix.emulators.fly_io.model import Builder
    from matrix.sandbox.machine import Sandbox

__all__ = [
    "BUILDER_VARIABLE",
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

# Which of docker, podman and buildah is to build the images in the sandboxes of a run, in place of the emulation.
BUILDER_VARIABLE = "SIMPLE_DEPLOY_MATRIX_BUILDER"
UNATTENDED: tuple[str, ...] = ()
# OWN WORDING: an app that was never deployed has no address at all on Fly.io.
_NO_SUCH_APP = b"Nothing is deployed at this name.\n"
_NO_MACHINE = b"No machine of this app can serve the request.\n"


def install(box: Sandbox) -> None:
    """Make a sandbox one where Fly.io can be used: its CLI on PATH, its router, a developer logged in."""
    from matrix.emulators.fly_io.state import State

    State(box.root).create(builder=cast("Builder", os.environ.get(BUILDER_VARIABLE, "sandbox")))
    for name in ("fly", "flyctl"):
        box.install_command(name, "matrix.emulators.fly_io.cli")
    box.sites.claim_suffix("fly.dev", unknown_host_page=_NO_SUCH_APP, status=503, dead_site_page=_NO_MACHINE)
