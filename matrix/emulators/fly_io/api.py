"""How Fly.io shows what it has: the JSON that `--json` prints.

Apps: `app.json`, the shape of [flyctl source: fly.App] with all its zero fields. Machines: [Machines API].
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from matrix.emulators.fly_io.model import App, Cluster, Machine, Platform, Release, is_deployed

_APP = json.loads(Path(__file__).with_name("app.json").read_bytes())


def hostname(app: str) -> str:
    """Where visitors find an app."""
    return f"{app}.fly.dev"


def app_json(platform: Platform, app: App) -> dict[str, Any]:
    """An app as `apps list`, `apps create` and `postgres list` show it."""
    slug = app["organization"]
    last = app["releases"][-1] if app["releases"] else None
    found: dict[str, Any] = json.loads(json.dumps(_APP))
    found |= {"ID": app["name"], "Name": app["name"], "Hostname": hostname(app["name"]), "Status": _status(app)}
    found["Deployed"] = is_deployed(app)
    found["Organization"] |= {"Slug": slug, "Name": platform["organizations"][slug]["name"]}
    if last:
        found["CurrentRelease"] |= {"Status": last["status"], "CreatedAt": last["created_at"]}
    return found


def status_json(platform: Platform, app: App) -> dict[str, Any]:
    """An app as `status` shows it, keys in order."""
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
    return {
        "id": machine["id"],
        "name": machine["name"],
        "state": shown_state(machine),
        "region": machine["region"],
        "image_ref": {
            "registry": "registry.fly.io",
            "repository": app["name"],
            "tag": machine["image"],
            "digest": machine["digest"],
            "labels": None,
        },
        "instance_id": machine["version"],
        "private_ip": machine["private_ip"],
        "created_at": machine["created_at"],
        "updated_at": machine["updated_at"],
        "config": {
            "env": {**settings["env"], "FLY_PROCESS_GROUP": "app", "PRIMARY_REGION": settings["primary_region"]},
            "init": {"cmd": settings["command"]} if settings["command"] else {},
            "guest": {"cpu_kind": "shared", "cpus": 1, "memory_mb": 1024},
            "metadata": {"fly_platform_version": "v2", "fly_process_group": "app"},
            "image": f"registry.fly.io/{app['name']}:{machine['image']}",
            "restart": {"policy": "on-failure", "max_retries": 10},
        },
        "checks": machine["checks"],
        "events": _events(machine),
        "host_status": "ok",
    }


def shown_state(machine: Machine) -> str:
    """Fly.io has no state for a crash [Fly docs: machine states]."""
    return "stopped" if machine["state"] == "crashed" else machine["state"]


def _events(machine: Machine) -> list[dict[str, Any]]:
    """Newest first [fly-go source: MachineEvent, MachineExitEvent]. The sandbox keeps no exit status: 1 stands for it.

    On Fly.io, a program that ends with an error is started again up to ten times before the machine stays stopped.
    """
    started: dict[str, Any] = {"type": "start", "status": "started", "source": "flyd", "timestamp": 1_700_000_000_000}
    if machine["state"] == "started":
        return [started]
    crashed = machine["state"] == "crashed"
    how = {"exit_code": 1, "guest_exit_code": 1} if crashed else {"requested_stop": True}
    ended = {"type": "exit", "status": "stopped", "request": {"exit_event": how}, "source": "flyd"}
    return [{**ended, "timestamp": 1_700_000_001_000}, started]


def release_json(platform: Platform, app: App, release: Release) -> dict[str, Any]:
    """A release."""
    return {
        "ID": release["id"],
        "Version": release["version"],
        "Stable": release["status"] == "complete",
        "InProgress": release["status"] == "running",
        "Status": release["status"],
        "Description": "Release",
        "User": {"Email": platform["account"]["email"]},
        "CreatedAt": release["created_at"],
        "ImageRef": f"registry.fly.io/{app['name']}:{release['image']}",
    }


def cluster_json(platform: Platform, cluster: Cluster) -> dict[str, Any]:
    """A managed cluster."""
    slug = cluster["organization"]
    attached = [{"name": name, "id": name} for name in cluster["attached"]]
    return {
        "id": cluster["id"],
        "mpgd_cluster_id": cluster["id"],
        "version": cluster["version"],
        "name": cluster["name"],
        "region": cluster["region"],
        "status": "ready",
        "plan": cluster["plan"],
        "disk": cluster["disk"],
        "replicas": 1,
        "organization": {**_APP["Organization"], "Slug": slug, "Name": platform["organizations"][slug]["name"]},
        "ip_assignments": {"direct": ""},
        "attached_apps": attached,
    }


def visible_apps(platform: Platform) -> list[App]:
    """The apps of the developer's organisations, by name."""
    return [app for _, app in sorted(platform["apps"].items()) if app["organization"] in platform["organizations"]]


def visible_clusters(platform: Platform, organization: str) -> list[Cluster]:
    """The managed clusters of an organisation."""
    return [cluster for cluster in platform["clusters"].values() if cluster["organization"] == organization]


def _status(app: App) -> str:
    return "deployed" if is_deployed(app) else "pending"
