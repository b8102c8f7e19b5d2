"""A deployment after the build: release command, machines, health checks [flyctl source: internal/command/deploy]."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Mapping, Sequence

from matrix.emulators._kit.cobra import CliError
from matrix.emulators._kit.console import note, say
from matrix.emulators._kit.faults import under_faults
from matrix.emulators._kit.programs import run_to_end
from matrix.emulators._kit.store import first, new_id, now
from matrix.emulators.fly_io import api, health, machines
from matrix.emulators.fly_io.addresses import NotReachable
from matrix.emulators.fly_io.app_config import AppConfig, seconds
from matrix.emulators.fly_io.state import App, Machine, Release, ReleaseStatus, Settings, State, short_id, ulid
from matrix.sandbox.control import SiteDidNotStart

_SHOWN = 100  # lines of the log of a failed release command


def settings(config: AppConfig, extra_env: Mapping[str, str]) -> Settings:
    """The settings of a machine from fly.toml, with flyctl's defaults."""
    service = config.service
    return {
        "command": config.command,
        "env": {**config.env, **extra_env},
        "internal_port": service.get("internal_port", 8080),
        "force_https": service.get("force_https", False),
        "kill_signal": config.content.get("kill_signal", "SIGINT"),
        "kill_timeout": min(seconds(config.content.get("kill_timeout", 5)) or 5.0, 300.0),
        "checks": service.get("checks", []),
        "primary_region": config.content.get("primary_region", ""),
        # [Fly docs: autostop] Off by default; as many as min_machines_running go on.
        "auto_stop": service.get("auto_stop_machines", "off") not in ("off", False)
        and not service.get("min_machines_running"),
    }


def bring_out(
    state: State, app: str, tag: str, wanted: Settings, release_command: Sequence[str], *, spare_machine: bool
) -> None:
    """Run the release command on a separate machine, then update the app's machines. Raises CliError."""
    release = _begin(state, app, tag)
    status: ReleaseStatus = "interrupted"
    try:
        _settle(state, app, release, "running")
        if release_command:
            _run_release_command(state, app, _machine(state.read()["apps"][app], tag, wanted), release_command)
        _announce(state.read()["apps"][app], spare_machine)
        _update(state, app, tag, wanted, spare_machine)
        status = "complete"
    except CliError:
        status = "failed"
        raise
    finally:
        _settle(state, app, release, status)


def restart(state: State, app: str) -> None:
    """Start the machines again with the secrets of now: a deployment without a build and without a release command."""
    current = state.read()["apps"][app]["machines"][0]
    bring_out(state, app, current["image"], current["settings"], [], spare_machine=False)


def _run_release_command(state: State, app: str, machine: Machine, words: Sequence[str]) -> None:
    """Run it without a shell, in the new image, as its user, before any machine is touched. Raises CliError.

    [flyctl source: deploy/release_command]
    """
    image = machines.image_of(state, app, machine["image"])
    found = state.read()["apps"][app]
    own = {"RELEASE_COMMAND": "1", "FLY_PROCESS_GROUP": "fly_app_release_command"}
    env = machines.environment(found, image, machine, **own)
    place = machines.container(state, app, image, machine["id"])
    output: list[str] = []
    note(f"Running {app} release_command: {shlex.join(words)}")

    def work() -> int:
        argv = [*image.entrypoint, *words]
        return run_to_end(place, argv, env, limit=state.read()["limits"]["release"], each_line=output.append)

    status = under_faults(state, "release", work, output.append)
    with machines.log(state, app, machine["id"]).open("a", encoding="utf-8") as stream:
        stream.writelines(f"{line}\n" for line in output)
    if status == 0:
        note(f"release_command {machine['id']} completed successfully")
        return
    note(f"Error release_command failed running on machine {machine['id']} with exit code {status}.")
    note(f"Checking logs: fetching the last {_SHOWN} lines below:")
    for line in output[-_SHOWN:]:
        note(f"{now()} {line}")
    text = f"machine {machine['id']} exited with non-zero status of {status}"
    raise CliError(f"release command failed - aborting deployment. {text}")


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
    """Start the machine and check it; 1 if its program ends, 0 otherwise, even if it cannot be reached."""
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
    """The machine replaces the one before; without health checks nothing fails."""
    note(api.TEXTS("wrong address", port=machine["settings"]["internal_port"], found=where))
    state.sandbox().stop_site(app)
    machine["checks"] = health.examine(state, app, machine)
    return 0


def _refuse_failing(state: State, app: str, machine: Machine) -> None:
    """A machine whose checks fail gets no requests; here it is stopped, too."""
    failing = [check for check in machine["checks"] if check["status"] != "passing"]
    if failing:
        state.sandbox().stop_site(app)
        for check in failing:
            note(f"Check {check['name']}: {check['output']}")
        raise CliError(f"timeout reached waiting for health checks to pass for machine {machine['id']}")


def _machine(app: App, tag: str, wanted: Settings) -> Machine:
    """The app's machine as it will be, or a new one."""
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
    """A release that counts as interrupted until it runs, in case the command is ended now."""
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
