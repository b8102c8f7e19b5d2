"""Builds a commit: tools, build hook, then the result is frozen [push log; docs: build-deploy]."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from matrix.emulators._upsun import scripts
from matrix.emulators._upsun.activity import Failed, Log
from matrix.emulators._upsun.configuration import DEPRECATED, Configuration, read
from matrix.emulators._upsun.containers import build_container, build_environment
from matrix.emulators._upsun.image import NoSuchPython, python_image, tools_mounts
from matrix.emulators._upsun.model import Project
from matrix.emulators._upsun.state import State
from matrix.emulators.faults import under_faults

# Git writes no paths that lead outside; newer Pythons want to be told.
_TRUSTED: Any = {"filter": "fully_trusted"} if hasattr(tarfile, "data_filter") else {}
_FAILED = "E: Error building project: Step failed with status code {status}."


def extract(repository: Path, commit: str, folder: Path, part: str = "") -> None:
    """The files of a commit, or of one folder of it."""
    tree = f"{commit}:{part}" if part else commit
    argv = ["git", "--git-dir", str(repository), "archive", "--format=tar", tree]
    archive = subprocess.run(argv, capture_output=True, check=True)
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as source:
        source.extractall(folder, **_TRUSTED)


def tree_id(repository: Path, commit: str, configuration: Configuration) -> str:
    """What decides a build: the application's files and its configuration."""
    argv = ["git", "--git-dir", str(repository), "rev-parse", f"{commit}:{configuration.root}"]
    named = subprocess.run(argv, capture_output=True, check=True, encoding="utf-8")
    built = {key: configuration.application.get(key) for key in ("type", "dependencies", "variables", "hooks", "build")}
    text = named.stdout.strip() + json.dumps(built, sort_keys=True)
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def configuration_of(state: State, project_id: str, commit: str) -> Configuration:
    """The configuration of a commit. Raises InvalidConfiguration."""
    with tempfile.TemporaryDirectory() as folder:
        extract(state.repository(project_id), commit, Path(folder))
        return read(state.flavour, Path(folder))


def build(state: State, project: Project, commit: str, configuration: Configuration, log: Log) -> tuple[Path, str]:
    """The folder of the application as it was built, and its tree id. Raises Failed, with the reason in the log."""
    repository = state.repository(project["id"])
    tree = tree_id(repository, commit, configuration)
    folder = state.app_folder(project["id"]) / "builds" / tree
    kind = f"python:{configuration.python}"
    log.say(f"Building application '{configuration.name}' (runtime type: {kind}, tree: {tree[:7]})")
    if (folder / "complete").exists():
        log.say("  Reusing existing build for this tree ID\n")
        return folder / "app", tree
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "app").mkdir(parents=True)
    extract(repository, commit, folder / "app", configuration.root)
    if configuration.python in DEPRECATED:
        log.say(f"  W: The runtime {kind} is deprecated.")  # OWN WORDING
    status = under_faults(state, "build", lambda: _run(state, project, configuration, tree, folder, log), log.inside(4))
    if status:
        log.say(f"\n  {_FAILED.format(status=status)}\n\nE: Error: Unable to build application, aborting.")
        raise Failed
    (folder / "complete").touch()
    log.say("\n  Compressing application.\n  Beaming package to its final destination.\n")
    return folder / "app", tree


def _run(state: State, project: Project, configuration: Configuration, tree: str, folder: Path, log: Log) -> int:
    from matrix.sandbox import variables  # not at the top: slow, and a reused build needs none of it

    log.say("  Generating runtime configuration.\n")
    wanted = (configuration.application.get("dependencies") or {}).get("python3") or {}
    if wanted:
        log.say("  Installing build dependencies...")
        log.say(f"    Installing python3 build dependencies: {', '.join(sorted(wanted))}\n")
    try:
        image = python_image(configuration.python)
        mounts = tools_mounts(wanted, image)
    except (NoSuchPython, RuntimeError) as error:
        log.inside(4)(f"E: {error}")
        return 1
    index = variables.package_index()
    cache = state.app_folder(project["id"]) / "cache"
    container = build_container(folder / "app", cache, image, (*index.mounts, *mounts))
    env = {**index.env, **build_environment(project, configuration, tree)}
    hook = configuration.hook("build")
    if not hook:
        return 0
    log.say("  Executing build hook...")
    return scripts.run(container, hook, env, limit=state.read()["limits"]["hook"], say=log.inside(4))
