"""`environment:push` [CLI source: EnvironmentPushCommand]."""

from __future__ import annotations

import subprocess
import sys

from ..._kit.console import note
from ..._kit.repository import git
from ..._kit.symfony import CliError, ask
from .. import local_project
from ..session import UpsunSession, environment_label, project_label
from ..state import Project, git_url

DEPLOYMENT_ERROR = 87
# [CLI source: config-defaults.yaml, push_deploy_error_messages]
_ERRORS = (
    "Environment creation failed",
    "Environment redeployment failed",
    "Error building project",
    "Unable to build application",
    "Unknown error building the application",
    "Unable to find stack",
    "Cannot build application of type",
    "Invalid deployment",
    "Could not perform a rolling deployment",
)


def push(session: UpsunSession) -> int:
    """Push and read the log: Git exits with 0 even if nothing could be built."""
    root = local_project.repository_root()
    if root is None:
        note("This command can only be run from inside a Git repository.")
        return 1
    project = session.project()
    note(f"Selected project: {project_label(project)}\n")
    source = session.argument(0) or "HEAD"
    revision = None if ":" in source else git("rev-parse", "--verify", source)
    if revision is None:
        note(f"Invalid source ref: {source}")
        return 1
    environment, target = project["environment"], _target(session, project)
    if target != environment["name"]:
        raise CliError(f"The emulated platform has no environment but {environment['name']}.")  # LIMIT of the emulation
    if revision == environment["head"]:
        label = environment_label(environment)
        note(f"The environment {label} is already up to date with the source ref, {source}.")
        return 0
    note(f"Pushing {source} to the environment {environment_label(environment)}.\nDeployment strategy: stopstart\n")
    if not session.confirm("Are you sure you want to continue?"):
        return 1
    note()
    return _git_push(session, project, source, target)


def _target(session: UpsunSession, project: Project) -> str:
    given = session.value("target") or session.value("environment")
    branch = git("branch", "--show-current")
    if given or branch == project["environment"]["name"]:
        return given or project["environment"]["name"]
    if not session.interactive:
        # The question for the branch has the current one as its default.
        if not branch:
            raise CliError("A target branch name (--target) is required.", frame=False)
        return branch
    return ask(f"Enter the target branch name (default: {branch}): ") or branch or ""


def _git_push(session: UpsunSession, project: Project, source: str, target: str) -> int:
    current = local_project.current_project_id(session.flavour) == project["id"]
    root = local_project.repository_root()
    if root is not None and (current or session.has("set-upstream")):
        local_project.map_repository(session.flavour, root, project)
        remote = session.flavour.remote
    else:
        remote = git_url(project)
    flags = [f"--{name}" for name in ("force", "force-with-lease", "set-upstream") if session.has(name)]
    argv = ["git", "push", remote, f"{source}:refs/heads/{target}", *flags]
    child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8")
    assert child.stderr
    log = []
    with child.stderr as output:
        for line in output:
            sys.stderr.write(line)
            sys.stderr.flush()
            log.append(line)
    status = child.wait()
    return status if status else _read_log("".join(log))


def _read_log(log: str) -> int:
    for message in _ERRORS:
        if message in log:
            note(f'\nThe push completed but there was a deployment error ("{message}").')
            return DEPLOYMENT_ERROR
    return 0
