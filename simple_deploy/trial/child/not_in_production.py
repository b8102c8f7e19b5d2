"""Folders of the developer's computer, which production does not have."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .isolation import maps_of_editable
from .read_only import changed

_READING = frozenset({"open", "os.listdir", "os.scandir", "os.chdir"})


class Absent:
    """What opens or changes a file in the folders of the order fails, as if they did not exist.

    The copy of the project is there, and so are Python and the packages, wherever they are installed.
    """

    def __init__(self, order: dict[str, Any]) -> None:
        # What the trial itself writes is beside the tree.
        folder = Path(order["tree"]).parent
        # A home folder that has the temporary files too says nothing about a path in it.
        self._absent = _starts(name for name in order.get("absent", ()) if not folder.is_relative_to(name))
        own = (str(folder), str(Path(__file__).parent))
        there = (*own, sys.prefix, sys.base_prefix, sys.exec_prefix, *sys.path)
        editable = (str(folder) for one in maps_of_editable() for folder in one.values())
        self._there = _starts((*filter(None, there), *editable))

    def refuse(self, event: str, arguments: tuple[Any, ...]) -> None:
        """An audit hook. Raises FileNotFoundError."""
        name = arguments[0] if event in _READING else changed(event, arguments)
        if not name or not isinstance(name, (str, bytes, os.PathLike)):
            return
        path = os.fsdecode(name)
        # A link in an environment may lead to a package that is stored elsewhere.
        if path.startswith(self._there) or _comparable(path).startswith(self._there):
            return
        path = _comparable(os.path.realpath(path))
        if path.startswith(self._absent) and not path.startswith(self._there):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), os.fsdecode(name))


def _starts(folders: Iterable[str]) -> tuple[str, ...]:
    """How paths in the folders begin, with and without links resolved."""
    return tuple({_comparable(name) for folder in folders for name in (folder, os.path.realpath(folder))})


def _comparable(path: str) -> str:
    """The absolute path, ending with a separator: so that each is in its folder and in itself."""
    return os.path.normcase(Path.cwd() / os.path.normpath(path)).rstrip(os.sep) + os.sep
