"""Package managers as programs: each installed once, outside the environments that it manages."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from . import environments
from .namespace import Mount

# Poetry, Pipenv and uv in the versions of heroku-buildpack-python v351.
VERSIONS = {"poetry": "2.4.1", "pipenv": "2026.7.1", "pip-tools": "7.6.2", "uv": "0.12.5"}
_PROGRAMS = {"pip-tools": "pip-compile"}  # if the name differs from its distribution


def tool(name: str, version: str | None = None, *, interpreter: Path | None = None) -> Path:
    """The folder to put on PATH for a package manager: poetry, pipenv, pip-tools (`pip-compile`) or uv.

    It contains only that program and no Python. `interpreter` runs it (default: the Python of this harness); pip-tools
    resolves for the Python that runs it. Raises KeyError for an unknown name, and RuntimeError with uv's message if the
    installation fails.
    """
    requirement = f"{name}=={version or VERSIONS[name]}"
    python = interpreter or environments.base_interpreter()
    wanted = [requirement, *beside(name)]
    key = {"what": "tool", "packages": " ".join(wanted), "interpreter": environments.identity(python)}
    program = _PROGRAMS.get(name, name) + (".exe" if sys.platform == "win32" else "")
    return environments.cached(key, lambda folder: install(folder, python, wanted, program.__eq__)) / "bin"


def mount(folder: Path) -> Mount:
    """The mount of a tool at the same path in a container; PATH must contain the folder, too."""
    return Mount(host=folder.parent, inside=str(folder.parent))


def beside(name: str) -> list[str]:
    """Poetry's plugin for a mirror of the package index, without which Poetry ignores the variable for one."""
    mirrored = name == "poetry" and "POETRY_PYPI_MIRROR_URL" in os.environ
    return ["poetry-plugin-pypi-mirror"] if mirrored else []


def install(folder: Path, python: Path, packages: Sequence[str], wanted: Callable[[str], bool]) -> None:
    """Install packages in `folder`/venv, and the requested programs in `folder`/bin. Raises RuntimeError."""
    programs = folder / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
    uv("venv", "--quiet", "--no-project", "--python", python, folder / "venv")
    uv("pip", "install", "--quiet", "--python", programs / "python", *packages)
    (folder / "bin").mkdir()
    for program in programs.iterdir():
        if program.is_file() and wanted(program.name):
            (folder / "bin" / program.name).hardlink_to(program)


def uv(*words: str | Path) -> None:
    """Run uv, without any settings for pip. Raises RuntimeError with its message."""
    env = {name: value for name, value in os.environ.items() if name not in ("PIP_USER", "PIP_TARGET")}
    argv = [str(environments.uv()), *map(str, words)]
    done = subprocess.run(
        argv, env={**env, **environments.INSTALLING}, capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
