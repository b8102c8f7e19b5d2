"""Packages that production installs and this environment lacks, fetched into the user's cache for the trial."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from .. import package_managers
from ..effects import fetching
from ..model import Project, Record
from ..package_managers.requirement import declared

# Servers load the site; the site does not load them.
SERVERS = frozenset({"gunicorn", "uvicorn", "uvicorn-worker", "uwsgi"})


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """`folder` contains what could be fetched (None: nothing was needed or could be fetched); `absent` is what is still
    missing. Python finds the packages in the folders `before` instead of those of this environment.

    The names in `absent` are PEP 503 names.
    """

    folder: Path | None = None
    absent: tuple[str, ...] = ()
    before: tuple[Path, ...] = ()


def fetch(project: Project, requirements: Sequence[str], record: Record, *, fetches: bool) -> Fetched:
    """Everything that production installs and this environment lacks; or else the part of it in `requirements`.

    Without `fetches` the package index is not asked: only what an earlier run fetched counts.
    """
    own, added = _wanted(project, requirements)
    if not own and not added:
        return Fetched()
    for wanted in ([*own, *added], added):
        folder = fetching.installed(wanted, record, fetches=fetches) if wanted else None
        if folder:
            absent = [requirement for requirement in own if requirement not in wanted]
            return Fetched(folder=folder, absent=_names(absent))
    return Fetched(absent=_names([*own, *added]))


def _wanted(project: Project, requirements: Sequence[str]) -> tuple[list[str], list[str]]:
    """The declared requirements and those that the plan adds which are not installed here (PEP 508)."""
    dependencies = project.dependencies
    added = package_managers.missing(dependencies, requirements)
    own = declared(dependencies, added_extras(requirements))
    # What the plan adds may have parts that the version here lacks: pkg_resources, which setuptools had until 81. An
    # earlier run may have added it, so it counts as the project's own now.
    ours = {named(one) for one in requirements}
    lacking = [one for one in own if not is_installed(one if named(one) in ours else named(one))]
    return [one for one in lacking if named(one) not in SERVERS], [
        one for one in added if named(one) not in SERVERS and not is_installed(one)
    ]


def added_extras(requirements: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """What the tool itself adds, with the extras, since a lock does not record the extras of its requirements."""
    from packaging.requirements import Requirement

    parsed = map(Requirement, requirements)
    return {package_managers.canonical(one.name): tuple(sorted(one.extras)) for one in parsed}


def is_installed(requirement: str) -> bool:
    """Whether a version that the requirement allows is installed here."""
    from packaging.requirements import Requirement

    parsed = Requirement(requirement)
    try:
        return parsed.specifier.contains(distribution(parsed.name).version, prereleases=True)
    except PackageNotFoundError:
        return False


def named(requirement: str) -> str:
    """The name in a requirement, as PEP 503 compares it."""
    return package_managers.canonical(package_managers.name_of(requirement))


def _names(requirements: Sequence[str]) -> tuple[str, ...]:
    return tuple(map(named, requirements))
