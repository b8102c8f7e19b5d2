"""django-split-settings: the files that a settings module includes. Nothing is run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

# Values of the variable that a file name is computed from, besides the words in the module itself.
_USUAL = frozenset({"development", "production"})
# The computed part of a file name: that of `str.format`, or of "%".
_GAP = re.compile(r"\{[^}]*\}|%s")
_WORD = re.compile(r"[\w-]+")


def included(node: ast.stmt, tree: ast.Module) -> Iterator[tuple[str, bool]]:
    """Each file that this statement of the module includes, and whether it may be another one.

    include("base.py", f"environments/{ENV}.py", *more)
    """
    match node:
        case ast.Expr(value=ast.Call(func=ast.Name(id="include"), args=arguments)):
            for name in filter(None, map(_name, _unpacked(arguments, tree))):
                words = sorted(_words(tree)) if _GAP.search(name) else [""]
                yield from ((_GAP.sub(word, name), bool(word)) for word in words)


def _unpacked(arguments: Iterable[ast.expr], tree: ast.Module) -> Iterator[ast.expr]:
    """The arguments, with those of a list or tuple that has a name (`*base_settings`)."""
    for part in arguments:
        if isinstance(part, ast.Starred) and isinstance(part.value, ast.Name):
            yield from _elements(part.value.id, tree)
        else:
            yield part


def _elements(name: str, tree: ast.Module) -> Iterator[ast.expr]:
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=given)], value=ast.List(elts=parts) | ast.Tuple(elts=parts)):
                yield from parts if given == name else ()
            case ast.AnnAssign(target=ast.Name(id=given), value=ast.List(elts=parts) | ast.Tuple(elts=parts)):
                yield from parts if given == name else ()


def _name(node: ast.expr) -> str:
    """A file name, with "{}" for what is computed; "" for any other expression."""
    match node:
        case ast.Constant(value=str(name)):
            return name
        case ast.JoinedStr(values=parts):
            return "".join(_name(part) or "{}" for part in parts)
        case ast.Call(func=ast.Attribute(value=value, attr="format")) | ast.BinOp(left=value, op=ast.Mod()):
            return _name(value)
    return ""


def _words(tree: ast.Module) -> frozenset[str]:
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return _USUAL | {text for text in texts if _WORD.fullmatch(text)}
