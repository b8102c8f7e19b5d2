"""A package whose own build script fails, as it would anywhere: no compiler or library is missing."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..messages import errors
from ..model import Problem

# uv names the package first, then the script's output.
_ERROR = r"^ +(?P<error>(?:ImportError|ModuleNotFoundError|AttributeError|NameError): .*)$"
_BY_UV = re.compile(rf"Failed to build `(?P<one>[^`]+)`\n.*{_ERROR}", re.DOTALL | re.MULTILINE)
_FOLDER = re.compile(r" \(/.*")


class Unbuildable(NamedTuple):
    """NAME==VERSION of a package, and the error of its build script."""

    requirement: str
    error: str

    def problem(self, manifest: str) -> Problem:
        """The problem with the manifest that asks for it."""
        return errors.requirement_unbuildable(requirement=self.requirement, reason=self.error, manifest=manifest)


def unbuildable(said: str) -> Unbuildable | None:
    """The package and its error, according to what uv wrote; None if this is not why it failed."""
    failed = _BY_UV.search(said)
    # The path of the module is one of this machine.
    return Unbuildable(failed["one"], _FOLDER.sub("", failed["error"].splitlines()[0])) if failed else None
