"""The project's loaded code, and where it names a module as text, as in INSTALLED_APPS: Django imports that one."""

from __future__ import annotations

import ast
import linecache
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any


def named_at(module: str, tree: Path) -> str:
    """The line of a loaded module below the tree, as a path and a number; "" if none names it.

    Where a condition on DEBUG decides, it is that of the condition.
    """
    for path, parsed in parsed_files(tree):
        if line := next(_lines(parsed, module), 0):
            return f"{path.relative_to(tree).as_posix()}:{line}"
    return ""


def is_imported(module: str, path: Path, line: int) -> bool:
    """Whether this line imports the module itself."""
    return module.partition(".")[0] in linecache.getline(str(path), line)


def parsed_files(tree: Path, *having: bytes) -> Iterator[tuple[Path, ast.Module]]:
    """The loaded files that have one of these texts, or all files, each with its syntax tree."""
    for path in sorted(loaded_files(tree)):
        try:
            text = path.read_bytes()
            if not having or any(one in text for one in having):
                yield path, ast.parse(text)
        except (OSError, SyntaxError, ValueError):
            continue


# Files of code that the settings have opened: one may be executed without being a module.
_opened: dict[str, None] = {}


@contextmanager
def opened_files() -> Iterator[None]:
    """While this is entered, opened files of code count as loaded."""
    recording = True

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if recording and event == "open" and str(arguments[0]).endswith(".py"):
            _opened[str(arguments[0])] = None

    sys.addaudithook(note)
    try:
        yield
    finally:
        recording = False


def own_modules(tree: Path) -> dict[ModuleType, Path]:
    """The loaded modules below the tree, each with its file, in the order in which they were imported."""
    named = ((module, getattr(module, "__file__", None)) for module in list(sys.modules.values()))
    return {module: Path(file) for module, file in named if file and Path(file).is_relative_to(tree)}


def loaded_files(tree: Path) -> list[Path]:
    """The files of the loaded modules below the tree, in the order in which they were imported, and others of code that
    the settings have opened.
    """
    opened = (path for path in map(tree.joinpath, _opened) if path.is_relative_to(tree))
    return [*dict.fromkeys((*own_modules(tree).values(), *opened))]


def _lines(parsed: ast.Module, module: str) -> Iterator[int]:
    for node in ast.walk(parsed):
        if isinstance(node, ast.If) and "DEBUG" in ast.unparse(node.test) and any(_texts(node, module)):
            yield node.lineno
    yield from _texts(parsed, module)


def _texts(node: ast.AST, module: str) -> Iterator[int]:
    for part in ast.walk(node):
        text = part.value if isinstance(part, ast.Constant) else None
        if isinstance(text, str) and f"{text}.".startswith(f"{module}."):
            yield getattr(part, "lineno", 0)
