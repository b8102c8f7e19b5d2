"""What uses the default cache of Django for pages, so that they fail without it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from ..named_in_source import parsed_files
from .uses import calls, views

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
    # Other parts find URLs that cannot be imported.
    with suppress(Exception):
        if any(map(_is_throttled, list(views()))):
            return True
    return any(_pages_of_code(tree)) or code_uses_it(tree) or any(_templates(tree))


def code_uses_it(tree: Path) -> bool:
    """Whether code of the project stores values of its own there."""
    return any(_used_by_code(tree))


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


def _used_by_code(tree: Path) -> Iterator[ast.Call]:
    def fits(module: ast.Module) -> Callable[[ast.Call], bool]:
        imports = (node for node in ast.walk(module) if isinstance(node, ast.ImportFrom))
        own = (node.names for node in imports if node.module == "django.core.cache")
        names = {name.asname or name.name for each in own for name in each if name.name == "cache"}

        def uses(call: ast.Call) -> bool:
            called = call.func
            owner = called.value if isinstance(called, ast.Attribute) and called.attr in _METHODS else None
            return isinstance(owner, ast.Name) and owner.id in names

        return uses

    yield from calls(tree, b"django.core.cache", fits)
