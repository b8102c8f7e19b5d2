"""A push: build, start, migrate, route [docs: Post-deployment hook]. The pre-receive hook of an app."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from simple_deploy_matrix.emulators._kit import repository
from simple_deploy_matrix.emulators._kit.console import say
from simple_deploy_matrix.emulators._kit.faults import under_faults
from simple_deploy_matrix.emulators._kit.programs import run_part
from simple_deploy_matrix.emulators._kit.python_build import BuildFailed
from simple_deploy_matrix.emulators._kit.store import new_id, now
from simple_deploy_matrix.sandbox.control import SiteDidNotStart

from . import containers
from .build import BUILD
from .state import Deployment, Image, State, host


def main(root: Path, app: str, pushed: str) -> int:
    """Answer the push that Git describes to the hook; 1 refuses it."""
    state = State(root)
    return under_faults(state, "git push", lambda: _receive(state, app, pushed), say)


def _receive(state: State, app: str, pushed: str) -> int:
    updates = repository.updates(pushed)
    commits = [one.new for one in updates if one.ref in ("refs/heads/master", "refs/heads/main")]
    if not commits or commits[0] == repository.NOTHING:
        say("Only the branches master and main are deployed.")  # [OWN WORDING]
        return 0
    return deploy(state, app, commits[0], lambda folder: repository.extract(commits[0], folder))


def deploy(state: State, app: str, reference: str, fetch: Callable[[Path], None]) -> int:
    """Deploy the folder that `fetch` fills; returns 1 if the deployment fails."""
    identity = new_id()
    with state.change() as platform:
        row = Deployment(id=identity, created_at=now(), git_ref=reference, status="building")
        platform["apps"][app]["deployments"].append(row)
    try:
        status = _deploy(state, app, reference, fetch)
    except BaseException:
        _settle(state, app, identity, "aborted")
        raise
    _settle(state, app, identity, status)
    if status != "success":
        say(f" !     The deployment has failed: {status}")  # [OWN WORDING; INFERRED: the push is then rejected]
    return int(status != "success")


def _deploy(state: State, app: str, commit: str, fetch: Callable[[Path], None]) -> str:
    """[docs: deployment statuses]"""
    say("       Fetching source code")
    folder = state.app_folder(app) / "images" / new_id()
    folder.mkdir(parents=True)
    fetch(folder)
    made: list[Image] = []
    if under_faults(state, "build", lambda: _build(state, app, commit, folder, made), say) != 0:
        return "build-error"
    say("-----> Build complete, uploading deployment cache.\n       Build complete, shipping your container...")
    say("       Waiting for your application to boot...")
    return _start(state, app, made[0])


def _build(state: State, app: str, commit: str, folder: Path, made: list[Image]) -> int:
    try:
        config = state.read()["apps"][app]["config"]
        # [docs: Build Environment Variables]
        env = {**containers.resolved(config), "APP": app, "SOURCE_VERSION": commit}
        environment, interpreter = BUILD.run(folder, env, say)
    except BuildFailed as failure:
        say(f" !     {failure}")
        return 1
    path = folder / "Procfile"
    text = path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""
    processes = dict(re.findall(r"^([A-Za-z0-9_-]+):[ \t]*(.+?)\s*$", text, re.MULTILINE))
    say(f"-----> Discovering process types\n       Procfile declares types -> {', '.join(sorted(processes))}")
    made.append(
        Image(
            folder=str(folder),
            environment=str(environment),
            interpreter=str(interpreter),
            processes=processes,
            commit=commit,
        )
    )
    return 0


def _start(state: State, name: str, image: Image) -> str:
    """Start the new containers, then run the hook, then route requests to them."""
    app = state.read()["apps"][name]
    try:
        containers.serve(state, app, image, candidate=True)
    except SiteDidNotStart as failure:
        say(f" !     {failure.reason}")
        return "crashed-error"
    try:
        if (command := image["processes"].get("postdeploy")) and not _hook(state, name, image, command):
            return "hook-error"
        containers.serve(state, app, image)
    finally:
        state.sandbox().stop_site(f"{name}.next")
    with state.change() as platform:
        platform["apps"][name]["image"] = image
    say(f" <-- https://{host(name)} -->")
    return "success"


def _hook(state: State, name: str, image: Image, command: str) -> bool:
    app = state.read()["apps"][name]
    place, env = (
        containers.place(state, name, image, "postdeploy-1"),
        containers.environment(app, image, "postdeploy-1"),
    )
    argv = ("bash", "-c", command)
    return run_part(state, "release", place, argv, env, limit="postdeploy", each_line=say) == 0


def _settle(state: State, app: str, identity: str, status: str) -> None:
    with state.change() as platform:
        for row in platform["apps"][app]["deployments"]:
            if row["id"] == identity:
                row["status"] = status
