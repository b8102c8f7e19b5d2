"""`status`, `machine list`, `machine start`, `releases`, `logs`, `ssh console`."""

from __future__ import annotations

import shlex
import sys
import threading

from matrix.emulators.fly_io import api, idling, machines
from matrix.emulators.fly_io.console import CliError, not_interactive, say, say_json, say_table
from matrix.emulators.fly_io.model import App, Machine
from matrix.emulators.fly_io.session import Session

_TAIL_LIMIT = 3600.0  # seconds: whoever follows a log has ended the command long before
_NOT_STARTED = """app {app} has no started VMs.
It may be unhealthy or not have been deployed yet.
Try the following command to verify:

fly status"""
_TITLES = ("Process", "ID", "Version", "Region", "State", "Checks", "Last Updated")


def status(session: Session) -> None:
    """[flyctl source]"""
    app = _as_seen(session)
    platform = session.platform()
    if session.has("json"):
        say_json(api.status_json(platform, app))
        return
    image = f"{app['name']}:{app['machines'][0]['image']}" if app["machines"] else "-"
    pairs = {"Name": app["name"], "Owner": app["organization"], "Hostname": api.hostname(app["name"]), "Image": image}
    say("App")
    for name, value in pairs.items():
        say(f"  {name:<8} = {value}")
    say("\nMachines")
    say_table(_TITLES, [_row(app, machine) for machine in app["machines"]])


def listing(session: Session) -> None:
    """[flyctl source]"""
    app = _as_seen(session)
    if session.has("json"):
        say_json([api.machine_json(app, machine) for machine in app["machines"]])
    else:
        say_table(_TITLES, [_row(app, machine) for machine in app["machines"]])


def releases(session: Session) -> None:
    """[flyctl source] Newest first."""
    app = session.app()
    platform = session.platform()
    rows = [api.release_json(platform, app, release) for release in reversed(app["releases"])]
    if session.has("json"):
        say_json(rows)
        return
    titles = ("Version", "Status", "Description", "User", "Date")
    table = [
        (f"v{row['Version']}", row["Status"], row["Description"], row["User"]["Email"], row["CreatedAt"])
        for row in rows
    ]
    say_table(titles, table)


def logs(session: Session) -> None:
    """[flyctl source] Without --no-tail it goes on for ever; times are those of the files."""
    app = session.app()
    folder = session.state.app_folder(app["name"]) / "logs"
    for path in sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime):
        if session.options.get("machine", path.stem) != path.stem:
            continue
        stamp = machines.stamp(path)
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            say(f"{stamp} app[{path.stem}] {_region(app)} [info]{line}")
    if not session.has("no-tail"):
        threading.Event().wait(_TAIL_LIMIT)


def console(session: Session) -> int:
    """[flyctl source] A command as root, without a shell; here on a fresh copy of the machine's image."""
    from matrix.emulators._kit.programs import attached

    app = _as_seen(session)
    if not [machine for machine in app["machines"] if machine["state"] == "started"]:
        raise CliError(_NOT_STARTED.format(app=app["name"]))
    if "command" not in session.options:
        raise not_interactive("prompt: non interactive")
    machine = app["machines"][0]
    image = machines.image_of(session.state, app["name"], machine["image"])
    place = machines.container(session.state, app["name"], image, "console", session.options.get("user", ""))
    return attached(place, shlex.split(session.options["command"]), machines.environment(app, image, machine))


def start(session: Session) -> None:
    """[flyctl source: machine start] Without an ID it asks which ones."""
    app = _as_seen(session)
    chosen = session.words or _asked(app)
    known = {machine["id"]: machine for machine in app["machines"]}
    for machine_id in chosen:
        if machine_id not in known:
            raise CliError(f"could not start machine {machine_id}: machine not found")  # OWN WORDING
        idling.wake(session.state, app, known[machine_id])
        say(f"{machine_id} has been started")


def _asked(app: App) -> list[str]:
    if not sys.stdin.isatty():
        raise not_interactive("prompt: non interactive")
    listed = "\n".join(f"  {machine['id']} {machine['name']}" for machine in app["machines"])
    # OWN WORDING: the real question is a list in which entries are marked.
    return input(f"Select machines:\n{listed}\n> ").split()


def _as_seen(session: Session) -> App:
    """The app; the program of its machine may have ended, or gone to sleep, since it was started."""
    app = session.app()
    for machine in app["machines"][:1]:
        if machine["state"] == "started":
            from matrix.sandbox.control import Control

            site = Control.connect(session.state.root).site(app["name"])
            machine["state"] = "crashed" if site and site["state"] == "crashed" else "started"
            if site and machine["state"] == "started":
                idling.look(session.state, app, site["quiet"])
                machine["state"] = "stopped" if machine["asleep"] else "started"
    return app


def _row(app: App, machine: Machine) -> tuple[str, ...]:
    passing = sum(check["status"] == "passing" for check in machine["checks"])
    checks = f"{len(machine['checks'])} total, {passing} passing" if machine["checks"] else ""
    version = str(len(app["releases"]))
    return "app", machine["id"], version, machine["region"], api.shown_state(machine), checks, machine["updated_at"]


def _region(app: App) -> str:
    return app["machines"][0]["region"] if app["machines"] else app["region"]
