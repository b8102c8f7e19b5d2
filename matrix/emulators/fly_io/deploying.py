"""A deployment after the build: release command, machines, health checks [flyctl source: internal/command/deploy]."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from ...sandbox.control import SiteDidNotStart
from .._kit.cobra import CliError
from .._kit.console import note, say
from .._kit.faults import under_faults
from .._kit.store import first, new_id, now
from . import api, health, machines, release_command_machine
from .addresses import NotReachable
from .state import App, Machine, Release, ReleaseStatus, Settings, State, short_id, ulid


def bring_out(
    state: State, app: str, tag: str, wanted: Settings, release_command: Sequence[str], *, spare_machine: bool
) -> None:
    """Run the release command on a separate machine, then update the app's machines. Raises CliError."""
    release = _begin(state, app, tag)
    status: ReleaseStatus = "interrupted"
    try:
        _settle(state, app, release, "running")
        if release_command:
            release_command_machine.run(state, app, _machine(state.read()["apps"][app], tag, wanted), release_command)
        _announce(state.read()["apps"][app], spare_machine)
        _update(state, app, tag, wanted, spare_machine)
        status = "complete"
    except CliError:
        status = "failed"
        raise
    finally:
        _settle(state, app, release, status)


def restart(state: State, app: str) -> None:
    """Restart the machines with the current secrets: a deployment without a build and without a release command."""
    current = state.read()["apps"][app]["machines"][0]
    bring_out(state, app, current["image"], current["settings"], [], spare_machine=False)


def _announce(app: App, spare_machine: bool) -> None:
    if app["machines"]:
        note(f"-------\nUpdating existing machines in '{app['name']}' with rolling strategy\n-------")
        return
    count = 2 if spare_machine else 1
    note(f'This deployment will:\n * create {count} "app" machine{"s" if count > 1 else ""}\n')
    note("No machines in group app, launching a new machine")


def _update(state: State, app: str, tag: str, wanted: Settings, spare_machine: bool) -> None:
    found = state.read()["apps"][app]
    is_first = not found["machines"]
    machine = _machine(found, tag, wanted)
    if under_faults(state, "machine", lambda: _start(state, found, machine), note) != 0:
        state.sandbox().stop_site(app)
        _remember(state, app, [{**machine, "state": "crashed"}, *found["machines"][1:]])
        raise CliError(f"smoke checks for {machine['id']} failed: the app appears to be crashing")
    spares = [_machine({**found, "machines": []}, tag, wanted)] if is_first and spare_machine else found["machines"][1:]
    for spare in spares:
        spare["image"], spare["state"] = tag, "stopped"
    _remember(state, app, [machine, *spares])
    _refuse_failing(state, app, machine)
    if spare_machine and is_first:
        note("Creating a second machine for high availability and zero downtime deployments.")
        note('To disable this, set "min_machines_running = 0" in your fly.toml.')
    note("Finished launching new machines" if is_first else f"Machine {machine['id']} is now in a good state")


def _start(state: State, app: App, machine: Machine) -> int:
    """Start the machine and check it; 1 if its program exits, 0 otherwise, even if it cannot be reached."""
    try:
        machines.start(state, app, machine)
    except NotReachable as where:
        return _warn_of_address(state, app["name"], machine, str(where))
    except SiteDidNotStart as failure:
        if "ended" not in failure.reason:
            return _warn_of_address(state, app["name"], machine, "another address")
        note(failure.log_tail.rstrip("\n"))
        return 1
    try:
        machine["checks"] = health.examine(state, app["name"], machine)
    except SiteDidNotStart as failure:
        note(failure.log_tail.rstrip("\n"))
        return 1
    return 0


def _warn_of_address(state: State, app: str, machine: Machine, where: str) -> int:
    """The machine replaces the previous one; without health checks nothing fails."""
    note(api.TEXTS("wrong address", port=machine["settings"]["internal_port"], found=where))
    state.sandbox().stop_site(app)
    machine["checks"] = health.examine(state, app, machine)
    return 0


def _refuse_failing(state: State, app: str, machine: Machine) -> None:
    """A machine whose checks fail gets no requests; here it is also stopped."""
    failing = [check for check in machine["checks"] if check["status"] != "passing"]
    if failing:
        state.sandbox().stop_site(app)
        for check in failing:
            note(f"Check {check['name']}: {check['output']}")
        raise CliError(f"timeout reached waiting for health checks to pass for machine {machine['id']}")


def _machine(app: App, tag: str, wanted: Settings) -> Machine:
    """The app's updated machine, or a new one."""
    before = app["machines"][0] if app["machines"] else None
    machine_id = before["id"] if before else short_id()
    return {
        "id": machine_id,
        "name": before["name"] if before else f"{short_id(5)}-{short_id(4)}",
        "state": "started",
        "region": wanted["primary_region"] or app["region"],
        "image": tag,
        "digest": f"sha256:{hashlib.sha256(tag.encode()).hexdigest()}",
        "private_ip": before["private_ip"] if before else "fdaa:0:1:a7b:1::2",
        "version": ulid(),
        "settings": wanted,
        "checks": [],
        "asleep": 0.0,
        "woken": 0.0,
        "created_at": before["created_at"] if before else now(),
        "updated_at": now(),
    }


def _remember(state: State, app: str, found: Sequence[Machine]) -> None:
    with state.change() as platform:
        platform["apps"][app]["machines"] = list(found)
        for secret in platform["apps"][app]["secrets"].values():
            secret["status"] = "Deployed"


def _begin(state: State, app: str, tag: str) -> Release:
    """A release that counts as interrupted until it runs, in case the command is killed now."""
    with state.change() as platform:
        releases = platform["apps"][app]["releases"]
        version = len(releases) + 1
        release: Release = {
            "id": new_id(), "version": version, "status": "interrupted", "image": tag, "created_at": now(),
        }  # fmt: skip
        releases.append(release)
    return release


def _settle(state: State, app: str, release: Release, status: ReleaseStatus) -> None:
    with state.change() as platform:
        known = first(platform["apps"][app]["releases"], id=release["id"])
        assert known
        known["status"] = status


def visit(app: str) -> None:
    """Print the end of a deployment."""
    note(f"Checking DNS configuration for {api.hostname(app)}\n✓ DNS configuration verified")
    say(f"\nVisit your newly deployed app at https://{api.hostname(app)}/")
