"""Where to look when the site does not answer: the machines' log, and their exit events."""

from __future__ import annotations

import json
from typing import Any

from simple_deploy.contract import Query, Watch


def watch(app: str) -> Watch:
    """Without --no-tail, `fly logs` would never exit."""
    return Watch(
        log=("fly", "logs", "--app", app, "--no-tail"),
        crashed=Query(argv=("fly", "status", "--app", app, "--json"), read=_crashed),
    )


def _crashed(output: str) -> str:
    """Every machine, if each of them has exited on its own with an error."""
    machines = json.loads(output)["Machines"] or []
    return ", ".join(f"machine {machine['id']}" for machine in machines) if all(map(_has_crashed, machines)) else ""


def _has_crashed(machine: dict[str, Any]) -> bool:
    """A machine that Fly.io stops for lack of visitors is "stopped" as well; its exit was requested.

    The newest event shows it (fly-go, `MachineEvent`, `MachineExitEvent`; keys that are false or 0 may be absent).
    """
    if machine["state"] != "stopped":
        return bool(machine["state"] == "failed")
    ends = [event for event in machine.get("events") or [] if event["type"] == "exit"]
    if not ends:
        return False
    ended = (max(ends, key=lambda event: event["timestamp"]).get("request") or {}).get("exit_event") or {}
    return not ended.get("requested_stop") and bool(ended.get("exit_code") or ended.get("oom_killed"))
