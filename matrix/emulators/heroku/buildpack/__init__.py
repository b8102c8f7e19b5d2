"""Builds a project as heroku-buildpack-python v351 does, in its order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from ..dynos import container
from . import package_managers, packages, python_version, static_files
from .report import BuildFailed, Say

_MARKS = frozenset(
    {
        *(".python-version", "__init__.py", "app.py", "main.py", "manage.py", "pdm.lock", "Pipfile"),
        *("Pipfile.lock", "poetry.lock", "pyproject.toml", "requirements.txt", "runtime.txt", "server.py"),
        *("setup.cfg", "setup.py", "uv.lock"),
    }
)
_FOLDER_MARKS = ("__pycache__", ".venv", "venv")

# These change a build or a dyno on Heroku but not here, so a project with one of them is not built at all.
_NOT_EMULATED = ("bin/pre_compile", "nltk.txt")


class Built(NamedTuple):
    """The Python of an app, and the environment with its packages."""

    interpreter: Path
    environment: Path


def detects(app: Path) -> bool:
    """Whether the project is for this buildpack."""
    files = any((app / name).is_file() for name in _MARKS)
    return files or any((app / name).is_dir() for name in _FOLDER_MARKS)


def compile_app(app: Path, config: Mapping[str, str], say: Say) -> Built:
    """Install packages and collect static files into `app`. Raises BuildFailed."""
    for name in _NOT_EMULATED:
        if (app / name).exists():
            raise BuildFailed("not emulated", tool=name)
    chosen = package_managers.find(app)
    _refuse_committed_environment(app)
    interpreter = python_version.find(app, chosen, say)
    say(f"-----> Installing Python {_full_version(interpreter)}")
    environment = packages.install(chosen, app, interpreter, say)
    place = container(app, environment, interpreter)
    static_files.collect(app, place, environment, config, say)
    if (app / static_files.HOOK).is_file():
        environment = packages.own(environment, app)
        static_files.run_hook(app, container(app, environment, interpreter, writable=True), config, say)
    return Built(interpreter, environment)


def procfile(app: Path) -> dict[str, str]:
    """Process types and their commands, sorted as Heroku shows them; empty without a Procfile."""
    path = app / "Procfile"
    text = path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""
    return dict(sorted(re.findall(r"^([A-Za-z0-9_-]+):[ \t]*(.+?)\s*$", text, re.MULTILINE)))


def _refuse_committed_environment(app: Path) -> None:
    for folder in (".venv", "venv"):
        if (app / folder / "pyvenv.cfg").is_file():
            # [buildpack v351] As listed by `find`, two levels deep.
            found = [*(app / folder).glob("*"), *(app / folder).glob("*/*")]
            listing = "\n".join([f"{folder}/", *sorted(path.relative_to(app).as_posix() for path in found)])
            raise BuildFailed("committed environment", folder=folder, listing=listing)


def _full_version(interpreter: Path) -> str:
    """The interpreter's version from the name of its folder, without starting it."""
    names = [part for part in interpreter.parts if part.startswith("3.") or part.startswith("cpython-3.")]
    return names[-1].removeprefix("cpython-").partition("-")[0] if names else interpreter.name.removeprefix("python")
