"""A failure as JSON: its kind, its message, and where it was raised."""

from __future__ import annotations

import os
import traceback
from pathlib import Path
from typing import Any


def told(error: BaseException, tree: Path) -> dict[str, Any]:
    """The failure, with the last line of the project's own code."""
    chain: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(chain) < 9:
        chain += [parent.__name__ for parent in type(cause).__mro__[:-3]]
        cause = cause.__cause__ or cause.__context__
    filename = error.filename if isinstance(error, OSError) else None
    name = str(Path.cwd() / filename) if isinstance(filename, (str, os.PathLike)) else ""
    return {
        "type": type(error).__name__,
        "kinds": chain,
        "message": str(error),
        "missing": getattr(error, "name", None) if isinstance(error, ImportError) else None,
        "file": name,
        "folder": bool(name) and Path(name).parent.is_dir(),
        "place": _place(error, tree),
        "by_django": _raised_by(error).startswith("django."),
    }


def _raised_by(error: BaseException) -> str:
    """The module whose code raised the error."""
    raised = error.__traceback__
    while raised and raised.tb_next:
        raised = raised.tb_next
    return str(raised.tb_frame.f_globals.get("__name__", "")) if raised else ""


def _place(error: BaseException, tree: Path) -> str:
    """The last line of the project's own code, as its path below the tree."""
    frames = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError):
        frames.append((error.filename or "", error.lineno))
    for name, line in reversed(frames):
        path = Path(name)
        if path.is_absolute() and path.is_relative_to(tree):
            return f"{path.relative_to(tree).as_posix()}:{line}"
    return ""
