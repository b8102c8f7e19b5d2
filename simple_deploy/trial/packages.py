"""Packages that production installs and this environment lacks, fetched into the user's cache for the trial."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

from .. import package_managers
from ..effects.commands import run
from ..model import Project, Record
from ..package_managers.requirement import declared
from . import cache

_KEPT = 8
_UV = "uv"
_SECONDS = 180
# Servers load the site; the site does not load them.
SERVERS = frozenset({"gunicorn", "uvicorn", "uvicorn-worker", "uwsgi"})
# Do not wait for a package index that cannot be reached.
_IMPATIENT = {"UV_HTTP_TIMEOUT": "15", "UV_HTTP_RETRIES": "1", "PIP_DEFAULT_TIMEOUT": "15", "PIP_RETRIES": "1"}


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """`folder` contains what could be fetched (None: nothing was needed or could be fetched); `absent` is what is still
    missing. `replaces` is whether Python finds these packages before those of this environment.

    The names in `absent` are PEP 503 names.
    """

    folder: Path | None = None
    absent: tuple[str, ...] = ()
    replaces: bool = False


def fetch(project: Project, requirements: Sequence[str], record: Record, *, fetches: bool) -> Fetched:
    """Everything that production installs and this environment lacks; or else the part of it in `requirements`.

    Without `fetches` the package index is not asked: only what an earlier run fetched counts.
    """
    own, added = _wanted(project, requirements)
    if not own and not added:
        return Fetched()
    for wanted in ([*own, *added], added):
        folder = installed(wanted, record, fetches=fetches) if wanted else None
        if folder:
            absent = [requirement for requirement in own if requirement not in wanted]
            return Fetched(folder=folder, absent=_names(absent))
    return Fetched(absent=_names([*own, *added]))


def _wanted(project: Project, requirements: Sequence[str]) -> tuple[list[str], list[str]]:
    """The declared requirements and those that the plan adds which are not installed here (PEP 508)."""
    dependencies = project.dependencies
    added = package_managers.missing(dependencies, requirements)
    own = declared(dependencies, _extras(requirements))
    # What the plan adds may have parts that the version here lacks: pkg_resources, which setuptools had until 81. An
    # earlier run may have added it, so it counts as the project's own now.
    ours = {_name(one) for one in requirements}
    lacking = [one for one in own if not _is_installed(one if _name(one) in ours else _name(one))]
    return [one for one in lacking if _name(one) not in SERVERS], [
        one for one in added if _name(one) not in SERVERS and not _is_installed(one)
    ]


def _extras(requirements: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The extras that the tool itself adds, since a lock does not record the extras of its requirements."""
    from packaging.requirements import Requirement

    parsed = map(Requirement, requirements)
    return {package_managers.canonical(one.name): tuple(sorted(one.extras)) for one in parsed if one.extras}


def _is_installed(requirement: str) -> bool:
    """Whether a version that the requirement allows is installed here."""
    from packaging.requirements import Requirement

    parsed = Requirement(requirement)
    try:
        return parsed.specifier.contains(distribution(parsed.name).version, prereleases=True)
    except PackageNotFoundError:
        return False


def _name(requirement: str) -> str:
    return package_managers.canonical(package_managers.name_of(requirement))


def _names(requirements: Sequence[str]) -> tuple[str, ...]:
    return tuple(map(_name, requirements))


def installed(wanted: Sequence[str], record: Record, *, fetches: bool = True, alone: bool = False) -> Path | None:
    """The folder with these packages: that of an earlier run, or, with `fetches`, a new one. `alone` means without the
    packages that they need.
    """
    try:
        store = cache.folder("packages")
    except (OSError, RuntimeError):
        return None
    wanted = [*wanted, *(["--no-deps"] if alone else [])]
    words = "\n".join([sys.version, sys.platform, *sorted(wanted)])
    folder = store / sha256(words.encode()).hexdigest()[:20]
    if folder.is_dir() or not fetches:
        return folder if folder.is_dir() else None
    part = folder.with_name(f"{folder.name}.{os.getpid()}")
    try:
        if not any(_filled(part, installer, wanted, record) for installer in _installers(wanted, record)):
            return None
        part.replace(folder)
    except OSError:
        return folder if folder.is_dir() else None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    _tidy(store)
    return folder


def uv(record: Record) -> str | None:
    """uv on PATH, or from the user's cache, into which it is fetched."""
    return shutil.which("uv") or _fetched_uv(record)


def _fetched_uv(record: Record) -> str | None:
    folder = installed((_UV,), record)
    return str(folder / "bin" / "uv") if folder else None


def _installers(wanted: Sequence[str], record: Record) -> Iterator[tuple[str, ...]]:
    """uv, which takes a tenth of pip's time. If uv is not the user's own, then pip, with its own configuration.

    It is the pip of this environment, or of the interpreter that created it: the wheels are the same.
    """
    users = shutil.which("uv")
    faster = users or (None if _UV in wanted else _fetched_uv(record))
    if faster:
        yield (faster, "pip", "install", "--python", sys.executable)
    if users:
        return
    own = sys.executable if find_spec("pip") else _base_executable()
    yield (own, "-m", "pip", "install", "--disable-pip-version-check", "--no-input")


def _base_executable() -> str:
    """The interpreter that created this environment. Only Windows, and Python 3.11 and newer, name it."""
    named = str(getattr(sys, "_base_executable", sys.executable))
    beside = Path(sys.base_prefix, "bin", f"python{sys.version_info.major}.{sys.version_info.minor}")
    return str(beside) if named == sys.executable and beside.exists() else named


def _filled(folder: Path, installer: Sequence[str], wanted: Sequence[str], record: Record) -> bool:
    """Whether the installer could put these packages there. Wheels only: a build would run code, and take time."""
    argv = (*installer, "--quiet", "--only-binary", ":all:", "--target", str(folder), *wanted)
    ran = run(argv, cwd=folder.parent, timeout=_SECONDS, env=_IMPATIENT)
    record(ran, True)
    return ran.ok


def _tidy(store: Path) -> None:
    """Only the newest folders are kept."""
    for old in sorted(store.iterdir(), key=lambda path: path.stat().st_mtime)[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
