"""What the settings name for pages and production does not offer: unreachable services, folders that are read-only."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from ..named_in_source import loaded_files
from ..setting_place import setting_place
from . import urls
from .addresses import addresses, is_private
from .cache_users import code_uses_it, pages_use_it
from .celery_broker import brokers, runs_at_once

# What only workers, searches or some views use: the site serves its other pages without it. So it does without a
# channel layer, but for WebSockets, and without a cache that has neither sessions nor whole pages.
_ASIDE = (
    *("RQ_QUEUES", "Q_CLUSTER", "HUEY", "DRAMATIQ_BROKER"),
    *("ELASTICSEARCH_DSL", "HAYSTACK_CONNECTIONS", "WAGTAILSEARCH_BACKENDS"),
)
_BROKERS = frozenset(
    {"broker_class", "disque_nodes", "django_redis", "faktory", "iron_mq", "mongo", "orm", "redis", "sqs"}
)
# Where Django Q looks for a Redis by default (its docs, "Brokers").
_DJANGO_Q = "redis://localhost:6379"
# Apps whose views store files without a model, and code that does.
_EDITORS = re.compile("editor|tinymce|summernote|martor|upload|filebrowser|storage")
_FILES = re.compile(rb"\.FILES\b|\b(default_storage|\w*Storage\(|FileField|ImageField|FileUploadParser)\b")
_SERVED = re.compile("redis|memcached|valkey", re.IGNORECASE)
_SESSIONS = "django.contrib.sessions.backends."
_STORED = frozenset(f"django.middleware.cache.{name}CacheMiddleware" for name in ("Update", "FetchFrom"))
# The setting, the name of the service in it, its class, the address, and whether pages need it.
_Service = tuple[str, str, str, object, bool]


def attempt(order: dict[str, Any], found: dict[str, Any]) -> None:
    """Note each of them with its setting, address and place, and whether pages need it."""
    from django.conf import settings

    tree = Path(order["tree"])
    eager = found["eager"] = runs_at_once(settings, tree)
    found["takes_uploads"] = _takes_uploads(tree)
    services = [*_caches(settings, tree), *(() if eager else brokers(settings, tree)), *_aside(settings)]
    services += _channels(settings) if order["asynchronous"] else ()
    for setting, name, backend, location, needed in services:
        known = [] if _is_database(location) else list(addresses(location))
        if known and all(is_private(one.host) for one in known):
            # The host alone may be one of ALLOWED_HOSTS.
            texts = () if location is _DJANGO_Q else (known[0].text, known[0].host)
            place = setting_place(tree, found["settings"], setting, *texts)
            told = {"setting": setting, "name": name, "backend": backend, "address": known[0].text}
            found["services"].append({**told, "place": place, "needed": needed})
    default = str(settings.CACHES.get("default", {}).get("BACKEND", ""))
    alone = default.endswith(".LocMemCache") and not order.get("lacking")
    found["cache_of_a_process"] = alone and code_uses_it(tree)
    lasting = [tree / folder for folder in order.get("writable", ())]
    for setting, folder in _stored(settings) if order["read_only"] else ():
        if setting == "CACHES" and order.get("lacking"):
            # The settings block moves these, and has no effect here.
            continue
        path = Path(os.path.realpath(folder))
        if path.is_relative_to(tree) and not any(map(path.is_relative_to, lasting)):
            name = path.relative_to(tree).as_posix()
            place = setting_place(tree, found["settings"], setting, name)
            found["stored"].append(f"{setting} names the folder {name} ({place})")
    for setting, folder in (*_kept(settings), *_at_home(sys.modules.get(found["settings"]), tree)):
        path = Path(os.path.realpath(folder))
        if any(map(path.is_relative_to, lasting)):
            continue
        below, home = path.is_relative_to(tree), Path.home()
        text = "" if path == Path.cwd() else path.name
        overridden = settings.is_overridden(setting)
        place = setting_place(tree, found["settings"], setting, text) if overridden or text else ""
        at_home = path.is_relative_to(home)
        named = path.relative_to(tree) if below else Path("~", path.relative_to(home)) if at_home else path
        # Where the folder of the code is read-only, so is the home folder: it is the same, or contains it.
        found["kept"].append(
            {"setting": setting, "place": place, "folder": named.as_posix(), "below": below or at_home}
        )


def _is_database(location: object) -> bool:
    """Whether it is made of the address of the database, for which a trial has a placeholder."""
    server = os.environ.get("DATABASE_URL", "").partition("://")[2]
    return bool(server) and server in str(location)


def _stored(settings: Any) -> Iterator[tuple[str, str]]:
    """The folders in which the site stores files. A cache in files makes its folder when system checks look at it."""
    for cache in settings.CACHES.values():
        if str(cache.get("BACKEND", "")).endswith(".FileBasedCache"):
            yield "CACHES", os.fspath(cache.get("LOCATION") or ".")
    yield from _sessions(settings)


def _kept(settings: Any) -> Iterator[tuple[str, str]]:
    """The folders with files that the site needs again later, unlike those of a cache."""
    for connection in (getattr(settings, "HAYSTACK_CONNECTIONS", None) or {}).values():
        if connection.get("PATH") and connection.get("STORAGE", "file") == "file":
            yield "HAYSTACK_CONNECTIONS", os.fspath(connection["PATH"])
    yield from _mails(settings)
    yield from _sessions(settings)
    # Platforms have a note of their own on a folder that is set.
    if not settings.MEDIA_ROOT and _has_uploads():
        yield "MEDIA_ROOT", ""


def _has_uploads() -> bool:
    """Whether a field of a model stores its files in a folder, the default."""
    from django.core.files.storage import FileSystemStorage, default_storage

    return isinstance(default_storage, FileSystemStorage) and any(
        field.storage is default_storage for field in _file_fields()
    )


def _file_fields() -> list[Any]:
    """The fields of models for files."""
    from django.apps import apps
    from django.db.models import FileField

    fields = (field for model in (apps.get_models() if apps.ready else ()) for field in model._meta.local_fields)
    return [field for field in fields if isinstance(field, FileField)]


def _takes_uploads(tree: Path) -> bool:
    """Whether visitors may upload files: a model has a field for them, code handles them, or an editor may."""
    from django.apps import apps

    try:
        urls.load()
    except Exception:  # other parts find URLs that cannot be imported
        return True
    if not apps.ready or _file_fields() or any(_EDITORS.search(config.name) for config in apps.get_app_configs()):
        return True
    return any(_FILES.search(path.read_bytes()) for path in loaded_files(tree))


def _at_home(settings: ModuleType | None, tree: Path) -> Iterator[tuple[str, str]]:
    """The folders below the home folder that settings of the project name, without those in another of them."""
    found: dict[Path, str] = {}
    for name, value in vars(settings).items() if settings else ():
        path = Path(value) if name.isupper() and isinstance(value, (str, Path)) and value else Path()
        if path.is_relative_to(Path.home()) and not path.is_relative_to(tree):
            found.setdefault(path, name)
    for path in found:
        if found.keys().isdisjoint(path.parents):
            yield found[path], str(path)


def _mails(settings: Any) -> Iterator[tuple[str, str]]:
    """Where MAILERS is set (Django 6.1), the older settings raise AttributeError."""
    mailers: Mapping[str, Any] = getattr(settings, "MAILERS", None) or {}
    found = [("MAILERS", one.get("BACKEND"), one.get("OPTIONS", {}).get("file_path")) for one in mailers.values()]
    if not mailers:
        backend, folder = (getattr(settings, name, None) for name in ("EMAIL_BACKEND", "EMAIL_FILE_PATH"))
        found = [("EMAIL_FILE_PATH", backend, folder)]
    for setting, backend, folder in found:
        if folder and str(backend).endswith(".filebased.EmailBackend"):
            yield setting, os.fspath(folder)


def _sessions(settings: Any) -> Iterator[tuple[str, str]]:
    if f"{_SESSIONS}file" == settings.SESSION_ENGINE and settings.SESSION_FILE_PATH:
        yield "SESSION_FILE_PATH", os.fspath(settings.SESSION_FILE_PATH)


def _caches(settings: Any, tree: Path) -> Iterator[_Service]:
    for alias, cache in settings.CACHES.items():
        backend = str(cache.get("BACKEND", ""))
        if _SERVED.search(backend):
            options = cache.get("OPTIONS") or {}
            tolerant = options.get("IGNORE_EXCEPTIONS", getattr(settings, "DJANGO_REDIS_IGNORE_EXCEPTIONS", False))
            needed = _has_sessions(settings, alias, only_there=bool(tolerant)) or (
                not tolerant and (_has_pages(settings, alias) or (alias == "default" and pages_use_it(settings, tree)))
            )
            yield "CACHES", alias, backend, cache.get("LOCATION") or "localhost", needed


def _has_sessions(settings: Any, alias: str, *, only_there: bool) -> bool:
    """Whether sessions are in this cache."""
    engines = {f"{_SESSIONS}cache"} | (set() if only_there else {f"{_SESSIONS}cached_db"})
    named = settings.SESSION_ENGINE in engines and alias == settings.SESSION_CACHE_ALIAS
    return named and any(name.endswith(".SessionMiddleware") for name in settings.MIDDLEWARE)


def _has_pages(settings: Any, alias: str) -> bool:
    """Whether middleware stores whole pages in this cache."""
    return not _STORED.isdisjoint(settings.MIDDLEWARE) and alias == settings.CACHE_MIDDLEWARE_ALIAS


def _channels(settings: Any) -> Iterator[_Service]:
    for name, layer in (getattr(settings, "CHANNEL_LAYERS", None) or {}).items():
        backend = str(layer.get("BACKEND", "channels."))
        if not backend.startswith("channels."):
            config: Mapping[str, Any] = layer.get("CONFIG") or {}
            yield "CHANNEL_LAYERS", name, backend, config.get("hosts") or config.get("host") or "localhost", False


def _aside(settings: Any) -> Iterator[_Service]:
    for setting in _ASIDE:
        if value := getattr(settings, setting, None):
            yield setting, "", "", _without_a_broker(value) if setting == "Q_CLUSTER" else value, False


def _without_a_broker(cluster: Any) -> object:
    """The settings of Django Q, or the default address if they name no broker."""
    named = isinstance(cluster, Mapping) and not _BROKERS.isdisjoint(cluster)
    return cluster if named else _DJANGO_Q
