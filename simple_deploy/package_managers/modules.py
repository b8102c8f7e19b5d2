"""The package that has a module, where nothing installed here tells: from the lists of files in wheels."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("modules.json")
UNKNOWN = "the package that has it"


def package_of(module: str) -> str:
    """The package to add for a module, or words for it."""
    return _known().get(module.partition(".")[0], UNKNOWN)


@cache
def _known() -> dict[str, str]:
    return dict(json.loads(FILE.read_text(encoding="utf-8")))
