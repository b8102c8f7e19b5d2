"""The Python that a project asks for [buildpack v351: runtime.txt, .python-version, Pipfile.lock, the default]."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple, NoReturn

from ....sandbox import environments
from ..api import PYTHONS
from .package_managers import PackageManager
from .report import MESSAGES, BuildFailed, Say, boxed

DEFAULT = PYTHONS[-1]
# [buildpack pull request 1970] Without the dot, with another separator, or with an extension.
_MISSPELT = re.compile(r"\.?python[-_. ]version(\.\w+)?\s*")
_VERSION = r"(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))?"


class Request(NamedTuple):
    """A version `3.12` or `3.12.7`, and its file; None for the default."""

    version: str
    origin: str | None


def find(app: Path, chosen: PackageManager, say: Say) -> Path:
    """The interpreter for a project. Raises BuildFailed for a version that Heroku or this machine lacks.

    An exact patch version is treated as its minor version: this machine has one patch of each.
    """
    _refuse_misspelt_file(app)
    request = requested(app, chosen)
    if request.origin is None:
        say(f"-----> No Python version was specified. Using the buildpack default: Python {DEFAULT}")
    else:
        say(f"-----> Using Python {request.version} specified in {request.origin}")
    if chosen.only_version_file and request.origin != ".python-version":
        _refuse(request)
    if request.origin == "runtime.txt":
        for line in boxed(MESSAGES("runtime txt deprecated")):
            say(line)
    minor = _supported(request)
    interpreter = environments.python(minor)
    if interpreter is None:
        raise BuildFailed("no interpreter", version=minor)
    return interpreter


def _refuse_misspelt_file(app: Path) -> None:
    """It is rejected even next to a file with the correct name."""
    for path in sorted(app.iterdir()):
        if path.name != ".python-version" and path.is_file() and _MISSPELT.fullmatch(path.name):
            raise BuildFailed("misspelt version file", name=path.name)


def _refuse(request: Request) -> NoReturn:
    wanted = ".".join(request.version.split(".")[:2])
    raise BuildFailed("runtime txt with uv" if request.origin else "no version with uv", version=wanted)


def requested(app: Path, chosen: PackageManager) -> Request:
    """The version in the project's files. Raises BuildFailed if they are wrong."""
    runtime, version_file = app / "runtime.txt", app / ".python-version"
    if runtime.is_file():
        text = _text(runtime)
        return Request(
            _matched(rf"\s*python-({_VERSION})\s*", text, "invalid runtime txt", text.strip()), "runtime.txt"
        )
    if version_file.is_file():
        return Request(_from_version_file(_text(version_file)), ".python-version")
    if locked := chosen.python_version(app):
        return Request(_matched(f"({_VERSION})", locked, "invalid version in pipfile", locked), chosen.file)
    return Request(DEFAULT, None)


def _from_version_file(text: str) -> str:
    lines = [line for line in text.splitlines() if not re.fullmatch(r"\s*(#.*)?", line)]
    if not lines:
        raise BuildFailed("no version in file")
    if len(lines) > 1:
        raise BuildFailed("several versions in file", found="\n".join(lines))
    return _matched(rf"\s*({_VERSION})\s*", lines[0], "invalid version file", lines[0])


def _matched(pattern: str, text: str, message: str, shown: str) -> str:
    """The version in the text; if it has another form, the message shows what was found."""
    match = re.fullmatch(pattern, text)
    if not match:
        raise BuildFailed(message, found=shown)
    return match[1]


def _supported(request: Request) -> str:
    major, minor, *_ = (int(number) for number in request.version.split("."))
    version, oldest, newest = f"{major}.{minor}", PYTHONS[0], PYTHONS[-1]
    if version in PYTHONS:
        return version
    older = (major, minor) < tuple(map(int, oldest.split(".")))
    message = "end of life" if older else "unknown version"
    raise BuildFailed(message, version=version, oldest=oldest, newest=newest, origin=request.origin)


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")
