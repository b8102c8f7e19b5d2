"""`status`, `machine list`, `machine start`, `releases`, `logs`, `ssh console`."""

from __future__ import annotations

import shlex
import sys

from ..._kit.cobra import CliError, say_table
from ..._kit.console import say, say_json, wait_for_interrupt
from .. import api, machines
from ..session import FlySession
from ..state import App, Machine

_TITLES = ("Process", "ID", "Version", "Region", "State", "Checks", "Last Updated")


def status(session: FlySession) -> None:
    """[flyctl source]"""
    app = _as_seen(session)
    platform = session.platform()
    if session.has("json"):
        say_json(api.status_json(platform, app), 4)
        return
    image = f"{app['name']}:{app['machines'][0]['image']}" if app["machines"] else "-"
    pairs = {"Name": app["name"], "Owner": app["organization"], "Hostname": api.hostname(app["name"]), "Image": image}
    say("\n".join(["App", *(f"  {name:<8} = {value}" for name, value in pairs.items()), "\nMachines"]))
    say_table(_TITLES, [_row(app, machine) for machine in app["machines"]])


def listing(session: FlySession) -> None:
    """[flyctl source]"""
    app = _as_seen(session)
    shown = [api.machine_json(app, machine) for machine in app["machines"]]
    session.show(shown, _TITLES, [_row(app, machine) for machine in app["machines"]])


def releases(session: FlySession) -> None:
    """[flyctl source] Newest first."""
    app = session.app()
    platform = session.platform()
    shown = [api.release_json(platform, app, release) for release in reversed(app["releases"])]
    rows = [(f"v{r['Version']}", r["Status"], r["Description"], r["User"]["Email"], r["CreatedAt"]) for r in shown]
    session.show(shown, ("Version", "Status", "Description", "User", "Date"), rows)


def logs(session: FlySession) -> None:
    """[flyctl source] Without --no-tail it never exits; times are those of the files."""
    app = session.app()
    region = app["machines"][0]["region"] if app["machines"] else app["region"]
    folder = session.state.app_folder(app["name"]) / "logs"
    for path in sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime):
        if session.value("machine", path.stem) == path.stem:
            stamp = machines.stamp(path)
            for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
                say(f"{stamp} app[{path.stem}] {region} [info]{line}")
    if not session.has("no-tail"):
        wait_for_interrupt()


def console(session: FlySession) -> int:
    """[flyctl source] A command as root, without a shell; here on a fresh copy of the machine's image."""
    from ..._kit.programs import attached

    app = _as_seen(session)
    if not [machine for machine in app["machines"] if machine["state"] == "started"]:
        raise CliError(api.TEXTS("not started", app=app["name"]))
    if not session.given("command"):
        raise CliError("prompt: non interactive")
    machine = app["machines"][0]
    image = machines.image_of(session.state, app["name"], machine["image"])
    place = machines.container(session.state, app["name"], image, "console", session.value("user"))
    return attached(place, shlex.split(session.value("command")), machines.environment(app, image, machine))


def start(session: FlySession) -> None:
    """[flyctl source: machine start] Without an ID it asks which ones."""
    app = _as_seen(session)
    known = {machine["id"]: machine for machine in app["machines"]}
    for machine_id in session.words or _asked(app):
        if machine_id not in known:
            raise CliError(f"could not start machine {machine_id}: machine not found")  # OWN WORDING
        machines.wake(session.state, app, known[machine_id])
        say(f"{machine_id} has been started")


def _asked(app: App) -> list[str]:
    if not sys.stdin.isatty():
        raise CliError("prompt: non interactive")
    listed = "\n".join(f"  {machine['id']} {machine['name']}" for machine in app["machines"])
    # OWN WORDING: the real prompt is a list in which entries are selected.
    return input(f"Select machines:\n{listed}\n> ").split()


def _as_seen(session: FlySession) -> App:
    """The app; its machine's program may have exited, or been suspended, since it was started."""
    app = session.app()
    for machine in app["machines"][:1]:
        if machine["state"] == "started":
            site = session.state.sandbox().site(app["name"])
            machine["state"] = "crashed" if site and site["state"] == "crashed" else "started"
            if site and machine["state"] == "started":
                machines.idle(session.state, app, site["quiet"])
                machine["state"] = "stopped" if machine["asleep"] else "started"
    return app


def _row(app: App, machine: Machine) -> tuple[str, ...]:
    passing = sum(check["status"] == "passing" for check in machine["checks"])
    checks = f"{len(machine['checks'])} total, {passing} passing" if machine["checks"] else ""
    version = str(len(app["releases"]))
    return "app", machine["id"], version, machine["region"], api.shown_state(machine), checks, machine["updated_at"]
