"""A push: the app is extracted, and its `server.py` is started."""

from __future__ import annotations

import sys
from pathlib import Path

from matrix.emulators._kit import repository
from matrix.emulators._kit.console import say
from matrix.emulators._kit.faults import under_faults
from matrix.emulators._kit.store import new_id
from matrix.sandbox.control import Control, SiteDidNotStart
from matrix.sandbox.namespace import Container
from matrix.sandbox.site import Site
from tests.matrix.small_emulator import State


def main(root: Path, app: str, pushed: str) -> int:
    """Build and start; 1 rejects the push."""
    state = State(root)
    folder = state.app_folder(app) / new_id()
    folder.mkdir(parents=True)
    repository.extract(repository.updates(pushed)[0].new, folder)
    return under_faults(state, "build", lambda: _start(state, app, folder), say)


def _start(state: State, app: str, folder: Path) -> int:
    platform = state.read()
    try:
        Control.connect(state.root).start_site(
            Site(
                name=app,
                hosts=[f"{app}.small.example"],
                container=Container(app=folder),
                argv=[str(Path(sys.base_prefix, "bin", "python3")), "/app/server.py"],
                env=platform["apps"][app]["config"],
                log=state.app_folder(app) / "logs" / "web.log",
                boot_timeout=platform["limits"]["boot"],
            )
        )
    except SiteDidNotStart as failure:
        say(failure.reason)
        return 1
    say(f"https://{app}.small.example/ is online")
    return 0
