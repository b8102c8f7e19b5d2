"""Files that a project keeps out of its build."""

from __future__ import annotations

import shutil
from pathlib import Path

NAME = ".slugignore"


def remove(app: Path) -> int:
    """Delete what the patterns of .slugignore match, and return how many files and folders that were.

    [Dev Center, "Slug Compiler": after the push and before the buildpack; as in .gitignore, without "!"]
    """
    ignored = app / NAME
    patterns = ignored.read_bytes().decode("utf-8", "replace").splitlines() if ignored.is_file() else []
    wanted = [pattern for line in patterns if (pattern := line.strip()) and not pattern.startswith("#")]
    found = {path for pattern in wanted if ".." not in pattern.split("/") for path in app.glob(_below(pattern))}
    for path in found:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return len(found)


def _below(pattern: str) -> str:
    """A pattern with a slash at its start or within starts at the Git root; any other matches everywhere."""
    plain = pattern.strip("/")
    return plain if "/" in pattern.rstrip("/") else f"**/{plain}"
