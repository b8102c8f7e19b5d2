"""Which environment variables the project's code looks up, itself or through a package that it calls."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

# Their frames are between a lookup and the code that it is for.
_BETWEEN = frozenset({Mapping.get.__code__.co_filename, os.getenv.__code__.co_filename})


def watched(names: Collection[str], tree: Path) -> dict[str, str]:
    """A mapping that gets an entry for each of the `names` that is looked up: the place in the `tree` that led to it.

    Code of the project that goes through all variables looks up all of them; a package that does so copies them.
    """
    found: dict[str, str] = {}
    os.environ.__class__ = _watching(sorted(names), str(tree) + os.sep, found)
    return found


def _watching(names: list[str], tree: str, found: dict[str, str]) -> Any:
    kind: Any = type(os.environ)
    copying: list[tuple[int, int]] = [(0, 0)]

    class Watched(kind):  # type: ignore[misc]
        def __getitem__(self, name: str) -> Any:
            if name in names and name not in found:
                frame, within = _caller(sys._getframe(1))
                if not within and (id(frame), frame.f_lineno) != copying[0]:
                    note([name], frame)
            return super().__getitem__(name)

        def __iter__(self) -> Iterator[Any]:
            frame, _ = _caller(sys._getframe(1))
            copying[0] = (id(frame), frame.f_lineno)
            if frame.f_code.co_filename.startswith(tree):
                note(names, frame)
            return iter(super().__iter__())

    def note(looked_up: Collection[str], frame: FrameType | None) -> None:
        while frame and not frame.f_code.co_filename.startswith(tree):
            frame = frame.f_back
        if frame:
            path = Path(frame.f_code.co_filename[len(tree) :]).as_posix()
            found.update(dict.fromkeys(looked_up, f"{path}:{frame.f_lineno}"))

    return Watched


def _caller(frame: FrameType) -> tuple[FrameType, bool]:
    """The frame that a lookup is for, and whether it is one of a copy of all variables."""
    copies = False
    while frame.f_code.co_filename in _BETWEEN and frame.f_back:
        copies = copies or frame.f_code.co_name in ("__iter__", "copy")
        frame = frame.f_back
    return frame, copies
