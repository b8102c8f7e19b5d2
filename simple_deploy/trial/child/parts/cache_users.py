"""What uses the default cache of Django for pages, so that they fail without it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from ..named_in_source import parsed_files

# Apps whose pages ask it: Site.get_site_root_paths of Wagtail, and the menus of django CMS.
_APPS = frozenset({"wagtail", "cms"})
_METHODS = frozenset(
    {"add", "clear", "decr", "delete", "delete_many", "get", "get_many", "get_or_set", "has_key", "incr", "set"}
    | {"set_many", "touch"}
)
# The tag of django.templatetags.cache; `using` names another cache.
_FRAGMENT = re.compile(rb"{%\s*cache\s(?!.*\susing=)")


def pages_use_it(settings: Any, tree: Path) -> bool:
    """Whether an app, a limit on requests, a template, or code of the project that expects no failure does."""
    if _APPS & {*settings.INSTALLED_APPS} or _counts_logins(settings):
        return True
    # This imports the URLs, and with them the views. Other parts find those that cannot be imported.
    with suppress(Exception):
        if any(map(_is_throttled, list(_views()))):
            return True
    return any(_pages_of_code(tree)) or any(_used_by_code(tree)) or any(_templates(tree))


def _counts_logins(settings: Any) -> bool:
    """Whether django-allauth counts attempts to log in."""
    return "allauth.account" in settings.INSTALLED_APPS and getattr(settings, "ACCOUNT_RATE_LIMITS", None) is not False


def _is_throttled(view: Any) -> bool:
    """Whether the view of Django REST framework counts requests there: the class that counts may name another cache."""
    if not getattr(view, "throttle_classes", ()):
        return False
    from django.core.cache import cache

    throttling = import_module("rest_framework.throttling")
    for one in view.throttle_classes:
        counts = issubclass(one, throttling.SimpleRateThrottle) and one.cache is cache
        if counts and (not issubclass(one, throttling.ScopedRateThrottle) or getattr(view, "throttle_scope", None)):
            return True
    return False


def _views() -> Iterator[Any]:
    """The classes of the site's views."""
    from django.urls import URLResolver, get_resolver

    resolvers = [get_resolver()]
    for resolver in resolvers:
        for one in resolver.url_patterns:
            if isinstance(one, URLResolver):
                resolvers.append(one)
            else:
                yield getattr(one.callback, "cls", None) or getattr(one.callback, "view_class", None)


def _templates(tree: Path) -> Iterator[Path]:
    """Templates that store a part of a page."""
    for path in tree.rglob("*.html"):
        with suppress(OSError):
            if _FRAGMENT.search(path.read_bytes()):
                yield path


def _pages_of_code(tree: Path) -> Iterator[ast.AST]:
    """Views that are stored as a whole."""
    for _, module in parsed_files(tree, b"cache_page"):
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "cache_page":
                yield from () if any(one.arg == "cache" for one in node.keywords) else (node,)


def _used_by_code(tree: Path) -> Iterator[ast.AST]:
    """Uses of `cache` in functions of the project, unless a `try` or a function of its own may handle the failure, or
    only a worker runs the file.
    """
    for path, module in parsed_files(tree, b"django.core.cache"):
        names = _names(module) if path.stem != "tasks" else frozenset()
        yield from (found for function in _functions(module) for found in _uses(function, names))


def _names(module: ast.Module) -> frozenset[str]:
    """The names by which the module knows the default cache."""
    imports = (node for node in ast.walk(module) if isinstance(node, ast.ImportFrom))
    return frozenset(
        name.asname or name.name
        for node in imports
        if node.module == "django.core.cache"
        for name in node.names
        if name.name == "cache"
    )


def _functions(module: ast.Module) -> Iterator[ast.AST]:
    yield from (node for node in ast.walk(module) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))


def _uses(node: ast.AST, names: frozenset[str]) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.Try, ast.Lambda, ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        called = child.func if isinstance(child, ast.Call) else None
        owner = called.value if isinstance(called, ast.Attribute) and called.attr in _METHODS else None
        if isinstance(owner, ast.Name) and owner.id in names:
            yield child
        yield from _uses(child, names)
