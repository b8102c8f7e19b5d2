"""Package managers as programs: each installed once, outside the environments that it manages."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from . import environments
from .namespace import Mount

# Poetry, Pipenv and uv as heroku-buildpack-python v351 has them.
VERSIONS = {"poetry": "2.4.1", "pipenv": "2026.7.1", "pip-tools": "7.6.2", "uv": "0.12.5"}
_PROGRAMS = {"pip-tools": "pip-compile"}  # where it is not called like its distribution


def tool(name: str, version: str | None = None, *, interpreter: Path | None = None) -> Path:
    """The folder to put on PATH for a package manager: poetry, pipenv, pip-tools (`pip-compile`) or uv.

    It holds that one program and no Python, so that nothing else is found there. `interpreter` runs it
    (default: the Python of this harness); pip-tools resolves for the Python that runs it. Raises KeyError for
    an unknown name, and RuntimeError with uv's words if the installation fails.
    """
    requirement = f"{name}=={version or VERSIONS[name]}"
    python = interpreter or environments.base_interpreter()
    wanted = [requirement, *beside(name)]
    key = {"what": "tool", "packages": " ".join(wanted), "interpreter": environments.identity(python)}
    return environments.cached(key, lambda folder: _install(folder, name, python, wanted)) / "bin"


def mount(folder: Path) -> Mount:
    """The mount of a tool at the same path in a container; PATH must contain the folder, too."""
    return Mount(host=folder.parent, inside=str(folder.parent))


def beside(name: str) -> list[str]:
    """Poetry's plugin for a mirror of the package index, without which Poetry ignores the variable for one."""
    mirrored = name == "poetry" and "POETRY_PYPI_MIRROR_URL" in os.environ
    return ["poetry-plugin-pypi-mirror"] if mirrored else []


def _install(folder: Path, name: str, python: Path, packages: list[str]) -> None:
    uv = str(environments.uv())
    programs = folder / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
    _run([uv, "venv", "--quiet", "--no-project", "--python", str(python), str(folder / "venv")])
    _run([uv, "pip", "install", "--quiet", "--python", str(programs / "python"), *packages])
    (folder / "bin").mkdir()
    suffix = ".exe" if sys.platform == "win32" else ""
    program = _PROGRAMS.get(name, name) + suffix
    (folder / "bin" / program).hardlink_to(programs / program)


def _run(argv: list[str]) -> None:
    env = {**os.environ, **environments.INSTALLING}
    done = subprocess.run(argv, env=env, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(argv)} ended with {done.returncode}\n{done.stderr}")
