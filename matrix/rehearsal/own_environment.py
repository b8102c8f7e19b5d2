"""The virtual environment in which a project is developed, and what is installed there."""

import re
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..distributions import folder_of
from ..sandbox import environments

_FOLDERS = (".venv", "venv", "env")


@dataclass(frozen=True, kw_only=True)
class OwnEnvironment:
    """A virtual environment of the project, what it is called in a report, and its Python as X.Y."""

    folder: Path
    source: str
    version: str

    @property
    def has_django(self) -> bool:
        """Whether the site can be run in it."""
        return _has_django(self.folder)

    def packages(self, project: Path, left_out: Collection[str]) -> tuple[str, ...]:
        """The arguments of `uv pip install` that install the same in a copy of the project, in its folder."""
        argv = [str(environments.uv()), "pip", "freeze", "--python", str(self.folder)]
        said = subprocess.run(argv, cwd=project, capture_output=True, encoding="utf-8", check=True).stdout
        lines = (line for line in said.splitlines() if _name(line) not in left_out)
        return tuple(word for line in lines for word in _in_copy(line, project))


def environments_of(project: Path, environ: Mapping[str, str]) -> Iterator[OwnEnvironment]:
    """Those in its folder, the active one if it has Django and does not run this, and Poetry's."""
    for name in _FOLDERS:
        yield from _read(project / name, name)
    active = Path(environ.get("VIRTUAL_ENV") or sys.prefix)
    if active.resolve() != Path(sys.prefix).resolve() and _has_django(active):
        yield from _read(active, "VIRTUAL_ENV")
    if managed := _poetry_environment(project):
        yield from _read(managed, "Poetry's environment")


def _read(folder: Path, source: str) -> Iterator[OwnEnvironment]:
    """The version of a virtual environment: `version` is written by venv, `version_info` by uv and virtualenv."""
    file = folder / "pyvenv.cfg"
    text = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
    if found := re.search(r"^version(?:_info)?\s*=\s*(3\.\d+)", text, re.MULTILINE):
        yield OwnEnvironment(folder=folder, source=source, version=found[1])


def _has_django(folder: Path) -> bool:
    patterns = ("lib/python3.*/site-packages/django", "Lib/site-packages/django")
    return any(any(folder.glob(pattern)) for pattern in patterns)


def _poetry_environment(project: Path) -> Path | None:
    program = shutil.which("poetry") if (project / "poetry.lock").is_file() else None
    if program is None:
        return None
    argv = [program, "env", "info", "--path", "--no-interaction"]
    try:
        said = subprocess.run(argv, cwd=project, capture_output=True, encoding="utf-8", timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return Path(said.stdout.strip()) if said.returncode == 0 and said.stdout.strip() else None


def _name(line: str) -> str:
    return re.split(r"==| @ ", line)[0]


def _in_copy(line: str, project: Path) -> tuple[str, ...]:
    """A line of `uv pip freeze` as arguments; a folder of the project is the same one of the copy."""
    if line.startswith("-e "):
        return "-e", _place(line.removeprefix("-e "), project)
    place = line.partition(" @ ")[2]
    return (_place(place, project) if place.startswith("file:") else line,)


def _place(place: str, project: Path) -> str:
    """An address, or a folder: an installation without metadata of its own (`setup.py develop`) has a mere path."""
    if "://" in place and not place.startswith("file:"):
        return place
    folder = (folder_of(place) if place.startswith("file:") else Path(place)).resolve()
    root = project.resolve()
    return f"./{folder.relative_to(root).as_posix()}" if folder.is_relative_to(root) else str(folder)
