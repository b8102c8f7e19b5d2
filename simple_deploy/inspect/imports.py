"""What the project's code imports."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

# What only developers run.
_ASIDE = re.compile(r"tests?(_.*)?\.py|.*_tests?\.py|conftest\.py|setup\.py|noxfile\.py")
_OTHERS = re.compile(r"\..*|tests?|node_modules|site-packages")
_DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")
# Django asks for Pillow where a model has this field (its documentation, "ImageField").
_IMPLIED = {"ImageField": "PIL"}


def imports(root: Path, folder: Path, named: Iterable[str]) -> frozenset[str]:
    """The top-level modules that the code imports or names ("storages.backends.s3.S3Storage"), and those of `named`,
    without the project's own: those at the root, or in the folder of manage.py.
    """
    found = {name.partition(".")[0] for name in named}
    for path in _scripts(root):
        try:
            tree = ast.parse(path.read_bytes())
        except (OSError, SyntaxError, ValueError):
            continue
        found.update(_top_levels(tree))
    beside = (path for place in (root, folder) for path in place.iterdir())
    return frozenset(found) - {path.stem for path in beside if path.is_dir() or path.suffix == ".py"}


def _scripts(root: Path) -> Iterator[Path]:
    """The project's Python files, without those of environments and of tests."""
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if _is_the_projects(Path(folder, name))]
        yield from (Path(folder, name) for name in files if name.endswith(".py") and not _ASIDE.fullmatch(name))


def _is_the_projects(folder: Path) -> bool:
    return not _OTHERS.fullmatch(folder.name) and not (folder / "pyvenv.cfg").is_file()


def _top_levels(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _DOTTED.fullmatch(node.value):
            yield node.value.partition(".")[0]
        elif isinstance(node, ast.Attribute | ast.Name):
            name = node.attr if isinstance(node, ast.Attribute) else node.id
            if name in _IMPLIED:
                yield _IMPLIED[name]
