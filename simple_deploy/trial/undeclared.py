"""Packages that are installed here and that production lacks, although the site loads them: the plan can add them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, distribution

from ..messages import errors
from ..package_managers.modules import with_modules
from ..production.python_version import KNOWN_SERIES, allows
from . import failing, system_checks
from .case import Case


def additions(case: Case, wrong: Sequence[str]) -> dict[str, str]:
    """The requirements to add, each with what was found. `wrong` are the errors of checks."""
    withheld = case.answer["withheld"]
    found = ((withheld[module], reason) for module, reason in _missing(case, wrong) if module in withheld)
    allowed = case.project.dependencies.python
    return {requirement: reason for package, reason in found if (requirement := _requirement(package, allowed))}


def _missing(case: Case, wrong: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Modules without which production would fail, each with the reason."""
    for failed in filter(None, (*case.answer["undeclared"], case.answer["manage_py"])):
        problem = failing.problem(case, failed)
        if problem and problem.code == errors.module_undeclared.code:
            yield failed["missing"].partition(".")[0], failing.said(failed)
    yield from (("PIL", one) for one in wrong if one.startswith(system_checks.NO_PILLOW))


def _requirement(package: str, allowed: str) -> str:
    """The package in a version that is compatible with the one that is installed here; "" if there is none.

    Without a minimum, where that version has no release for a Python that the project has `allowed`: a lock file needs
    one for each of them.
    """
    if (older := with_modules(package)) != package:
        return older
    try:
        here = distribution(package)
    except PackageNotFoundError:
        return ""
    from packaging.version import Version

    parsed = Version(here.version)
    needed = ",".join(here.metadata.get_all("Requires-Python") or [])
    if any(allows(allowed, series) and not allows(needed, series) for series in KNOWN_SERIES if allowed):
        return f"{package}<{parsed.epoch}!{parsed.major + 1}" if parsed.epoch else f"{package}<{parsed.major + 1}"
    numbers = ".".join(map(str, (*parsed.release, 0)[:2]))
    return f"{package}>={here.version}" if parsed.epoch or parsed.is_prerelease else f"{package}~={numbers}"
