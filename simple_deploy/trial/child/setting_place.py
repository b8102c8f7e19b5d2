"""The line of the project's settings where a setting gets its value."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from .named_in_source import loaded_files


def setting_place(tree: Path, module: str, setting: str, *texts: str) -> str:
    """The line that has one of the `texts` in a literal, or else names the `setting`; the file of `module` if none
    does.
    """
    first = Path(str(sys.modules[module].__file__))
    files = (first, *loaded_files(tree))
    lines = {path: path.read_text(encoding="utf-8", errors="replace").splitlines() for path in files}
    literals = [rf"""["'/@]{re.escape(text)}\b""" for text in texts if text]
    for pattern in map(re.compile, [*literals, rf"^\s*{setting}\b"]):
        for path, each in lines.items():
            for number, line in enumerate(each, 1):
                if pattern.search(line) and not line.lstrip().startswith("#"):
                    return f"{path.relative_to(tree).as_posix()}:{number}"
    return first.relative_to(tree).as_posix()
