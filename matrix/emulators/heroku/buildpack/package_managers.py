"""Which package manager a project uses: Heroku accepts exactly one lock or requirements file in the root."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .report import BuildFailed


@dataclass(frozen=True, kw_only=True)
class PackageManager:
    """Its file, its name in messages, and how it installs [heroku-buildpack-python v351].

    The build announces `command` and adds `options` silently; `program` is installed first; empty for pip, which comes
    with Python. `reads` are the files that determine what is installed; empty for pip, which follows includes. If
    `own_code` matches their text, so does everything else in the project.
    """

    file: str
    title: str
    version: str
    command: str
    options: str
    variables: Mapping[str, str]
    program: str
    reads: str
    own_code: str

    @property
    def only_version_file(self) -> bool:
        """Whether only `.python-version` may name a version."""
        return self.program == "uv"

    @property
    def argv(self) -> tuple[str, ...]:
        """The whole command."""
        return (*self.command.split(), *self.options.split())

    def deciding_files(self, app: Path) -> Sequence[str]:
        """The files of a project that determine what is installed."""
        return self.reads.split() or _included(app)

    def python_version(self, app: Path) -> str | None:
        """The version in its lock; most have none, or the buildpack does not read it. Raises BuildFailed."""
        return _python_of_pipfile_lock(app) if self.program == "pipenv" else None


# In the order in which the buildpack checks and reports. VIRTUAL_ENV is set for Poetry too, since the emulated Python
# is a virtual environment.
PACKAGE_MANAGERS = tuple(
    PackageManager(**row) for row in json.loads(Path(__file__).with_name("package_managers.json").read_bytes())
)


def find(app: Path) -> PackageManager:
    """The only package manager of the project. Raises BuildFailed if there is none or several."""
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
    """Raises BuildFailed if the file is not JSON."""
    try:
        requires = json.loads((app / "Pipfile.lock").read_bytes())["_meta"].get("requires", {})
    except ValueError as error:
        raise BuildFailed("invalid pipfile lock", error=error) from error
    version = requires.get("python_full_version") or requires.get("python_version")
    return str(version) if version else None
