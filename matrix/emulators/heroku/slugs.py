"""A slug: what a build made, never changed afterwards. Dynos run on copies of it."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from matrix.sandbox.namespace import Container, Mount, python_mount

PYTHON_HOME = "/app/.heroku/python"


@dataclass(frozen=True, kw_only=True)
class Slug:
    """`folder` holds the app with its static files; Python and the packages are beside it, shared and read-only."""

    id: str
    folder: str
    commit: str
    environment: str
    interpreter: str
    processes: dict[str, str]

    def save(self, app_folder: Path) -> None:
        """Write the description next to the slug's files."""
        _description(app_folder, self.id).write_text(json.dumps(asdict(self)), encoding="utf-8")

    def copy_to(self, folder: Path) -> Container:
        """A container with a fresh copy of the app: what is written there dies with the dyno."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return container(folder, Path(self.environment), Path(self.interpreter))


def load(app_folder: Path, slug_id: str) -> Slug:
    """The slug of that id."""
    return Slug(**json.loads(_description(app_folder, slug_id).read_bytes()))


def container(app: Path, environment: Path, interpreter: Path) -> Container:
    """An app's folder with its Python at the place where Heroku's buildpack puts it."""
    return Container(app=app, mounts=(Mount(host=environment, inside=PYTHON_HOME), *python_mount(interpreter)))


def _description(app_folder: Path, slug_id: str) -> Path:
    folder = app_folder / "slugs"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{slug_id}.json"
