"""Projects of every shape for Upsun, without a disk; and real ones on machines with one of its two products."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from sample_settings import SETTINGS as SAMPLE

from matrix import emulators
from matrix.emulators._kit.store import Store
from matrix.sandbox.machine import Sandbox
from matrix.sandbox.processes import Ran
from simple_deploy import package_managers
from simple_deploy.model import Git, Options, Project, Secret
from simple_deploy.package_managers import Known

HEAD = "0123456789abcdef0123456789abcdef01234567"
REGION = "eu-5.platform.sh"
SETTINGS = replace(SAMPLE, static_url="/static/")
PROJECT = b'[project]\nname = "blog"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["Django"]\n'
BUILT = PROJECT + b'[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
POETRY = b'[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\npython = "^3.11"\ndjango = "^5.2"\n'
MANAGERS: dict[str, dict[str, bytes]] = {
    "pip": {"requirements.txt": b"Django\n"},
    "pip-tools": {"requirements.in": b"Django\n", "requirements.txt": b"# pip-compile\ndjango==5.2\n"},
    "poetry": {"pyproject.toml": POETRY, "poetry.lock": b""},
    "pipenv": {"Pipfile": b'[packages]\ndjango = "*"\n', "Pipfile.lock": b"{}"},
    "uv": {"pyproject.toml": PROJECT, "uv.lock": b""},
    "pyproject": {"pyproject.toml": BUILT},
}


def make_project(
    package_manager: str = "pip", manage_dir: str = ".", files: dict[str, bytes] | None = None, **of: Any
) -> Project:
    """A project with that package manager and manage.py in that folder; `of` replaces values of Settings."""
    content: dict[str, bytes | None] = {**MANAGERS[package_manager], **(files or {})}
    dependencies, problems = package_managers.detect(Known(content))
    assert dependencies and not problems
    inside = {} if manage_dir == "." else {"path": f"{manage_dir}/blog/settings.py"}
    return Project(
        root=Path("/srv/blog"),
        manage_dir=manage_dir,
        git=Git(head=HEAD, branch="main", first_commit=HEAD, remotes=of.pop("remotes", {})),
        settings=replace(SETTINGS, **inside, **of),
        dependencies=dependencies,
        files=content,
    )


def make_options(**given: Any) -> Options:
    fixed = {"manage_py": Path("manage.py"), "settings_module": "blog.settings", "python": (3, 13)}
    secret = Secret("s3cret-s3cret", prefix="SECRET_KEY=")
    return Options(secret_key=secret, **{**fixed, "now": datetime(2006, 11, 22, 12, tzinfo=timezone.utc), **given})


@pytest.fixture(name="project")
def _project() -> Callable[..., Project]:
    return make_project


@pytest.fixture(name="options")
def _options() -> Callable[..., Options]:
    return make_options


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A developer's machine with one product's CLI, a logged-in account, and a committed project called `name`."""

    box: Sandbox
    platform: str
    cli: str
    emulator: emulators.Emulator
    state: Store[Any]
    root: Path

    def deployer(self, *options: str, root: Path | None = None) -> Ran:
        argv = [sys.executable, "manage.py", "simple_deploy", "--no-color", "--platform", self.platform, *options]
        environment = {"PYTHONWARNDEFAULTENCODING": "1", "PYTHONUTF8": "1"}
        ended = self.box.run(argv, cwd=root or self.root, env=environment, timeout=300, check=False)
        return Ran(argv=(), returncode=ended.returncode, stdout=ended.stdout, stderr=ended.stderr)

    def deploy(self, *options: str, root: Path | None = None) -> Ran:
        """The automated run without prompts and browser."""
        return self.deployer("--automate-all", "--yes", "--no-open", "--region", REGION, *options, root=root)

    def plan(self, *options: str) -> Ran:
        """The plan of an automated run."""
        return self.deploy("--dry-run", *options)

    def git(self, *arguments: str, root: Path | None = None) -> str:
        return self.box.run(["git", *arguments], cwd=root or self.root).stdout

    def commit_all(self, message: str = "Start", root: Path | None = None) -> None:
        self.git("add", "--all", root=root)
        self.git("commit", "--quiet", "-m", message, root=root)

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8", newline="\n")

    def read(self, path: str) -> str:
        return (self.root / path).read_text(encoding="utf-8")

    def logs(self) -> str:
        folder = self.root / "simple_deploy_logs"
        return "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.log")))

    def calls(self, command: str) -> list[list[str]]:
        """The arguments of every call of this command that succeeded."""
        made = (call["argv"] for call in self.state.calls() if call["returncode"] == 0)
        return [argv for argv in made if self.emulator.command(argv) == command]

    @property
    def projects(self) -> list[dict[str, Any]]:
        return list(self.state.read()["projects"].values())


@contextmanager
def a_machine(platform: str, source: Path, name: str = "blog") -> Iterator[Machine]:
    if os.name == "nt":
        pytest.skip("hooks are scripts for a POSIX shell")
    emulator = emulators.load(platform)
    with Sandbox.create() as box:
        emulator.install(box)
        root = box.work / name
        shutil.copytree(source, root)
        machine = Machine(
            box=box,
            platform=platform,
            cli={"upsun": "upsun", "platform_sh": "platform"}[platform],
            emulator=emulator,
            state=emulator.store(box.root),
            root=root,
        )
        machine.git("init", "--quiet")
        machine.commit_all()
        yield machine


@pytest.fixture
def machine(small_project: Path) -> Iterator[Machine]:
    """Upsun, with one organization and no project yet."""
    with a_machine("upsun", small_project) as upsun:
        yield upsun


@pytest.fixture
def fixed(small_project: Path) -> Iterator[Machine]:
    """Platform.sh, with one organization and no project yet."""
    with a_machine("platform_sh", small_project) as platform_sh:
        yield platform_sh


@pytest.fixture(params=["upsun", "platform_sh"])
def either(request: pytest.FixtureRequest, small_project: Path) -> Iterator[Machine]:
    """The same on both products in turn."""
    with a_machine(request.param, small_project) as one:
        yield one


@pytest.fixture
def strangely_named(small_project: Path) -> Iterator[Machine]:
    """A project in a folder whose name has capitals, spaces, quotes and letters of other languages."""
    with a_machine("platform_sh", small_project, name='Zoë\'s "Great" Blög') as one:
        yield one


# Of the tests on a machine, these belong to every run; the others are `long`.
EVERYDAY = {"test_several_organizations_without_a_terminal", "test_declining_the_price_stops_the_run[platform_sh]"}
EVERYDAY |= {"test_platform_sh_accepts_only_existing_customers"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        uses = {"machine", "either", "fixed", "strangely_named"} & set(getattr(item, "fixturenames", ()))
        if item.path.parent == here and uses and item.name not in EVERYDAY:
            item.add_marker("long")
