"""The JSON that `--json` prints: `shapes.json`.

Apps have the shape of [flyctl source: fly.App] with all its zero fields, machines that of the [Machines API]; the codes
of `regions.json` are [flyctl source]'s, the rest describes the regions roughly.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from .._kit.shapes import Shapes
from .._kit.texts import Texts
from .state import App, Cluster, Machine, Platform, Release, is_deployed

TEXTS = Texts(Path(__file__).with_name("texts.txt"))
SHAPES = Shapes(Path(__file__).with_name("shapes.json"))
_NEVER = {"status": "", "created_at": "0001-01-01T00:00:00Z"}


@cache
def regions() -> dict[str, dict[str, Any]]:
    """The regions by their code. Which of them have Managed Postgres is this emulation's choice."""
    rows = json.loads(Path(__file__).with_name("regions.json").read_bytes())
    return {row["code"]: row for row in rows}


def hostname(app: str) -> str:
    """The host name of an app."""
    return f"{app}.fly.dev"


def app_json(platform: Platform, app: App) -> dict[str, Any]:
    """An app as in the output of `apps list`, `apps create` and `postgres list`."""
    return SHAPES.fill(
        "app",
        app=app,
        hostname=hostname(app["name"]),
        status="deployed" if is_deployed(app) else "pending",
        deployed=is_deployed(app),
        shown_organization=_organization(platform, app["organization"]),
        last=app["releases"][-1] if app["releases"] else _NEVER,
    )


def status_json(platform: Platform, app: App) -> dict[str, Any]:
    """An app as in the output of `status`, keys in order."""
    found = app_json(platform, app)
    shown = {name: found[name] for name in ("Deployed", "Hostname", "ID", "Name", "Organization", "Status")}
    shown |= {
        "AppURL": f"https://{hostname(app['name'])}",
        "Machines": [machine_json(app, machine) for machine in app["machines"]],
        "PlatformVersion": "machines",
        "Version": app["releases"][-1]["version"] if app["releases"] else 0,
    }
    return dict(sorted(shown.items()))


def machine_json(app: App, machine: Machine) -> dict[str, Any]:
    """A machine."""
    settings = machine["settings"]
    return SHAPES.fill(
        "machine",
        app=app,
        machine=machine,
        state=shown_state(machine),
        env={**settings["env"], "FLY_PROCESS_GROUP": "app", "PRIMARY_REGION": settings["primary_region"]},
        init={"cmd": settings["command"]} if settings["command"] else {},
        events=_events(machine),
    )


def shown_state(machine: Machine) -> str:
    """Fly.io has no state for a crash [Fly docs: machine states]."""
    return "stopped" if machine["state"] == "crashed" else machine["state"]


def _events(machine: Machine) -> list[dict[str, Any]]:
    """Newest first [fly-go source: MachineEvent, MachineExitEvent]. The sandbox keeps no exit status: 1 is used
    instead.

    On Fly.io, a program that exits with an error is restarted up to ten times before the machine stays stopped.
    """
    started = SHAPES.fill("started")
    if machine["state"] == "started":
        return [started]
    crashed = machine["state"] == "crashed"
    how = {"exit_code": 1, "guest_exit_code": 1} if crashed else {"requested_stop": True}
    return [SHAPES.fill("ended", how=how), started]


def release_json(platform: Platform, app: App, release: Release) -> dict[str, Any]:
    """A release."""
    stable, running = release["status"] == "complete", release["status"] == "running"
    email = platform["account"]["email"]
    return SHAPES.fill("release", app=app, release=release, stable=stable, running=running, email=email)


def cluster_json(platform: Platform, cluster: Cluster) -> dict[str, Any]:
    """A managed cluster."""
    attached = [{"name": name, "id": name} for name in cluster["attached"]]
    shown = _organization(platform, cluster["organization"])
    return SHAPES.fill("cluster", cluster=cluster, shown_organization=shown, attached=attached)


def visible_apps(platform: Platform) -> list[App]:
    """The apps of the developer's organizations, by name."""
    return [app for _, app in sorted(platform["apps"].items()) if app["organization"] in platform["organizations"]]


def _organization(platform: Platform, slug: str) -> dict[str, Any]:
    return SHAPES.fill("organization", organization=platform["organizations"][slug])
