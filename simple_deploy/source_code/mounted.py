"""The source of an ASGI script → the application in it that has Django's site as one of its parts. Nothing is run."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .syntax import dotted, imports, target_of

_DJANGO = frozenset({"get_asgi_application", "get_wsgi_application"})
# Packages whose applications have pages of their own, unlike a middleware around Django.
_FRAMEWORKS = frozenset({"blacksheep", "engineio", "fastapi", "litestar", "quart", "socketio", "starlette"})
_USUAL = ("application", "app")


def mounting(tree: ast.Module) -> str:
    """The name of an application of another framework that passes requests on to Django; "" without one."""
    origins = dict(imports(tree))
    parts: dict[str, set[str]] = {}
    for node in _statements(tree.body):
        name = _changed(node)
        if name:
            parts[name] = parts.get(name, set()) | set(_parts(node, origins, parts))
    both = [name for name, made_of in parts.items() if made_of >= {"Django", "other"}]
    return next((name for name in _USUAL if name in both), both[-1] if both else "")


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Those of the module itself, also in its conditions."""
    for node in body:
        if isinstance(node, ast.If | ast.Try | ast.With):
            yield from _statements(node.body)
        else:
            yield node


def _changed(node: ast.stmt) -> str:
    """The name that gets a value, or whose method is called: `app.mount("/", django)`."""
    match node:
        case ast.Assign() | ast.AnnAssign():
            return target_of(node)
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))):
            return name
    return ""


def _parts(node: ast.stmt, origins: dict[str, str], known: dict[str, set[str]]) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield from known.get(part.id, ())
        if isinstance(part, ast.Call):
            head, _, rest = dotted(part.func).partition(".")
            origin = f"{origins.get(head, head)}.{rest}".removesuffix(".")
            if origin.rpartition(".")[2] in _DJANGO:
                yield "Django"
            elif origin.partition(".")[0] in _FRAMEWORKS and ".middleware" not in origin:
                yield "other"
