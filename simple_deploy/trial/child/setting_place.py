"""The line of the project's settings where a setting gets its value."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from .named_in_source import loaded_files


def setting_place(tree: Path, module: str, setting: str, *texts: str) -> str:
    """The line that has one of the `texts` in a literal, first where the setting gets its value, or else the line that
    names the `setting`; the file of `module` if none does.
    """
    first = Path(str(sys.modules[module].__file__))
    lines = {path: list(_lines(path)) for path in dict.fromkeys((first, *loaded_files(tree)))}
    own = {path: list(_of_setting(path, setting, each)) for path, each in lines.items()}
    # The whole of a literal, or the beginning of what follows a password.
    whole, parts = ([rf"""["'/@]{re.escape(text)}{end}""" for text in texts if text] for end in ("[\"']", r"\b"))
    named = [rf"^\s*{setting}\b"]
    for patterns, where in ((whole, own), (parts, own), (whole, lines), (parts, lines), (named, lines)):
        for pattern in map(re.compile, patterns):
            for path, each in where.items():
                for number, line in each:
                    if pattern.search(line) and not line.lstrip().startswith("#"):
                        return f"{path.relative_to(tree).as_posix()}:{number}"
    return first.relative_to(tree).as_posix()


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    yield from enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)


def _of_setting(path: Path, setting: str, lines: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The lines of the statements that set it, or a part of it."""
    try:
        parsed = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(parsed):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(_name(target) == setting for target in targets):
            start, end = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
            yield from (one for one in lines if start <= one[0] <= end)


def _name(target: ast.AST | None) -> str:
    while isinstance(target, (ast.Subscript, ast.Attribute)):
        target = target.value
    return target.id if isinstance(target, ast.Name) else ""
