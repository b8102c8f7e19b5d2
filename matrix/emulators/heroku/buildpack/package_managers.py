"""Which package manager a project uses: Heroku accepts exactly one lock or requirements file in the root."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from matrix.emulators.heroku.buildpack.report import BuildFailed
from matrix.emulators.heroku.dynos import PYTHON_HOME


def _nothing(app: Path) -> str | None:
    """Most lock files name no Python version, or the buildpack does not read it."""
    return None


def _included(app: Path) -> Sequence[str]:
    """requirements.txt with every file that it includes, directly or not."""
    found: list[str] = []
    waiting = ["requirements.txt"]
    while waiting:
        name = waiting.pop()
        path = app / name
        if name in found or not path.is_file():
            continue
        found.append(name)
        text = path.read_bytes().decode("utf-8", "replace")
        included = re.findall(r"^\s*(?:-r|-c|--requirement|--constraint)[ =]*(\S+)", text, re.MULTILINE)
        waiting += [os.path.normpath((path.parent / other).relative_to(app)) for other in included]
    return found


def _python_of_pipfile_lock(app: Path) -> str | None:
    """Raises BuildFailed if the file is no JSON."""
    try:
        requires = json.loads((app / "Pipfile.lock").read_bytes())["_meta"].get("requires", {})
    except ValueError as error:
        raise BuildFailed("invalid pipfile lock", error=error) from error
    version = requires.get("python_full_version") or requires.get("python_version")
    return str(version) if version else None


@dataclass(frozen=True, kw_only=True)
class PackageManager:
    """Its file, its name in messages, and how it installs [heroku-buildpack-python v351].

    The build announces `command` and adds `options` silently; `program` is installed first, None for pip, which is
    beside Python. `reads` are the files that decide what is installed; where `own_code` matches in their text, so does
    everything else in the project. `python_version` finds a version in the lock; with `only_version_file`, only
    `.python-version` may have one.
    """

    file: str
    title: str
    version: str
    command: tuple[str, ...]
    reads: Callable[[Path], Sequence[str]]
    own_code: str
    options: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    program: str | None = None
    python_version: Callable[[Path], str | None] = _nothing
    only_version_file: bool = False


# In the order in which the buildpack looks and complains. VIRTUAL_ENV is set for Poetry too, since the emulated
# Python is a virtual environment.
PACKAGE_MANAGERS = (
    PackageManager(
        file="Pipfile.lock",
        title="Pipenv",
        version="2026.7.1",
        command=("pipenv", "install", "--deploy"),
        variables={
            "PIPENV_NOSPIN": "1", "PIPENV_SYSTEM": "1", "PIPENV_VERBOSITY": "-1", "PIP_SRC": f"{PYTHON_HOME}/src",
            "VIRTUAL_ENV": PYTHON_HOME,
        },
        program="pipenv",
        reads=lambda app: ("Pipfile", "Pipfile.lock"),
        own_code=r'"(path|file)":',
        python_version=_python_of_pipfile_lock,
    ),
    PackageManager(
        file="requirements.txt",
        title="pip",
        version="26.2.1",
        command=("pip", "install", "-r", "requirements.txt"),
        options=("--disable-pip-version-check", "--exists-action=w", "--no-input", "--progress-bar", "off"),
        reads=_included,
        own_code=r"(?m)^\s*(-e|--editable|[./]|file:)",
    ),
    PackageManager(
        file="poetry.lock",
        title="Poetry",
        version="2.4.1",
        command=("poetry", "sync", "--only", "main"),
        options=("--compile", "--no-ansi", "--no-interaction"),
        variables={"POETRY_VIRTUALENVS_CREATE": "false", "VIRTUAL_ENV": PYTHON_HOME},
        program="poetry",
        reads=lambda app: ("pyproject.toml", "poetry.lock", "poetry.toml"),
        own_code=r'(?ms)^type = "(directory|file)"|\A(?!.*^package-mode\s*=\s*false)',
    ),
    PackageManager(
        file="uv.lock",
        title="uv",
        version="0.12.5",
        command=("uv", "sync", "--locked", "--no-default-groups"),
        options=("--compile-bytecode", "--no-progress"),
        variables={
            "UV_NO_MANAGED_PYTHON": "1", "UV_PROJECT_ENVIRONMENT": PYTHON_HOME, "UV_PYTHON_DOWNLOADS": "never",
        },
        program="uv",
        reads=lambda app: ("pyproject.toml", "uv.lock", "uv.toml", ".python-version"),
        own_code=r"source = \{ (directory|editable|path)",
        only_version_file=True,
    ),
)  # fmt: skip


def find(app: Path) -> PackageManager:
    """The one package manager of the project. Raises BuildFailed if there is none or several."""
    found = [choice for choice in PACKAGE_MANAGERS if (app / choice.file).is_file()]
    if len(found) > 1:
        listing = "\n".join(f"{choice.file} ({choice.title})" for choice in found)
        raise BuildFailed("several package managers", found=listing)
    if found:
        return found[0]
    if (app / "Pipfile").is_file():
        raise BuildFailed("pipfile without lock")
    if (app / "setup.py").is_file():
        raise BuildFailed("setup py only")
    raise BuildFailed("no package manager", listing=_listing(app))


def _listing(app: Path) -> str:
    names = sorted(path.name + "/" * path.is_dir() for path in app.iterdir())
    return "\n".join(names)
