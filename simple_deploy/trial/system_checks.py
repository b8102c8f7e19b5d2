"""The errors of Django's system checks: those that a placeholder may have caused, and the problem of the others."""

from __future__ import annotations

from collections.abc import Sequence, Set

from ..messages import errors
from ..model import Problem, Project
from ..production.build_only import REPLACED, named_in
from . import failing

# Django's check of a model that has images.
NO_PILLOW = "fields.E210:"


def apart(found: list[str], project: Project, guessed: Set[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """The errors of checks, and apart from them, with a variable each, those that a placeholder may have caused."""
    by_setting = {one.setting: one.name for one in project.variables if one.name in guessed and one.setting}
    causes = [next((by_setting[name] for name in named_in(one) if name in by_setting), "") for one in found]
    pairs = list(zip(causes, found, strict=True))
    return [one for cause, one in pairs if not cause], [pair for pair in pairs if pair[0]]


def problem(found: Sequence[str], project: Project, platform: str) -> Problem:
    """A check that names a setting whose value comes from a variable may only need another value."""
    if lacks := next((one for one in found if one.startswith(NO_PILLOW)), ""):
        return failing.unlisted("PIL", "Pillow", lacks, project)
    named = {name for one in found for name in named_in(one)} - REPLACED
    variables = [one for one in project.variables if one.setting in named]
    if not variables:
        return errors.checks_failed(found=found, platform=platform)
    listed = [f"{one.name} ({one.place})" for one in variables]
    return errors.checks_failed_by_value(found=found, platform=platform, variables=listed, first=variables[0].name)
