"""The scene of an attack: a copy of a project, an account on the platform, and a folder outside of the project."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from simple_deploy import platforms
from simple_deploy.contract import Platform

from ..engine import projects
from ..engine.run import Run
from ..faults import machine
from ..sandbox.processes import Ran
from .attack import DRY, Attack, Trace, complaints

LOGS = "simple_deploy_logs"
# The replacement where a repository comes with a folder of that name.
INSTEAD = ".git/simple_deploy"
APP = "the name of an app"
CANARY = "A file that belongs to someone else.\n"
Inventory = Mapping[str, Any]
_PASSING = ("state", "checks", "asleep", "woken", "updated_at")


@dataclass(kw_only=True)
class Scene:
    """What an attack may prepare: the project, the environment of the run, and things that must not change.

    `others` are the keys of other people's apps on the account; `secrets` must not be readable anywhere after the run;
    `options` replace the attack's own; `start_in` is the folder of manage.py, and `entry` how Python starts the
    deployer. `creation` is the command that creates an app for the project, with APP instead of its name. `destroyed`:
    the deployed app was removed with its builds and its database, so that no other scene can use it.
    """

    run: Run
    folder: Path
    outside: Path
    env: dict[str, str] = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)
    others: set[str] = field(default_factory=set)
    options: Sequence[str] = ()
    start_in: str = ""
    entry: tuple[str, ...] = ("manage.py", "simple_deploy")
    creation: tuple[str, ...] = ()
    destroyed: bool = False

    @property
    def platform(self) -> str:
        """The platform's id."""
        return self.run.platform

    @property
    def described(self) -> Platform:
        """The platform's record in the deployer."""
        return platforms.load(self.platform)

    @property
    def settings(self) -> Path:
        """The settings module of the project."""
        (path,) = (self.folder / self.start_in).glob("*/settings.py")
        return path

    def git(self, *words: str, check: bool = True, **env: str) -> str:
        """Run Git in the project and return its standard output."""
        return self.run.box.run(["git", *words], cwd=self.folder, check=check, env=env).stdout

    def write(self, path: str, text: str | bytes) -> Path:
        """Write a file of the project, creating its folders."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode() if isinstance(text, str) else text)
        return target

    def append(self, path: Path, text: str) -> None:
        """Add to the end of a file."""
        path.write_bytes(path.read_bytes() + text.encode())

    def commit(self, message: str = "Change") -> None:
        """Commit everything."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)

    def write_and_commit(self, path: str, text: str | bytes) -> None:
        """Write a file and commit it."""
        self.write(path, text)
        self.commit()

    def receipt(self, **changed: Any) -> dict[str, Any]:
        """Change keys of the last run in the receipt and return the whole receipt."""
        path = self.folder / LOGS / "receipt.json"
        stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        stored["runs"][-1].update(changed)
        path.write_text(json.dumps(stored), encoding="utf-8")
        return stored

    def cli(self, *words: str, check: bool = True) -> Ran:
        """Run the platform's CLI in a repository unrelated to the project."""
        elsewhere = Path(tempfile.mkdtemp(prefix="elsewhere-", dir=self.run.box.work))
        self.run.box.run(["git", "init", "--quiet"], cwd=elsewhere)
        return self.run.box.run([self.described.cli.executable, *words], cwd=elsewhere, check=check)

    def deploy(self, *options: str) -> Ran:
        """Run the deployer in the project, with the environment of the scene."""
        run = replace(self.run, entry=self.entry)
        return machine.deploy(run, self.folder / self.start_in, *options, env=self.env)

    def app_name(self) -> str:
        """The name that the app will have."""
        said: dict[str, Any] = json.loads(self.deploy("--automate-all", "--dry-run").stdout)
        return str(said["app"])

    def inventory(self) -> dict[str, Any]:
        """Everything on the account, by a key for each app or project."""
        stored = self.run.emulator.inventory(self.run.box.root)
        apps = stored.get("apps", stored)  # some platforms have more than apps
        return {key: lasting(app) for key, app in json.loads(json.dumps(dict(apps))).items()}


def lasting(app: dict[str, Any]) -> dict[str, Any]:
    """The app without what changes by itself: a machine's health, and whether it is suspended."""
    machines = [
        {name: value for name, value in machine.items() if name not in _PASSING} for machine in app.get("machines", ())
    ]
    return {**app, **({"machines": machines} if machines else {})}


@dataclass(frozen=True, kw_only=True)
class _Account:
    """The platform's state, and a copy of its repositories."""

    state: bytes
    repositories: Path

    @classmethod
    def now(cls, run: Run) -> _Account:
        store = run.emulator.store(run.box.root)
        copy = Path(tempfile.mkdtemp(prefix="repositories-", dir=run.box.root), "git")
        if (store.folder / "git").is_dir():
            shutil.copytree(store.folder / "git", copy, symlinks=True)
        return cls(state=store.path.read_bytes(), repositories=copy)

    def restore(self, run: Run) -> None:
        store = run.emulator.store(run.box.root)
        if self.repositories.is_dir():
            shutil.rmtree(store.folder / "git")
            shutil.copytree(self.repositories, store.folder / "git", symlinks=True)
        store.path.write_bytes(self.state)


@dataclass(kw_only=True)
class Start:
    """The starting point of every attack on a platform: a committed project, and the same after a deployment."""

    run: Run
    _creation: tuple[str, ...] = ()
    _deployed: Path | None = None
    _states: dict[bool, _Account] = field(default_factory=dict)

    def scene(self, *, deployed: bool) -> Scene:
        """A fresh copy, with the account as it was after the deployment, or before it."""
        self._states.setdefault(False, _Account.now(self.run))
        self._creation = self._creation or self._planned_creation()
        source = self._deployed_project() if deployed else self.run.source
        self._states[deployed].restore(self.run)
        place = Path(tempfile.mkdtemp(prefix="attack-", dir=self.run.box.work))
        folder = Path(shutil.copytree(source, place / source.name, symlinks=True))
        outside = place / "outside"
        outside.mkdir()
        (outside / "canary").write_text(CANARY, encoding="utf-8")
        return Scene(run=self.run, folder=folder, outside=outside, creation=self._creation)

    def deploy_again(self) -> None:
        """The next scene of a deployed project gets a new deployment."""
        if self._deployed:
            _remove(self._deployed.parent)
            self._deployed = None

    def _planned_creation(self) -> tuple[str, ...]:
        folder = projects.fresh_copy(self.run, "planned")
        plan = json.loads(machine.deploy(self.run, folder, *DRY).stdout)
        argv = next(step["argv"] for step in plan["steps"] if step["creates"])
        return tuple(APP if word == plan["app"] else word for word in argv)

    def _deployed_project(self) -> Path:
        if self._deployed is None:
            self._states[False].restore(self.run)
            folder = projects.fresh_copy(self.run, "deployed")
            ended = machine.deploy(self.run, folder, "--automate-all")
            if ended.returncode:
                raise RuntimeError(f"The project that attacks start from could not be deployed:\n{ended.stderr}")
            self._deployed = folder
            self._states[True] = _Account.now(self.run)
        return self._deployed


def tried(start: Start, attack: Attack) -> tuple[str, ...]:
    """What is wrong after the attack; empty if it was survived."""
    scene = start.scene(deployed=attack.deployed)
    try:
        attack.arrange(scene)
        before, account, outside = _project(scene), scene.inventory(), _outside(scene)
        ended = scene.deploy(*(scene.options or attack.options))
        seen = Trace(
            ended=ended,
            text=_text(scene, ended),
            secrets=scene.secrets,
            project=projects.difference(before, _project(scene)),
            account=_differences(account, scene.inventory()),
            outside=projects.difference(outside, _outside(scene)),
            others=[key for key in _differences(account, scene.inventory()) if key in scene.others],
            more=tuple(attack.verify(scene, ended)),
        )
        return tuple(complaints(attack, seen))
    except Exception as error:
        return (f"the attack itself failed: {type(error).__name__}: {error}",)
    finally:
        _remove(scene.folder.parent)
        if scene.destroyed:
            start.deploy_again()


def _project(scene: Scene) -> dict[str, bytes]:
    """Every regular file of the project by its path, except Git's own, logs and compiled Python."""
    found: dict[str, bytes] = {}
    for folder, folders, files in os.walk(scene.folder):
        folders[:] = [name for name in folders if name not in (".git", LOGS, "__pycache__")]
        for name in files:
            path = Path(folder, name)
            if path.is_symlink():
                found[str(path.relative_to(scene.folder))] = str(path.readlink()).encode()
            elif path.is_file():
                found[str(path.relative_to(scene.folder))] = path.read_bytes()
    return found


def _outside(scene: Scene) -> dict[str, bytes]:
    files = (path for path in scene.outside.rglob("*") if path.is_file() and not path.is_symlink())
    named = {str(path.relative_to(scene.outside)): path.read_bytes() for path in files}
    modes = {f"mode of {name}": oct((scene.outside / name).stat().st_mode).encode() for name in named}
    hooks = scene.folder / ".git" / "hooks"
    own = {f".git/hooks/{path.name}": path.read_bytes() for path in hooks.glob("*")} if hooks.is_dir() else {}
    return {**named, **modes, **own}


def _differences(before: Inventory, after: Inventory) -> list[str]:
    return sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))


def _text(scene: Scene, ended: Ran) -> str:
    parts = [ended.stdout, ended.stderr]
    for folder in (scene.folder / LOGS, scene.folder / INSTEAD):
        for path in sorted(folder.glob("*")) if folder.is_dir() else ():
            if path.is_file() and not path.is_symlink():
                parts.append(path.read_bytes().decode("utf-8", "replace"))
    return "\n".join(parts)


def _remove(folder: Path) -> None:
    def writable(function: Callable[[str], object], path: str, _: object) -> None:
        Path(path).parent.chmod(0o700)
        Path(path).chmod(0o700)
        function(path)

    shutil.rmtree(folder, onerror=writable)
