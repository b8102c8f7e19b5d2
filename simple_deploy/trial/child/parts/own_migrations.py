"""The migrations that are files of the project."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any


def own(migrations: Iterable[Any], tree: Path) -> Iterator[tuple[Any, Path]]:
    """Those of the project, each with its file; a package brings the others."""
    for one in migrations:
        path = file_of(one)
        if path.is_relative_to(tree):
            yield one, path


def file_of(defined: Any) -> Path:
    """The file that defines a migration or a class."""
    return Path(str(sys.modules[defined.__module__].__file__))


def flat(operations: Iterable[Any]) -> Iterator[Any]:
    """The operations of a migration, with those inside others."""
    for one in operations:
        yield one
        yield from flat(getattr(one, "database_operations", ()))
