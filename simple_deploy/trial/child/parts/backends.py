"""The packages behind settings that Django, or Celery, imports only when a page uses them."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from .celery_broker import brokers, runs_at_once

_REDIS_CACHE = "django.core.cache.backends.redis.RedisCache"
_REDIS_BROKERS = ("redis", "rediss", "sentinel")


def attempt(order: dict[str, Any], found: dict[str, Any]) -> None:
    """Import each of them.

    Raises ModuleNotFoundError for the first one that is missing, with the setting that names it.
    """
    from django.conf import settings

    for setting, name in _named(settings, Path(order["tree"])):
        try:
            importlib.import_module(name)
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError(f"{error} ({setting})", name=error.name) from error
        except Exception:  # what else a module does when it is imported is no reason to look further
            continue


def _named(settings: Any, tree: Path) -> Iterator[tuple[str, str]]:
    """The modules, each after the setting that names it."""
    for setting in ("CACHES", "STORAGES", "CHANNEL_LAYERS", "MAILERS", "TASKS"):
        for one in _mapping(getattr(settings, setting, None)).values():
            yield from _of_class(setting, _mapping(one).get("BACKEND"))
    if not getattr(settings, "MAILERS", None):  # Django 6.1 rejects the older settings beside it
        yield from _of_class("EMAIL_BACKEND", settings.EMAIL_BACKEND)
    for name in settings.AUTHENTICATION_BACKENDS:
        yield from _of_class("AUTHENTICATION_BACKENDS", name)
    for one in settings.AUTH_PASSWORD_VALIDATORS:
        yield from _of_class("AUTH_PASSWORD_VALIDATORS", one.get("NAME"))
    if any(_mapping(one).get("BACKEND") == _REDIS_CACHE for one in settings.CACHES.values()):
        yield "CACHES", "redis"
    yield from _of_hasher()
    for setting, _, _, address, needed in () if runs_at_once(settings, tree) else brokers(settings, tree):
        if needed and str(address).partition("://")[0] in _REDIS_BROKERS:
            yield setting, "redis"


def _of_class(setting: str, path: object) -> Iterator[tuple[str, str]]:
    if isinstance(path, str) and "." in path:
        yield setting, path.rpartition(".")[0]


def _of_hasher() -> Iterator[tuple[str, str]]:
    """The library that makes new passwords; those of the other hashers may be missing, as with Django's own list."""
    from django.contrib.auth.hashers import get_hasher

    library: object = None
    with suppress(Exception):
        library = get_hasher("default").library
    names = library if isinstance(library, (list, tuple)) else [library]
    if library:
        yield "PASSWORD_HASHERS", str(names[-1])


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
