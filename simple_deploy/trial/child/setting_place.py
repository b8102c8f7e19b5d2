"""The line of the project's settings where a setting gets its value."""

from __future__ import annotations

import re
import sys
from pathlib import Path


def setting_place(tree: Path, module: str, setting: str, *texts: str) -> str:
    """The line that has one of the `texts` in a literal, or else names the `setting`; the file of `module` if none
    does.
    """
    lines = {path: path.read_text(encoding="utf-8", errors="replace").splitlines() for path in loaded(tree, module)}
    literals = [rf"""["'/@]{re.escape(text)}\b""" for text in texts if text]
    for pattern in map(re.compile, [*literals, rf"^\s*{setting}\b"]):
        for path, each in lines.items():
            for number, line in enumerate(each, 1):
                if pattern.search(line) and not line.lstrip().startswith("#"):
                    return f"{path.relative_to(tree).as_posix()}:{number}"
    return next(iter(lines)).relative_to(tree).as_posix()


def loaded(tree: Path, module: str) -> list[Path]:
    """The project's files that are loaded as modules; that of `module` is the first."""
    files = [str(getattr(one, "__file__", None) or "") for one in list(sys.modules.values())]
    own = [Path(name) for name in files if name and Path(name).is_relative_to(tree)]
    return [*dict.fromkeys([Path(str(sys.modules[module].__file__)), *own])]
