"""A manage.py whose settings Python finds from another folder only: one above that of manage.py, or src below it."""

from __future__ import annotations

import os
from pathlib import Path

from ..messages import errors
from ..model import Problem


def found_above(module: str, manage_py: Path, root: Path) -> Problem | None:
    """The problem if the module is in a folder above that of manage.py, or in src below it."""
    path = module.replace(".", "/")
    above = [(folder, f"parents[{depth}]") for depth, folder in enumerate(manage_py.parent.parents, start=1)]
    for folder, place in (*above, (manage_py.parent / "src", 'parent / "src"')):
        found = (folder / f"{path}.py").is_file() or (folder / path / "__init__.py").is_file()
        if found and folder.is_relative_to(root):
            where = "the Git root" if folder == root else f"{folder.relative_to(root).as_posix()}/"
            script = manage_py.relative_to(root).as_posix()
            return errors.settings_above(module=module, folder=where, manage_py=script, place=place)
    return None


def found_by_this_shell(module: str, manage_py: Path, root: Path) -> Problem | None:
    """The same problem where PYTHONPATH hides it here: a platform does not have this shell's variables."""
    above = {folder for folder in manage_py.parent.parents if folder.is_relative_to(root)}
    named = {Path(entry).resolve() for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry}
    if not above & named or b"sys.path" in manage_py.read_bytes():
        return None
    return found_above(module, manage_py, root)
