"""A failure as JSON: its kind, its message, and where it was raised."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .named_in_source import is_imported, named_at


def told(error: BaseException, tree: Path) -> dict[str, Any]:
    """The failure, with the last line of the project's own code."""
    causes = list(_causes(error))
    filename = next((one.filename for one in causes if isinstance(one, OSError) and one.filename), None)
    name = str(Path.cwd() / filename) if isinstance(filename, (str, os.PathLike)) else ""
    # An error of the project's own has no name of a module.
    missing = next((one.name for one in _raised_from(error) if isinstance(one, ImportError) and one.name), None)
    return {
        "type": type(error).__name__,
        "kinds": [parent.__name__ for cause in causes for parent in type(cause).__mro__[:-3]],
        "message": _without(tree, str(error)),
        "missing": missing,
        "within": _within(missing or ""),
        "apps": _missing_apps(missing.partition(".")[0]) if missing else [],
        "is_there": _is_there(missing, tree) if missing else False,
        "own_folder": _own_folder(missing.partition(".")[0], tree) if missing else "",
        "file": name,
        "folder": bool(name) and Path(name).parent.is_dir(),
        "read_only": is_read_only(error),
        "place": _place(error, tree),
        "places": [_below(tree, *one) for one in reversed(_own_lines(error, tree))],
        "by": _raised_by(error).partition(".")[0],
        "causes": [_without(tree, str(cause)) for cause in causes],
        "by_project": _raised_in(error).is_relative_to(tree),
    }


def is_read_only(error: BaseException) -> bool:
    """Whether it comes from a write where nothing can be written."""
    return any(isinstance(cause, OSError) and cause.errno == errno.EROFS for cause in _causes(error))


def _within(module: str) -> str:
    """The package that is here, and lacks this module; a namespace is no package."""
    package = module.rpartition(".")[0]
    return package if getattr(sys.modules.get(package), "__file__", None) else ""


def _missing_apps(known: str) -> list[str]:
    """The other top-level modules of apps in the settings that are missing, as far as the settings are loaded."""
    loaded = sys.modules.get("django.conf")
    apps = map(str, loaded.settings.INSTALLED_APPS) if loaded and loaded.settings.configured else ()
    names = dict.fromkeys(app.partition(".")[0] for app in apps)
    return [name for name in names if name != known and not _is_findable(name)]


def _is_findable(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def _is_there(module: str, tree: Path) -> bool:
    """Whether the project has it where its name says, below its root or the current folder: another module of the
    name of its package comes first, or that folder is not on `sys.path`.
    """
    parts = module.split(".")
    places = (Path(start, *parts) for start in (tree, Path.cwd()))
    return len(parts) > 1 and any(place.is_dir() or place.with_suffix(".py").is_file() for place in places)


def _own_folder(name: str, tree: Path) -> str:
    """The project's folder that has this top-level module, from which only a build installs it; "" without one."""
    files = (path for path in tree.rglob(f"{name}.py") if path.is_file())
    packages = (path for path in tree.rglob(name) if path.is_dir() and next(path.glob("*.py"), None))
    # A module of another package has a longer name.
    found = (path.parent for path in (*packages, *files) if not (path.parent / "__init__.py").exists())
    return next((folder.relative_to(tree).as_posix() for folder in found), "")


def _without(tree: Path, text: str) -> str:
    """The text with the paths of the user's repository; Windows doubles the backslashes in the names of an error."""
    for start in (f"{tree}{os.sep}", repr(f"{tree}{os.sep}")[1:-1]):
        text = text.replace(start, "")
    return text


def _raised_from(error: BaseException) -> Iterator[BaseException]:
    """The error, and what it was explicitly raised from: Django reports a missing driver or backend so."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, what it was raised from, and so on."""
    cause: BaseException | None = error
    for _ in range(9):
        if cause is None:
            return
        yield cause
        cause = cause.__cause__ or cause.__context__


def _raised_by(error: BaseException) -> str:
    """The module whose code raised the error."""
    raised = error.__traceback__
    while raised and raised.tb_next:
        raised = raised.tb_next
    return str(raised.tb_frame.f_globals.get("__name__", "")) if raised else ""


def _raised_in(error: BaseException) -> Path:
    """The file whose code raised the error."""
    frames = traceback.extract_tb(error.__traceback__)
    return Path(frames[-1].filename) if frames else Path()


def _absent(error: BaseException, tree: Path) -> str:
    """The module that does not exist; Django has errors of its own for one that a setting names as a backend."""
    if isinstance(error, ModuleNotFoundError):
        return error.name or ""
    if _raised_in(error).is_relative_to(tree):
        return ""
    return next((one.name or "" for one in _raised_from(error) if isinstance(one, ModuleNotFoundError)), "")


def _place(error: BaseException, tree: Path) -> str:
    """The last line of the project's own code, as its path below the tree; for a module that Django imports, the line
    that names it.
    """
    own = _own_lines(error, tree)
    absent = _absent(error, tree)
    if absent and not (own and is_imported(absent, *own[-1])) and (place := named_at(absent, tree)):
        return place
    return _below(tree, *own[-1]) if own else ""


def _own_lines(error: BaseException, tree: Path) -> list[tuple[Path, int]]:
    """The lines of the project's own code, each of which calls the next."""
    frames = [(frame.filename, frame.lineno or 0) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError):
        frames.append((error.filename or "", error.lineno or 0))
    return [(Path(name), line) for name, line in frames if Path(name).is_absolute() and Path(name).is_relative_to(tree)]


def _below(tree: Path, path: Path, line: int) -> str:
    return f"{path.relative_to(tree).as_posix()}:{line}"
