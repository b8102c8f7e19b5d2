"""Builds a commit: tools, build hook, then the result is frozen [push log; docs: build-deploy]."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from ...sandbox import environments, isolation, namespace
from ...sandbox.namespace import Mount
from .._kit import repository
from .._kit.faults import under_faults
from .activity import Failed, Log
from .configuration import Configuration, tree_id
from .containers import build_container, build_environment, run_script
from .image import Image, NoSuchPython, node_mounts, python_image, tools_mounts
from .state import Project, State
from .validation import DEPRECATED

# They differ between projects; the tree's ID is among the other variables.
_OWN = ("PLATFORM_PROJECT", "PLATFORM_PROJECT_ENTROPY")
_ENDING = "  Compressing application.\n  Beaming package to its final destination.\n"
_FAILED = "E: Error building project: Step failed with status code {status}."


def build(state: State, project: Project, commit: str, configuration: Configuration, log: Log) -> tuple[Path, str]:
    """The folder of the built application, and its tree ID. Raises Failed, with the reason in the log."""
    tree = tree_id(state.repository(project["id"]), commit, configuration)
    kind = f"python:{configuration.python}"
    log.say(f"Building application '{configuration.name}' (runtime type: {kind}, tree: {tree[:7]})")
    work = Build(state=state, project=project, commit=commit, configuration=configuration, tree=tree, log=log)
    status = under_faults(state, "build", work.run, log.inside(4))
    if status:
        log.say(f"\n  {_FAILED.format(status=status)}\n\nE: Error: Unable to build application, aborting.")
        raise Failed
    return work.result, tree


@dataclass(kw_only=True)
class Build:
    """One build. Sandboxes that build the same thing share its result, unless it contains values of its project."""

    state: State
    project: Project
    commit: str
    configuration: Configuration
    tree: str
    log: Log
    result: Path = Path()

    def run(self) -> int:
        """Build, or find an earlier identical build; returns the status of what failed, 0 if nothing did."""
        own = self.state.app_folder(self.project["id"]) / "builds" / self.tree
        if own.exists():
            self.result = own
            self.log.say("  Reusing existing build for this tree ID\n")
            return 0
        if self.configuration.python in DEPRECATED:
            self.log.say(f"  W: The runtime python:{self.configuration.python} is deprecated.")  # OWN WORDING
        try:
            image = python_image(self.configuration.python)
            tools = tools_mounts(self.configuration.tools, image) + node_mounts(self.configuration.node_tools, image)
            find = self._unshared if isolation.current() == "folder" else self._shared
            self.result = find(own, image, tools)
        except (NoSuchPython, RuntimeError) as error:
            self.log.inside(4)(f"E: {error}")
            return 1
        except _HookFailed as failure:
            return failure.status
        return 0

    def _unshared(self, own: Path, image: Image, tools: tuple[Mount, ...]) -> Path:
        """A folder with the result that is not shared: it contains its own path, and the app can write to it."""
        try:
            self._make(own, image, tools)
        except BaseException:
            shutil.rmtree(own, ignore_errors=True)
            raise
        self.log.say(f"\n{_ENDING}")
        return own

    def _shared(self, own: Path, image: Image, tools: tuple[Mount, ...]) -> Path:
        """The folder with the result: the key has everything that determines it, except the project's own values."""
        env = build_environment(self.project, self.configuration, self.tree)
        key = {
            "what": "Upsun, build",
            **{f"variable {name}": value for name, value in env.items() if name not in _OWN},
            "interpreter": environments.identity(image.interpreter),
            "tools": " ".join(str(mount.host) for mount in tools),
            "emulation": _own_source(),
        }
        made: list[Path] = []

        def make(folder: Path) -> None:
            made.append(folder)
            try:
                self._make(folder / "app", image, tools)
            except BaseException:
                shutil.rmtree(folder / "app", ignore_errors=True)
                raise
            if _contains_values_of(self.project, folder / "app"):
                own.parent.mkdir(parents=True, exist_ok=True)
                shutil.move(folder / "app", own)
                raise _NotShared

        try:
            found = environments.cached(key, make)
        except _NotShared:
            found = own
        else:
            found /= "app"
        self.log.say(f"\n{_ENDING}" if made else "  Reusing existing build for this tree ID\n")
        return found

    def _make(self, app: Path, image: Image, tools: tuple[Mount, ...]) -> None:
        from ...sandbox import variables  # not at the top: slow, and a reused build does not need it

        app.mkdir(parents=True)
        source = self.state.repository(self.project["id"])
        repository.extract(self.commit, app, repository=source, part=self.configuration.root)
        self.log.say("  Generating runtime configuration.\n")
        if wanted := self.configuration.tools:
            self.log.say("  Installing build dependencies...")
            self.log.say(f"    Installing python3 build dependencies: {', '.join(sorted(wanted))}\n")
        if wanted := self.configuration.node_tools:
            self.log.say(f"    Installing nodejs build dependencies: {', '.join(sorted(wanted))}\n")
        index = variables.package_index()
        cache = self.state.app_folder(self.project["id"]) / "cache"
        container = build_container(app, cache, image, (*index.mounts, *tools))
        env = {**index.env, **build_environment(self.project, self.configuration, self.tree)}
        self.log.say("  Executing build hook...")
        script = self.configuration.hook("build")
        status = run_script(self.state, "build hook", container, script, env, self.log.inside(4))
        if status:
            raise _HookFailed(status)
        for path in self.configuration.application.get("mounts") or {}:
            (app / str(path).strip("/")).mkdir(parents=True, exist_ok=True)


def _own_source() -> str:
    """A hash of the emulation's own source, so that every change of it invalidates the builds."""
    files = (*sorted(Path(__file__).parent.glob("*.py")), Path(namespace.__file__))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


class _HookFailed(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class _NotShared(Exception):
    """The result contains values of its project."""


def _contains_values_of(project: Project, folder: Path) -> bool:
    """Whether a file contains the project's ID or its secret, which must not get into another build."""
    words = (project["id"].encode(), project["entropy"].encode())
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return any(word in content for content in map(Path.read_bytes, files) for word in words)
