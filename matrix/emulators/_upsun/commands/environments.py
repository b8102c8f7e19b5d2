"""`environment:info`, `:list`, `:url`, `:redeploy`, `:ssh` and `:logs`."""

from __future__ import annotations

import shlex

from ..._kit.console import note, say, wait_for_interrupt
from ..._kit.symfony import CliError
from ..session import UpsunSession, environment_label
from ..state import SHAPES, current_environment, host


def details(session: UpsunSession) -> None:
    """[CLI source: EnvironmentInfoCommand] A property without a value is an empty line."""
    project = session.project()
    environment = session.environment(project)
    properties = SHAPES.fill(
        "environment",
        environment=environment,
        project=project,
        machine=current_environment(project),
        head=environment["head"] or "",
        has_code=str(environment["head"] is not None).lower(),
    )
    session.sets_nothing()
    session.show_property(properties, session.argument(0))


def listing(session: UpsunSession) -> None:
    """[CLI source: EnvironmentListCommand]"""
    environment = session.project()["environment"]
    if session.has("pipe"):
        say(environment["name"])
        return
    row = {
        "id": environment["name"],
        "title": environment["name"].capitalize(),
        "status": environment["status"].capitalize(),
        "type": environment["type"],
    }
    session.show("environment", [row], tuple(row))


def url(session: UpsunSession) -> int:
    """[CLI source: EnvironmentUrlCommand] Without --pipe a single URL if the CLI cannot ask for one."""
    project = session.project()
    environment = session.environment(project)
    if environment["deployment"] is None:
        raise CliError("Current deployment not found")
    from ..addresses import routes_of

    found = routes_of(environment["deployment"]["configuration"], host(project))
    primary = [url for url, route in found.items() if route["primary"]]
    if session.has("primary") and not primary:
        note("No primary route found.")
        return 1
    urls = primary if session.has("primary") else list(found)
    if not urls:
        say("No URLs found.")
        return 1
    every = session.has("pipe") or session.value("browser") == "0" or session.interactive
    say("\n".join(urls if every else urls[:1]))
    return 0


def redeploy(session: UpsunSession) -> int:
    """[CLI source: EnvironmentRedeployCommand]"""
    project = session.project()
    environment = session.environment(project)
    if environment["head"] is None:
        note(f"Operation not available: The environment {environment_label(environment)} can't be redeployed.")
        return 1
    if not session.confirm(f"Are you sure you want to redeploy the environment {environment_label(environment)}?"):
        return 1
    from .. import releasing

    return 0 if releasing.redeploy(session.state, project["id"], note) else 1


def ssh(session: UpsunSession) -> int:
    """[CLI source: EnvironmentSshCommand] Exits with the status of the command in the container."""
    project = session.project()
    environment = session.environment(project)
    if environment["deployment"] is None:
        note(f"The environment {environment['name']} is inactive, so an SSH connection is not possible.")
        return 1
    if session.has("pipe"):
        say(f"{project['id']}-{environment['name']}-bvxea6i--app@ssh.{project['region']}")
        return 0
    words = session.words
    if not words:
        raise CliError("The emulated platform has no shell to show: name a command.")  # LIMIT of the emulation
    import subprocess

    from ....sandbox.namespace import enter
    from .. import containers
    from ..running import running

    # [CLI source] One word is already a command line; several are arguments.
    line = words[0] if len(words) == 1 else shlex.join(words)
    live = running(session.state, project)
    command = enter(live.container(), containers.shell(line), live.environment())
    return subprocess.run(command.argv, cwd=command.cwd, env=command.env, check=False).returncode


def logs(session: UpsunSession) -> None:
    """[CLI source: EnvironmentLogCommand] The output of the start command: 100 lines, or as many as --lines.

    With `--tail` it continues until Ctrl-C. LIMIT of the emulation: no new lines come.
    """
    project = session.project()
    session.environment(project)
    kind = session.argument(0) or "app"
    if kind != "app":
        raise CliError(f"The emulated platform keeps no log of this type: {kind}")  # LIMIT of the emulation
    path = session.state.app_folder(project["id"]) / "logs" / "app.log"
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
    note(f"Reading log file {kind}")
    for line in lines[-int(session.value("lines", "100")) :]:
        say(line)
    if session.has("tail"):
        wait_for_interrupt()
