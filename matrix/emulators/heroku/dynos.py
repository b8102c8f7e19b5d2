"""Slugs, which builds create and never change, and the dynos that run copies of them."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from ...sandbox import isolation
from ...sandbox.namespace import Container, Mount, python_mount
from .._kit.store import new_id
from .api import SHAPES
from .state import State

PYTHON_HOME = "/app/.heroku/python"
PATH = f"{PYTHON_HOME}/bin:/usr/local/bin:/usr/bin:/bin"
# [Dev Center: Dynos and the dyno manager, Buildpack API]
_PROFILES = 'for file in .profile.d/*.sh .profile; do if [ -f "$file" ]; then . "./$file"; fi; done'


@dataclass(frozen=True, kw_only=True)
class Slug:
    """`folder` has the app with its static files; Python and the packages are next to it, shared and read-only."""

    id: str
    folder: str
    commit: str
    environment: str
    interpreter: str
    processes: dict[str, str]

    def save(self, app_folder: Path) -> None:
        """Write the description next to the slug's files."""
        _description(app_folder, self.id).write_text(json.dumps(asdict(self)), encoding="utf-8")

    def dyno(self, folder: Path) -> Container:
        """A container with the app: what is written there is lost with the dyno. `folder` is for a copy, if needed."""
        fresh = container(Path(self.folder), Path(self.environment), Path(self.interpreter))
        if isolation.discards_changes():
            return replace(fresh, app_kept=True)
        return replace(fresh, app=Path(shutil.copytree(self.folder, folder, symlinks=True)))


def load(app_folder: Path, slug_id: str) -> Slug:
    """The slug of that id."""
    return Slug(**json.loads(_description(app_folder, slug_id).read_bytes()))


def container(app: Path, environment: Path, interpreter: Path, *, writable: bool = False) -> Container:
    """An app's folder, with its Python at the path that Heroku's buildpack uses."""
    python = Mount(host=environment, inside=PYTHON_HOME, writable=writable)
    return Container(app=app, mounts=(python, *python_mount(interpreter)))


def environment(config: Mapping[str, str], dyno: str) -> dict[str, str]:
    """The environment of a process: config vars, and the additions of the buildpack's profile scripts.

    As heroku-buildpack-python v351 on a dyno with 512 MB and 8 cores, except for PYTHONHOME and
    PATH: the emulated Python is a virtual environment, which PYTHONHOME would break.
    """
    defaults = SHAPES.fill("dyno defaults")
    if "WEB_CONCURRENCY" in config:
        del defaults["WEB_CONCURRENCY_SET_BY"]
    return {**defaults, **config, **SHAPES.fill("dyno variables", dyno=dyno, path=PATH)}


def shell(command: str) -> list[str]:
    """A Procfile command is a line of Bash, after the project's own scripts [Dev Center: The .profile file]."""
    return ["bash", "-c", f"{_PROFILES}\n{command}"]


def one_off(state: State, app: str, slug: Slug) -> tuple[str, Container]:
    """A number and a container for a process that runs once."""
    number = str(1000 + secrets.randbelow(9000))
    return number, slug.dyno(state.app_folder(app) / "dynos" / f"run.{number}-{new_id()[:8]}")


def _description(app_folder: Path, slug_id: str) -> Path:
    folder = app_folder / "slugs"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{slug_id}.json"
