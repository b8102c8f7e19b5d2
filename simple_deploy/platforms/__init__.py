"""The platforms. Each is a folder of this one that defines PLATFORM; adding a folder adds a platform.

What several platforms share is in a folder whose name begins with an underscore.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import cast

from ..facts import facts
from .contract import Platform


def installed() -> tuple[str, ...]:
    """The ids of all platforms, sorted."""
    here = Path(__file__).parent
    return tuple(sorted(path.parent.name for path in here.glob("[a-z]*/__init__.py")))


def open_to() -> dict[str, str]:
    """Whom a platform takes, for those that do not take everybody. Read from its facts, so that nothing is imported."""
    here = Path(__file__).parent
    found = {name: facts(here / name).get("open to") for name in installed()}
    return {name: str(fact.value) for name, fact in found.items() if fact}


def load(identity: str) -> Platform:
    """The platform of that id. Raises ImportError if there is none."""
    return cast(Platform, import_module(f"{__name__}.{identity}").PLATFORM)
