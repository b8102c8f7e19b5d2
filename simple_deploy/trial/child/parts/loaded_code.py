"""The project's files of code that are loaded with the site, besides its settings."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from ..named_in_source import loaded_files


def attempt(order: dict[str, Any], found: dict[str, Any]) -> None:
    """Note each of them. The settings are read from their source, and the settings block is in them here."""
    tree, settings = Path(order["tree"]), sys.modules[found["settings"]].__file__
    found["code"] = sorted(one.relative_to(tree).as_posix() for one in loaded_files(tree) if str(one) != settings)
