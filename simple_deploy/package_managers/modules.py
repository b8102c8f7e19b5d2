"""The package that has a module, where nothing installed here tells: from the lists of files in wheels."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from ..model import OLD_SETUPTOOLS

FILE = Path(__file__).with_name("modules.json")
UNKNOWN = "the package that has it"
# Packages whose newer versions lack a module.
_OLDER = {"setuptools": OLD_SETUPTOOLS}


def package_of(module: str) -> str:
    """The package to add for a module, or words for it."""
    return with_modules(_known().get(module.partition(".")[0], UNKNOWN))


def with_modules(package: str) -> str:
    """The package, in the versions that have all the modules for which it is known."""
    return _OLDER.get(package, package)


@cache
def _known() -> dict[str, str]:
    return dict(json.loads(FILE.read_text(encoding="utf-8")))
