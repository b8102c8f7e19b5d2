"""Machines: the container and environment of a program, its start, and its suspension without visitors."""

from __future__ import annotations

import time
from pathlib import Path

from ...sandbox import layers
from ...sandbox.namespace import Container, Mount
from ...sandbox.ports import free_port
from ...sandbox.site import Site
from . import addresses, api
from .image import Image, load
from .lifecycle import database_hosts
from .state import App, Machine, State, short_id


def image_of(state: State, app: str, tag: str) -> Image:
    """A deployed image. Raises FileNotFoundError if there is none with that tag."""
    return load(state.app_folder(app) / "images" / f"{tag}.json")


def container(state: State, app: str, image: Image, name: str, user: str | None = None) -> Container:
    """The container for a program of an image; what it writes is lost with it. `user` replaces the image's own."""
    folder = state.app_folder(app) / "machines" / f"{name}-{short_id(6)}"
    folder.mkdir(parents=True)
    hosts = folder / "hosts"
    lines = [f"127.0.0.1\t{host}\n" for host in ("localhost", *database_hosts(state))]
    hosts.write_text("".join(lines), encoding="utf-8")
    return layers.container(
        image.folders,
        folder / "fs",
        user=_user(image, user),
        workdir=image.workdir,
        mounts=(Mount(host=hosts, inside="/etc/hosts"),),
        own_system=image.own_system,
    )


def environment(app: App, image: Image, machine: Machine, **more: str) -> dict[str, str]:
    """Its variables [Fly docs: the machine runtime environment]: image, [env], secrets, then Fly.io's own."""
    return {
        "HOME": _user(image, None).home,
        **image.env,
        **machine["settings"]["env"],
        **{name: secret["value"] for name, secret in app["secrets"].items()},
        **api.SHAPES.fill("machine variables", app=app, machine=machine),
        **more,
    }


def start(state: State, app: App, machine: Machine) -> None:
    """Start the machine in place of the previous one. Raises NotReachable or SiteDidNotStart.

    A new process serves before the old one is stopped. Fly.io stops the old one first, and its proxy holds requests;
    clients cannot distinguish these.
    """
    settings, image = machine["settings"], image_of(state, app["name"], machine["image"])
    port = free_port()
    program = addresses.moved(
        [*image.entrypoint, *(settings["command"] or image.command)],
        environment(app, image, machine),
        layers.read(image.folders, f"{image.workdir.strip('/')}/gunicorn.conf.py"),
        settings["internal_port"],
        port,
    )
    state.sandbox().start_site(
        Site(
            name=app["name"],
            hosts=[api.hostname(app["name"])],
            container=container(state, app["name"], image, machine["id"]),
            argv=program.argv,
            env=program.env,
            log=log(state, app["name"], machine["id"]),
            boot_timeout=state.read()["limits"]["boot"],
            stop_timeout=settings["kill_timeout"],
            stop_signal=settings["kill_signal"],
            stop_main_only=True,
            port=port,
            https_only=settings["force_https"],
        )
    )


def log(state: State, app: str, machine: str) -> Path:
    """The log of a machine."""
    path = state.app_folder(app) / "logs" / f"{machine}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def stamp(path: Path) -> str:
    """When a file was last written, in the time format of `fly logs`."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(path.stat().st_mtime))


def idle(state: State, app: App, quiet: float) -> None:
    """Suspend or wake the app's first machine by the seconds since its last visitor [Fly docs: autostop].

    The program of a suspended machine keeps running in the sandbox, so that it can answer; the CLI shows it as stopped.
    """
    machine = app["machines"][0]
    now = time.time()
    asleep = machine["asleep"]
    if asleep and quiet < now - asleep:
        asleep = 0.0  # a visitor has woken it
    elif not asleep and machine["settings"]["auto_stop"] and _rests(state, machine, quiet, now):
        asleep = now
    _note(state, app, machine, asleep, machine["woken"])


def wake(state: State, app: App, machine: Machine) -> None:
    """Start a machine: `fly machine start`."""
    _note(state, app, machine, 0.0, time.time())


def _rests(state: State, machine: Machine, quiet: float, now: float) -> bool:
    return min(quiet, now - machine["woken"]) > state.read()["limits"]["idle"]


def _note(state: State, app: App, machine: Machine, asleep: float, woken: float) -> None:
    if (machine["asleep"], machine["woken"]) != (asleep, woken):
        machine["asleep"], machine["woken"] = asleep, woken
        with state.change() as platform:
            known = next(one for one in platform["apps"][app["name"]]["machines"] if one["id"] == machine["id"])
            known["asleep"], known["woken"] = asleep, woken


def _user(image: Image, name: str | None) -> layers.User:
    chosen = image.user if name is None else name
    return layers.find_user(image.folders, chosen) if chosen else layers.ROOT
