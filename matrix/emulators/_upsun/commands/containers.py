"""`environment:ssh`, `environment:logs`."""

from __future__ import annotations

import shlex

from matrix.emulators._upsun.console import CliError, note, say
from matrix.emulators._upsun.session import Session


def ssh(session: Session) -> int:
    """[CLI source: EnvironmentSshCommand] Ends as the command in the container ends."""
    project = session.project()
    environment = session.environment(project)
    if environment["deployment"] is None:
        note(f"The environment {environment['name']} is inactive, so an SSH connection is not possible.")
        return 1
    region = project["region"]
    if session.call.has("pipe"):
        say(f"{project['id']}-{environment['name']}-bvxea6i--app@ssh.{region}")
        return 0
    words = session.call.words
    if not words:
        raise CliError("The emulated platform has no shell to show: name a command.")  # LIMIT of the emulation
    import subprocess

    from matrix.emulators._upsun.running import running
    from matrix.sandbox.namespace import enter

    # [CLI source] One word is a command line already; several are arguments.
    line = words[0] if len(words) == 1 else shlex.join(words)
    live = running(session.state, project)
    command = enter(live.container(), live.shell(line), live.environment())
    return subprocess.run(command.argv, cwd=command.cwd, env=command.env, check=False).returncode


def logs(session: Session) -> None:
    """[CLI source: EnvironmentLogCommand] What the start command wrote: 100 lines, or as many as --lines says."""
    project = session.project()
    session.environment(project)
    kind = session.call.argument(0) or "app"
    if session.call.has("tail"):
        raise CliError("The emulated platform does not stream logs.")  # LIMIT of the emulation
    if kind != "app":
        raise CliError(f"The emulated platform keeps no log of this type: {kind}")  # LIMIT of the emulation
    path = session.state.app_folder(project["id"]) / "logs" / "app.log"
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
    note(f"Reading log file {kind}")
    for line in lines[-int(session.call.value("lines", "100")) :]:
        say(line)
