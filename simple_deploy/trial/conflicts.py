"""uv's reason why the requirements cannot be installed → the problem, with the line to change where there is one."""

from __future__ import annotations

import re

from ..messages import errors
from ..model import Problem
from ..package_managers.requirement_line import SYS_PLATFORM

# One requirement is enough for these: nothing else limits it.
_UNKNOWN = re.compile(
    r"Because (?:there is no version of \S+|\S+ was not found in the package registry) and you require (?P<one>\S+),"
)
_OTHER_SYSTEM = re.compile(
    r"Because \S+ has no wheels with a matching platform tag \([^)]*\) and you require (?P<one>\S+),"
    r".* on the following platforms?: (?P<tags>.+)"
)
# The beginning of wheels' platform tags → the system.
_SYSTEMS = {"win": "Windows", "macosx": "macOS"}


def problem(reason: str, *, manifest: str, python: str) -> Problem:
    """The problem that uv's message describes."""
    if unknown := _UNKNOWN.match(reason):
        return errors.requirement_not_found(requirement=unknown["one"], manifest=manifest)
    other = _OTHER_SYSTEM.match(reason)
    tags = re.findall(r"`(\w+)`", other["tags"]) if other else []
    for beginning, system in _SYSTEMS.items():
        if other and tags and all(tag.startswith(beginning) for tag in tags):
            one, value = other["one"], SYS_PLATFORM[system]
            return errors.requirement_other_system(requirement=one, manifest=manifest, system=system, value=value)
    return errors.requirements_conflict(manifest=manifest, python=python, reason=reason)
