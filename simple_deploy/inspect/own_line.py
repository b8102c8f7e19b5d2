"""An error in the project's code → the lines of the project's own code in the traceback."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from pathlib import Path

# Folders of installed packages, which may be below the Git root.
_INSTALLED = frozenset({"site-packages", "dist-packages"})


def own_line(error: BaseException, root: Path) -> str:
    """The last place, such as "blog/settings.py:12"; "" if no line of the project is in the traceback."""
    return next(own_lines(error, root), "")


def own_lines(error: BaseException, root: Path) -> Iterator[str]:
    """All the places, the last one first: each is called by the next."""
    places = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError):
        places.append((error.filename or "", error.lineno))
    for name, line in reversed(places):
        path = Path(name)
        if path.is_absolute() and path.is_relative_to(root) and not _INSTALLED & set(path.parts):
            yield f"{path.relative_to(root).as_posix()}:{line}"
