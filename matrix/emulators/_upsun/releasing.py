"""The deployment of a build: services, deploy hook, web process, routes [push log; docs: build-deploy].

The platform holds requests back while the deploy hook runs, and starts the web process before it. Here the old web
process serves until the new one listens, which visitors cannot distinguish.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from ...sandbox.control import SiteDidNotStart
from .._kit.faults import under_faults
from . import building, containers
from .activity import Failed, Log, activity
from .addresses import described, hosts_of
from .configuration import Configuration, configuration_of
from .running import Running, running
from .state import Deployment, State


def bring_out(state: State, project_id: str, log: Log) -> None:
    """Build and deploy the head of the environment. Raises Failed, with the reason in the log."""
    if under_faults(state, "activity", lambda: _bring_out(state, project_id, log), log.say):
        raise Failed


def redeploy(state: State, project_id: str, watcher: Callable[[str], None]) -> bool:
    """Restart what is deployed, or deploy the head if that failed; returns whether it succeeded.

    For what is already deployed, only the hook `post_deploy` runs [docs: hooks].
    """
    environment = state.project(project_id)["environment"]
    deployment, name = environment["deployment"], environment["name"]
    description = f"Dev Eloper redeployed environment {name}"
    with activity(state, project_id, "environment.redeploy", description, watcher) as log:
        if deployment is None or deployment["commit"] != environment["head"]:
            bring_out(state, project_id, log)
        else:
            live = running(state, state.project(project_id))
            log.say(f"Redeploying environment {name}\n  Preparing deployment\n  Closing all services")
            log.say(f"  Opening application {live.configuration.name} and its relationships")
            _open(live, log)
            _hook(live, "post_deploy", log)
    return state.project(project_id)["activities"][-1]["result"] == "success"


def _bring_out(state: State, project_id: str, log: Log) -> int:
    project = state.project(project_id)
    commit = str(project["environment"]["head"])
    configuration = configuration_of(state, project_id, commit)
    if state.flavour.app_file is None and project["environment"]["deployment"] is None:
        log.say("Configuring resources\n  Using default resources")
        for name in (configuration.name, *configuration.services):
            log.say(f"    Setting '{name}' resources to 0.5 CPU, 224MB RAM.")
        log.say()
    folder, tree = building.build(state, project, commit, configuration, log)
    _create_databases(state, project_id, configuration)
    deployment: Deployment = {
        "commit": commit,
        "build": str(folder),
        "tree": tree,
        "configuration": asdict(configuration),
    }
    _deploy(Running(state=state, project=state.project(project_id), deployment=deployment), log)
    return 0


def _deploy(live: Running, log: Log) -> None:
    """An error in a hook of the application does not count [docs: hooks]."""
    environment = live.project["environment"]
    first = environment["deployment"] is None
    log.say("Provisioning certificates\n  Certificates")
    names = ", ".join(hosts_of(live.routes))
    log.say(f"  - certificate 57594b5: expiring on 2099-01-01 00:00:00+00:00, covering {names}\n")
    log.say(f"{'Creating' if first else 'Redeploying'} environment {environment['name']}")
    log.say("  Starting environment" if first else "  Preparing deployment\n  Closing all services")
    log.say(f"  Opening application {live.configuration.name} and its relationships")
    _hook(live, "deploy", log)
    _open(live, log)
    with live.state.change() as platform:
        known = platform["projects"][live.project["id"]]["environment"]
        known["deployment"], known["status"] = live.deployment, "active"
    _hook(live, "post_deploy", log)


def _create_databases(state: State, project_id: str, configuration: Configuration) -> None:
    missing = [name for name in configuration.services if name not in state.project(project_id)["databases"]]
    for service in missing:
        url = state.sandbox().create_database(f"{project_id}_{service}")
        with state.change() as platform:
            platform["projects"][project_id]["databases"][service] = url
    for service, entry in configuration.services.items():
        # The documentation says that extensions are enabled here, not what becomes of others.
        extensions = (entry.get("configuration") or {}).get("extensions") or ()
        state.sandbox().limit_extensions(f"{project_id}_{service}", [str(name) for name in extensions])


def _hook(live: Running, kind: str, log: Log) -> None:
    """Run a hook. Its output in the log is the only sign of a failure."""
    script = live.configuration.hook(kind)
    if not script:
        return
    log.say(f"  Executing {kind.replace('_', '-')} hook for application {live.configuration.name}")
    part = f"{kind.replace('_', ' ')} hook"
    containers.run_script(live.state, part, live.container(), script, live.environment(), log.inside(4))
    log.say()


def _open(live: Running, log: Log) -> None:
    """Serve it from now on, and print its addresses."""
    configuration = live.configuration
    log.say("  Opening environment")
    try:
        live.state.sandbox().start_site(live.site())
    except SiteDidNotStart as failure:
        log.say(f"  E: Environment redeployment failed: {failure.reason}")  # of the emulation itself: must not happen
        raise Failed from failure
    log.say("  Environment configuration")
    resources = "cpu: 0.5, memory: 224" if live.state.flavour.app_file is None else "size: S"
    disk = configuration.application.get("disk", 512)
    log.say(f"    {configuration.name} (type: python:{configuration.python}, {resources}, disk: {disk})")
    for service, entry in configuration.services.items():
        log.say(f"    {service} (type: {entry['type']}, {resources}, disk: {entry.get('disk', 512)})")
    log.say("\n  Environment routes")
    for line in described(live.routes, configuration.name):
        log.say(f"    {line}")
    log.say()
