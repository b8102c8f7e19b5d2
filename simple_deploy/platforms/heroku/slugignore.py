"""Which files of the repository Heroku removes before a build: `.slugignore`. Pure.

Source: Dev Center, "Slug Compiler": the patterns are those of .gitignore, without exceptions (!).
"""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase

from simple_deploy.contract import Site

NAME = ".slugignore"


def left_out(site: Site) -> Callable[[str], str]:
    """The name of the file for a path that one of its patterns matches."""
    raw = site.project.files.get(NAME)
    lines = (line.strip() for line in (raw or b"").decode("utf-8", "replace").splitlines())
    patterns = [line for line in lines if line and not line.startswith("#")]
    return lambda path: NAME if any(_matches(path, pattern) for pattern in patterns) else ""


def _matches(path: str, pattern: str) -> bool:
    """A pattern with a slash at its start or within starts at the Git root; any other matches everywhere."""
    parts, wanted = path.split("/"), pattern.strip("/").split("/")
    starts = range(1) if "/" in pattern.rstrip("/") else range(len(parts))
    return any(
        len(parts) >= start + len(wanted) and all(map(fnmatchcase, parts[start : start + len(wanted)], wanted))
        for start in starts
    )
