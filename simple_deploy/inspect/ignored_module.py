"""A module that Git ignores, such as local_settings.py: a clone does not have it."""

from __future__ import annotations

from pathlib import Path

from ..effects.commands import run


def ignored_module(name: str, folder: Path, root: Path) -> str:
    """The file of the missing module, below the Git root; "" if Git does not ignore it. `folder` has manage.py."""
    path = folder.joinpath(*name.split(".")).with_suffix(".py")
    ran = run(("git", "check-ignore", "--quiet", "--", str(path)), cwd=folder)
    return path.relative_to(root).as_posix() if ran.ok else ""


def example_of(file: Path) -> str:
    """A file beside it from which people make it: `local_settings.py.dist`, `local_settings.example.py`."""
    found = sorted(file.parent.glob(f"{file.stem}*"))
    return next((one.name for one in found if one.is_file() and one.suffix != ".pyc" and one != file), "")
