"""A shape → the project of a developer: its repository, its uncommitted files, and an environment."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from .. import distributions
from ..engine import package_managers, projects
from ..engine.package_managers import PackageManager
from ..engine.run import Run, StageFailed, StageSkipped
from ..engine.samples import RUNNING
from ..sandbox import environments, node
from . import MINIMAL, Shape

# In a text of a shape: the developer's home folder.
_HOME = "@home@"
# What stays at the Git root, wherever manage.py is.
_AT_ROOT = ("requirements.txt", ".gitignore")


def make(run: Run, *, shape: Shape) -> Run:
    """The committed project, and the Python of its developer."""
    if reason := run.emulator.obstacle():
        raise StageSkipped(reason)
    if any(path.endswith("package.json") for path in shape.files) and node.obstacle():
        raise StageSkipped(node.obstacle())
    run.emulator.install(run.box)
    source = run.box.work / "made" / "site"
    write(shape, source, home=run.box.home)
    interpreter = environments.python(shape.python or RUNNING)
    if interpreter is None:
        raise StageSkipped(f"There is no Python {shape.python} on this machine.")
    if shape.locked_by:
        _lock(run, source, package_managers.NAMED[shape.locked_by], interpreter)
    projects.commit_all(run, source, "Start")
    _write_all(source, shape.untracked)
    return replace(run, source=source, interpreter=interpreter, python=_developer(run, interpreter, shape))


def _lock(run: Run, source: Path, chosen: PackageManager, interpreter: Path) -> None:
    """Write the lock, with the manager's program on the developer's PATH."""
    chosen.write_lock(source, interpreter)
    run.box.env["PATH"] = os.pathsep.join([*chosen.program_folders(interpreter), run.box.env["PATH"]])


def write(shape: Shape, into: Path, *, home: Path) -> None:
    """Write the files that the developer, whose `home` it is, commits."""
    place = into / shape.folder
    shutil.copytree(MINIMAL, place, ignore=shutil.ignore_patterns("__pycache__"))
    # The distribution must not treat these as its own.
    (place / "gitignore").rename(place / ".gitignore")
    if place != into:
        for name in _AT_ROOT:
            (place / name).rename(into / name)
    for path in shape.removed:
        if not (into / path).exists():
            raise StageFailed(f"{shape.name} takes out {path}, which is not there.")
        (into / path).unlink()
    _write_all(into, {path: text.replace(_HOME, home.as_posix()) for path, text in shape.files.items()})
    for path, text in shape.appended.items():
        with (into / path).open("a", encoding="utf-8", newline="\n") as file:
            file.write(text.replace(_HOME, home.as_posix()))


def _write_all(folder: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="\n")


def _developer(run: Run, interpreter: Path, shape: Shape) -> Path:
    key = {
        "kind": "developer of a shape",
        "interpreter": environments.identity(interpreter),
        "deployer": distributions.state(distributions.deployer(run.platform)),
        "installed": "\n".join(shape.installed),
    }

    def build(folder: Path) -> None:
        uv = environments.uv()
        run.command([uv, "venv", "--quiet", "--no-project", "--python", interpreter, folder / "venv"], cwd=folder)
        projects.install_deployer(run, folder, *shape.installed)

    return projects.python_in(environments.cached(key, build))
