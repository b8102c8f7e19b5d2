"""A folder that is read-only for this process."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_CHANGING = frozenset({"os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.truncate"})


def changed(event: str, arguments: tuple[Any, ...]) -> str:
    """The path that an audit event is about to change; "" if it changes none."""
    if event in _CHANGING or (event == "open" and _writes(*arguments[1:3])):
        name = arguments[0]
        return os.fsdecode(name) if isinstance(name, (str, bytes, os.PathLike)) else ""
    return ""


def _writes(mode: str | None, flags: int) -> bool:
    # Some audit events have no mode, others no flags.
    return bool(set(mode or "") & set("wax+") or (flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


class Frozen:
    """While it is `on`, what would change files below the folder fails as on a read-only file system.

    The folders of `but` (relative to it) can be written. With `built`, folders may be made: the build has run the same
    code, and made them.
    """

    def __init__(self, folder: str, but: Iterable[str] = ()) -> None:
        self.on = False
        self.built = False
        self._folder = os.path.realpath(folder) + os.sep
        self._but = tuple(os.path.realpath(Path(folder, one)) + os.sep for one in but)

    def refuse(self, event: str, arguments: tuple[Any, ...]) -> None:
        """An audit hook. Raises OSError."""
        if self.on and (name := changed(event, arguments)) and self._is_below(name, event):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), name)

    def _is_below(self, name: str, event: str) -> bool:
        path = os.path.realpath(name)
        if f"{path}{os.sep}".startswith(self._but):
            return False
        # A folder that exists is reported as such.
        return path.startswith(self._folder) and not (event == "os.mkdir" and (self.built or Path(path).is_dir()))
