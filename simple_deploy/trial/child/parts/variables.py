"""Environment variables that the project's code reads without a default, wherever it does: the settings are not the
only module that needs them.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..named_in_source import parsed_files

_GETS = frozenset({"os.environ.get", "environ.get", "os.getenv", "getenv"})
_ENVIRONS = frozenset({"os.environ", "environ"})


def attempt(order: dict[str, Any], found: dict[str, Any]) -> None:
    """Note each variable with its place, and whether the code fails without it."""
    tree, settings = Path(order["tree"]), sys.modules[found["settings"]].__file__
    for path, parsed in parsed_files(tree, b"environ", b"getenv", b"decouple"):
        # The settings' own are known from their source; the settings block is there too.
        if str(path) == settings:
            continue
        for line, name, fails in _reads(parsed):
            place = f"{path.relative_to(tree).as_posix()}:{line}"
            found["variables"].setdefault(name, {"place": place, "fails": fails})


def _reads(parsed: ast.Module) -> Iterator[tuple[int, str, bool]]:
    optional = {id(part) for node in ast.walk(parsed) for one in _optional(node) for part in ast.walk(one)}
    decouples = _decouples(parsed)
    for node in ast.walk(parsed):
        if id(node) in optional:
            continue
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and ast.unparse(node.value) in _ENVIRONS:
            key, fails = node.slice, True
        elif isinstance(node, ast.Call) and len(node.args) == 1:
            function = ast.unparse(node.func)
            key, fails = node.args[0], function in decouples
            if (not fails and function not in _GETS) or any(one.arg == "default" for one in node.keywords):
                continue
        else:
            continue
        if isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value:
            yield node.lineno, key.value, fails


def _optional(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a node in which a variable may be missing: conditions, and all but the end of `a or b`."""
    if isinstance(node, (ast.If, ast.IfExp, ast.While)):
        yield node.test
    elif isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
        yield from node.values[:-1]
    elif isinstance(node, ast.Compare):
        yield node
    elif isinstance(node, ast.Try):
        yield from node.body


def _decouples(parsed: ast.Module) -> set[str]:
    """What the module calls python-decouple's `config`."""
    imports = [node for node in ast.walk(parsed) if isinstance(node, ast.ImportFrom) and node.module == "decouple"]
    return {one.asname or one.name for node in imports for one in node.names if one.name == "config"}
