"""Addresses of the developer's computer in the code outside the settings, which has them for what only runs there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ..source_code.syntax import constant, dotted
from ..source_code.variable_reads import Names, reads
from .loaded_code import parsed

# Each of them has one of these.
_TELLING = (b"localhost", b"127.0.0.1", b"0.0.0.0")
_THIS = r"(localhost|127\.0\.0\.1|0\.0\.0\.0)"
_ADDRESS = re.compile(rf"[a-z][a-z0-9+.-]*://([^/@\s]*@)?{_THIS}(?![\w.]).*")
_HOST = re.compile(_THIS)
# These compare, cut or show a text, or make a file of it.
_OTHER_USES = frozenset(
    {"print", "log", "debug", "info", "warning", "warn", "error", "exception", "critical", "write", "format_html"}
    | {"startswith", "endswith", "replace", "split", "removeprefix", "removesuffix", "add_argument", "append"}
)
# What may hold a text for the code of a developer's computer only.
_DEVELOPMENT = re.compile(r"DEBUG|__main__|LOCAL|DEV", re.IGNORECASE)


def local_addresses(tree: Path, code: Iterable[str]) -> list[dict[str, str]]:
    """Each with its place, and the variables that are read in that line. `code` are the files."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for path, module in parsed(tree, code, *_TELLING):
        lines = {read.line: read.name for read in reads(module, Names())}
        for text, line in _addresses(module):
            told = {"address": text, "place": f"{path}:{line}", "variable": lines.get(line, "")}
            found.setdefault((path, text), told)
    return list(found.values())


def _addresses(node: ast.AST) -> Iterator[tuple[str, int]]:
    """The addresses in the code, each with its line."""
    match node:
        case ast.Constant(value=str(text)) if _ADDRESS.fullmatch(text):
            yield _shown(text), node.lineno
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]) if _ADDRESS.match(text):
            yield _shown(text), node.lineno
        case ast.Compare() | ast.Assert() | ast.JoinedStr() | ast.Expr(value=ast.Constant()):
            return
        case ast.If() | ast.IfExp() if _DEVELOPMENT.search(ast.unparse(node.test)):
            return
        case ast.Call(func=func) if dotted(func).rpartition(".")[2] in _OTHER_USES:
            return
        case ast.keyword(arg="host", value=value) if _HOST.fullmatch(constant(value)):
            yield constant(value), value.lineno
        case ast.Dict(keys=keys, values=values):
            yield from _hosts(keys, values)
    for child in ast.iter_child_nodes(node):
        yield from _addresses(child)


def _hosts(keys: Sequence[ast.expr | None], values: Sequence[ast.expr]) -> Iterator[tuple[str, int]]:
    for key, value in zip(keys, values, strict=True):
        if key and constant(key).lower() == "host" and _HOST.fullmatch(constant(value)):
            yield constant(value), value.lineno


def _shown(text: str) -> str:
    """Without a password."""
    scheme, _, rest = text.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"
