"""Which Python a project is rehearsed with, and which file or option asks for it."""

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import metadata
from pathlib import Path
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from ..cells import load_axes
from ..engine.run import StageFailed
from ..sandbox import environments
from . import django_versions, wheels
from .own_environment import environments_of

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

NEWEST = "the newest on this machine"
# A version alone, and as Heroku, asdf and Dockerfiles have it.
_SAID = re.compile(
    r"^\s*(?:python-|python\s+|FROM\s+(?:--\S+\s+)?(?:\S+/)?python:)?(3\.\d+)", re.MULTILINE | re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True)
class Interpreter:
    """A Python of this machine, and what asked for it."""

    path: Path
    version: str
    source: str


def choose(project: Path, asked: str | None = None, environ: Mapping[str, str] = os.environ) -> Interpreter:
    """The Python of `--python`, else of the project's environment or files, else the newest that they allow."""
    version, source = next(_said(project, asked, environ), ("", ""))
    if version:
        needed = SpecifierSet(metadata("simple-deploy")["Requires-Python"])
        if version not in needed:
            raise StageFailed(
                f"{source} asks for Python {version}, and simple_deploy needs {needed}.\n"
                "Move the project to a newer Python, or choose one with --python."
            )
        if path := environments.python(version):
            return Interpreter(path=path, version=version, source=source)
        raise StageFailed(
            f"{source} asks for Python {version}, which was not found on this machine.\n"
            f"Found: {', '.join(installed())}. Install {version}, add its folder to PATH, or choose one with --python."
        )
    return _newest(project, *_allowed(project))


def _said(project: Path, asked: str | None, environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Versions with their sources; the first one counts."""
    if asked:
        yield asked, "--python"
    yield from ((own.version, own.source) for own in environments_of(project, environ))
    yield from _of_files(project, (".python-version", "runtime.txt", ".tool-versions"))
    wanted = _toml(project / "Pipfile").get("requires", {})
    if version := wanted.get("python_version") or wanted.get("python_full_version"):
        yield ".".join(str(version).split(".")[:2]), "Pipfile"
    # An image may have a Python that is nowhere else.
    yield from (one for one in _of_files(project, ("Dockerfile",)) if environments.python(one[0]))


def _of_files(project: Path, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        if (project / name).is_file() and (found := _SAID.search(_text(project / name))):
            yield found[1], name


def _allowed(project: Path) -> tuple[SpecifierSet, str]:
    """What the project's pyproject.toml allows, and where; everything if it has no limit."""
    document = _toml(project / "pyproject.toml")
    asked = document.get("project", {}).get("requires-python")
    source = "requires-python"
    if asked is None:
        asked = document.get("tool", {}).get("poetry", {}).get("dependencies", {}).get("python")
        source = "the `python` of tool.poetry.dependencies"
    if asked is None:
        return SpecifierSet(), ""
    try:
        return SpecifierSet(re.sub(r"[~^]\s*(\d[\d.]*)", _bounds, str(asked))), source
    except InvalidSpecifier as error:
        raise StageFailed(f"{source} in pyproject.toml is not understood: {asked}\nChoose with --python.") from error


def _bounds(match: re.Match[str]) -> str:
    """Poetry's `^3.11` and `~3.11` as the standard's specifiers."""
    numbers = [int(number) for number in f"{match[1]}.0".split(".") if number]
    below = f"{numbers[0] + 1}" if match[0].startswith("^") else f"{numbers[0]}.{numbers[1] + 1}"
    return f">={match[1]},<{below}"


def _newest(project: Path, allowed: SpecifierSet, source: str) -> Interpreter:
    fitting = [one for one in installed() if any(allowed.contains(f"{one}.{patch}") for patch in (0, 99))]
    if not fitting:
        raise StageFailed(
            f"{source} allows Python {allowed}, which this machine does not have.\n"
            f"It has {', '.join(installed())}: install one that fits."
        )
    supported = django_versions.supporting(project, fitting)
    version, packages = _with_wheels(project, supported)
    path = environments.python(version)
    assert path is not None
    limits = [f"{source} allows"] if source else []
    if supported[0] != fitting[0]:
        limits.append("its Django supports")
    said = f"{NEWEST} that {' and '.join(limits)}" if limits else NEWEST
    return Interpreter(path=path, version=version, source=f"{said} with wheels for {packages}" if packages else said)


def _with_wheels(project: Path, versions: list[str]) -> tuple[str, str]:
    file = wheels.pinned(project)
    return fewest({version: wheels.lacking(file, version) for version in versions}) if file else (versions[0], "")


def fewest(lacking: Mapping[str, frozenset[str] | None]) -> tuple[str, str]:
    """The first Python on which the fewest packages have to be built, and the packages that decided ("": none). A
    Python counts only if its packages are known, unless none are.
    """
    known = {version: packages for version, packages in lacking.items() if packages is not None}
    if not known:
        return next(iter(lacking)), ""
    first = next(iter(known))
    chosen = min(known, key=lambda version: len(known[version]))
    return chosen, ", ".join(sorted(known[first] - known[chosen]))


def installed() -> list[str]:
    """The versions of this machine, newest first."""
    return [version for version in _known() if environments.python(version)]


def _known() -> list[str]:
    """The versions in the matrix, newest first."""
    return sorted(load_axes().values["python"].known, key=lambda version: int(version.split(".")[1]), reverse=True)


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_text(path)) if path.is_file() else {}
    except tomllib.TOMLDecodeError:
        return {}  # the installer's own message is clearer


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")
