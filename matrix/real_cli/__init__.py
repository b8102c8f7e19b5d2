"""The real Heroku CLI drives the emulated Heroku: a check of the product and our double by an independent program."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..emulators.heroku import EMULATOR as heroku
from ..emulators.heroku.http_api import Front
from ..emulators.heroku.state import State
from ..sandbox.machine import Sandbox
from .installation import Client

FILE = "real_cli.json"


class RealClient:
    """The emulated Heroku with the real CLI in front: see `matrix.emulators.Emulator`."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._fronts: list[Front] = []

    def install(self, box: Sandbox) -> None:
        """Heroku, with the real CLI on PATH and its API on this machine; a developer who is logged in by a key."""
        heroku.install(box)
        state = State(box.root)
        front = Front(state)
        self._fronts.append(front)
        box.install_command("heroku", f"{__package__}.command")
        box.env["HEROKU_API_KEY"] = state.read()["account"]["token"]
        described = {"argv": [str(self._client.node), str(self._client.script)], "api": front.url}
        (box.root / FILE).write_text(json.dumps(described), encoding="utf-8")

    def close(self) -> None:
        """Hang up."""
        while self._fronts:
            self._fronts.pop().close()

    def builder(self, root: Path) -> str:
        """What drove the platform."""
        return heroku.builder(root)

    @property
    def ENVIRONMENT(self) -> Mapping[str, str]:
        """That of the emulated Heroku, like everything else."""
        return heroku.ENVIRONMENT

    def __getattr__(self, name: str) -> Any:
        return getattr(heroku, name)


def described(client: Client) -> Sequence[str]:
    """The versions of the CLI and of its Node.js."""
    return client.version, client.node_version
