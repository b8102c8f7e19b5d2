"""pip-tools."""

from __future__ import annotations

from collections.abc import Sequence

from .. import errors
from ..model import Dependencies, Locking, Problem, Wish
from . import Files

ID = "pip_tools"
NAME = "pip-tools"
_FILES: tuple[str, ...] = ()


def claim(files: Files) -> str | None:
    """The first of its files."""
    return next((file for file in _FILES if files.read(file) is not None), None)


def read(files: Files) -> tuple[Dependencies | None, list[Problem]]:
    """Recognised, not supported yet."""
    return None, [errors.package_manager_not_supported(NAME, claim(files) or "")]


def wishes(dependencies: Dependencies, missing: Sequence[str]) -> tuple[Wish, ...]:
    """None yet."""
    return ()


def locking(dependencies: Dependencies, missing: Sequence[str], files: Files) -> Locking | None:
    """None yet."""
    return None
