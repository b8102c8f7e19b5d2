"""Projects of every shape for Fly.io, without a disk: the deployer's values for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sample_settings import SETTINGS

from simple_deploy import package_managers
from simple_deploy.model import Git, Options, Project, Secret
from simple_deploy.package_managers import Known

HEAD = "0123456789abcdef0123456789abcdef01234567"
PROJECT = b'[project]\nname = "blog"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["Django"]\n'
BUILT = PROJECT + b'[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
POETRY = b'[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\npython = "^3.11"\ndjango = "^5.2"\n'
MANAGERS: dict[str, dict[str, bytes]] = {
    "pip": {"requirements.txt": b"Django\n"},
    "pip, several files": {
        "requirements.txt": b"-r requirements/production.txt\n",
        "requirements/production.txt": b"-r base.txt\n-c limits/all.txt\n",
        "requirements/base.txt": b"Django\n",
        "requirements/limits/all.txt": b"Django<6\n",
    },
    "pip, the project itself": {"requirements.txt": b"-e .\nDjango\n", "pyproject.toml": BUILT},
    "pip-tools": {"requirements.in": b"Django\n", "requirements.txt": b"# pip-compile\ndjango==5.2\n"},
    "poetry": {"pyproject.toml": POETRY, "poetry.lock": b""},
    "pipenv": {"Pipfile": b'[packages]\ndjango = "*"\n', "Pipfile.lock": b"{}"},
    "uv": {"pyproject.toml": PROJECT, "uv.lock": b""},
    "uv, a built project": {"pyproject.toml": BUILT, "uv.lock": b""},
    "pyproject": {"pyproject.toml": BUILT},
}
LAYOUTS = (".", "site", "code/my site")


def project(
    package_manager: str = "pip", manage_dir: str = ".", files: dict[str, bytes] | None = None, **of: Any
) -> Project:
    """A project with that package manager and manage.py in that folder; `of` replaces values of Settings or Git."""
    content = {**MANAGERS[package_manager], **(files or {})}
    dependencies, problems = package_managers.detect(Known(content))
    assert dependencies and not problems
    path = SETTINGS.path if manage_dir == "." else f"{manage_dir}/{SETTINGS.path}"
    said = {"path": path} | {name: value for name, value in of.items() if name in SETTINGS.__dict__}
    settings = replace(SETTINGS, **said)
    git = Git(head=HEAD, branch="main", first_commit=HEAD, entries=of.get("entries", ()))
    return Project(
        root=Path("/srv/blog"),
        manage_dir=manage_dir,
        git=git,
        settings=settings,
        dependencies=dependencies,
        files=content,
    )


def options(**given: Any) -> Options:
    """Options of a run on a November day, one hour from UTC."""
    now = datetime(2006, 11, 22, 12, 0, tzinfo=timezone(timedelta(hours=given.pop("hours", 1))))
    secret = Secret("s3cret-s3cret", prefix="SECRET_KEY=")
    fixed = {"manage_py": Path("manage.py"), "settings_module": "blog.settings", "python": (3, 12), "now": now}
    return Options(secret_key=secret, **{**fixed, **given})


@pytest.fixture(name="project")
def _project() -> Callable[..., Project]:
    return project


@pytest.fixture(name="options")
def _options() -> Callable[..., Options]:
    return options


@pytest.fixture
def on_fly(machine_with: Callable[..., Any], small_project: Path) -> Iterator[Any]:
    """A committed small project, an account that is logged in, and no app yet."""
    with machine_with("fly_io", small_project) as machine:
        yield machine


@pytest.fixture
def started_on_fly(machine_with: Callable[..., Any], startproject: Path) -> Iterator[Any]:
    """The same with all that `startproject` makes."""
    with machine_with("fly_io", startproject) as machine:
        yield machine


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests on a machine with Fly.io as `long`."""
    for item in items:
        deploys = {"on_fly", "started_on_fly"} & set(getattr(item, "fixturenames", ()))
        if deploys:
            item.add_marker("long")
