"""Packages that are installed here and that production lacks, although the site loads them: the plan can add them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, metadata

from ..messages import errors
from ..package_managers.modules import with_modules
from ..production.older_pythons import where_available
from ..production.python_version import allows
from . import failing, system_checks
from .case import Case


def additions(case: Case, wrong: Sequence[str]) -> dict[str, str]:
    """The requirements to add, each with what was found. `wrong` are the errors of checks."""
    withheld = case.answer["withheld"]
    found = ((withheld[module], reason) for module, reason in _missing(case, wrong) if module in withheld)
    return {requirement: reason for package, reason in found if (requirement := _requirement(package, case))}


def _missing(case: Case, wrong: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Modules without which production would fail, each with the reason."""
    for failed in filter(None, (*case.answer["undeclared"], case.answer["manage_py"])):
        problem = failing.problem(case, failed)
        if problem and problem.code == errors.module_undeclared.code:
            yield failed["missing"].partition(".")[0], failing.said(failed)
    yield from (("PIL", one) for one in wrong if one.startswith(system_checks.NO_PILLOW))


def _requirement(package: str, case: Case) -> str:
    """The package in a version that is compatible with the one that is installed here, for the Pythons that can have
    that one; an older version if production's Python cannot; "" if the package is not installed here.
    """
    if (older := with_modules(package)) != package:
        return older
    try:
        installed = metadata(package)
    except PackageNotFoundError:
        return ""
    from packaging.version import Version

    here, needs = installed["Version"], installed["Requires-Python"] or ""
    parsed = Version(here)
    numbers = (*parsed.release, 0)[:2]
    exact = parsed.epoch or parsed.is_prerelease
    if not allows(needs, case.python):
        return f"{package}<={here}" if exact else f"{package}<{numbers[0] + 1}"
    requirement = f"{package}>={here}" if exact else "{}~={}.{}".format(package, *numbers)
    return where_available(requirement, needs, case.project.dependencies.python, case.python)
