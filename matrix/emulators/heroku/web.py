"""The web process of an app: started from a release, replaced by the next, or crashed."""

from __future__ import annotations

import sys
from pathlib import Path

from ...sandbox.control import SiteDidNotStart
from ...sandbox.namespace import Container
from ...sandbox.site import Site
from .._kit.store import new_id, now
from . import journal
from .dynos import Slug, environment, shell
from .state import App, Release, State

# It accepts the sandbox's readiness connection and exits: a crashed process.
_CRASH = "import os, socket; socket.create_server(('127.0.0.1', int(os.environ['PORT']))).accept()"
# [buildpack v351: profile script of web dynos]
_CONCURRENCY = "Python buildpack: Detected 512 MB available memory and 8 CPU cores.\n"


def restart(state: State, app: App, release: Release, slug: Slug) -> None:
    """Serve `release` from now on; an app without a web process serves nothing.

    The old process serves until the new one accepts connections. Heroku stops the old one first and holds requests,
    which clients cannot distinguish.
    """
    folder = state.app_folder(app["name"]) / "dynos" / f"web.1-{new_id()[:8]}"
    up = "web" in slug.processes and _boot(state, app, release, slug, folder)
    if not up:
        _crash(state, app, folder)
    with state.change() as platform:
        dynos = platform["apps"][app["name"]]["dynos"]
        dynos.clear()
        if "web" in slug.processes:
            dynos.append(
                {
                    "id": new_id(),
                    "name": "web.1",
                    "command": slug.processes["web"],
                    "state": "up" if up else "crashed",
                    "version": release["version"],
                    "updated_at": now(),
                }
            )


def _boot(state: State, app: App, release: Release, slug: Slug, folder: Path) -> bool:
    """Whether the web process of `release` accepts connections in time."""
    name, command = app["name"], slug.processes["web"]
    limits = state.read()["limits"]
    log = journal.web_log(state, name, release["version"])
    journal.append(log, _CONCURRENCY)
    journal.record(state, name, "heroku[web.1]", f"Starting process with command `{command}`")
    try:
        state.sandbox().start_site(
            Site(
                name=name,
                hosts=[app["host"]],
                container=slug.dyno(folder),
                argv=shell(_on_loopback(command, Path(slug.folder))),
                env=environment(release["env"], "web.1"),
                log=log,
                boot_timeout=limits["boot"],
                stop_timeout=limits["stop"],
            )
        )
    except SiteDidNotStart as failure:
        journal.record(state, name, "heroku[web.1]", _boot_error(failure, limits["boot"]))
        journal.record(state, name, "heroku[web.1]", "State changed from starting to crashed")
        return False
    journal.record(state, name, "heroku[web.1]", "State changed from starting to up")
    return True


def _on_loopback(command: str, app: Path) -> str:
    """Bind gunicorn, which by default listens on every network of this machine, to the loopback interface.

    Only if it would choose the address itself, through a default that every other setting overrides.
    """
    if "gunicorn" not in command or (app / "gunicorn.conf.py").exists():
        return command
    return f'export GUNICORN_CMD_ARGS="--bind 127.0.0.1:$PORT $GUNICORN_CMD_ARGS"; {command}'


def _crash(state: State, app: App, folder: Path) -> None:
    """Have the router answer as it does for an app whose web process has exited."""
    folder.mkdir(parents=True, exist_ok=True)
    python = Path(sys.base_prefix, *(["python.exe"] if sys.platform == "win32" else ["bin", "python3"]))
    state.sandbox().start_site(
        Site(
            name=app["name"],
            hosts=[app["host"]],
            container=Container(app=folder),
            argv=[str(python), "-S", "-c", _CRASH],
            env={},
            log=folder.with_suffix(".crash"),
        )
    )


def _boot_error(failure: SiteDidNotStart, limit: float) -> str:
    """[Dev Center: Heroku Error Codes] for R10; the other wording is the emulator's own."""
    if "ended" in failure.reason:
        return f"Process exited: {failure.reason}"
    return f"Error R10 (Boot timeout) -> Web process failed to bind to $PORT within {limit:g} seconds of launch"
