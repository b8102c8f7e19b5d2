"""A module that Git ignores, such as local_settings.py: a clone does not have it."""

from __future__ import annotations

from pathlib import Path

from ..effects.commands import run


def ignored_module(name: str, folder: Path) -> str:
    """The file of the missing module, relative to the `folder` of manage.py; "" if Git does not ignore it."""
    path = f"{name.replace('.', '/')}.py"
    ran = run(("git", "check-ignore", "--quiet", "--", path), cwd=folder)
    return path if ran.ok else ""
