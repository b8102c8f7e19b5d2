"""The platforms. Each is a folder of this one that defines PLATFORM; adding a folder adds a platform.

What several platforms share is in a folder whose name begins with an underscore.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import cast

from .contract import Platform


def installed() -> tuple[str, ...]:
    """The ids of all platforms, sorted."""
    here = Path(__file__).parent
    return tuple(sorted(path.parent.name for path in here.glob("[a-z]*/__init__.py")))


def load(identity: str) -> Platform:
    """The platform of that id. Raises ImportError if there is none."""
    return cast(Platform, import_module(f"{__name__}.{identity}").PLATFORM)
