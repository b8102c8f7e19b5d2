"""Calls in the project's code that visitors meet, and whose failure nothing handles."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..named_in_source import parsed_files
from . import urls

# Only a worker runs these.
_OF_WORKERS = frozenset({"tasks", "celery"})


def views() -> Iterator[Any]:
    """The classes of the site's views."""
    from django.urls import URLResolver, get_resolver

    resolvers = [get_resolver()]
    for resolver in resolvers:
        for one in resolver.url_patterns:
            if isinstance(one, URLResolver):
                resolvers.append(one)
            else:
                yield getattr(one.callback, "cls", None) or getattr(one.callback, "view_class", None)


def calls(tree: Path, having: bytes, fits: Callable[[ast.Module], Callable[[ast.Call], bool]]) -> Iterator[ast.Call]:
    """The calls that `fits` accepts in functions of loaded files with this text. A `try`, and a function that gets a
    lambda, may handle the failure.
    """
    # Other parts find URLs that cannot be imported.
    with suppress(Exception):
        urls.load()
    for path, module in parsed_files(tree, having):
        if path.stem not in _OF_WORKERS:
            accepts = fits(module)
            for node in ast.walk(module):
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    yield from filter(accepts, _calls(node))


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (ast.Try, ast.Lambda, ast.FunctionDef, ast.AsyncFunctionDef)):
            if isinstance(child, ast.Call):
                yield child
            yield from _calls(child)
