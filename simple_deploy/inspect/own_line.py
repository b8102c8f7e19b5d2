"""An error in the project's code → the last line of the project's own code in the traceback."""

from __future__ import annotations

import traceback
from pathlib import Path

# Folders of installed packages, which may be below the Git root.
_INSTALLED = frozenset({"site-packages", "dist-packages"})


def own_line(error: BaseException, root: Path) -> str:
    """A place such as "blog/settings.py:12"; "" if no line of the project is in the traceback."""
    places = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError):
        places.append((error.filename or "", error.lineno))
    for name, line in reversed(places):
        path = Path(name)
        if path.is_absolute() and path.is_relative_to(root) and not _INSTALLED & set(path.parts):
            return f"{path.relative_to(root).as_posix()}:{line}"
    return ""
