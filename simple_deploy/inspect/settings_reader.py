"""Which settings module production uses, and its values once Django has loaded it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

from ..masking.telling import secrets_in
from ..model import FILE_STORAGE, SMTP_BACKEND, Secret, Settings
from .application import application_script, asgi, wsgi
from .engines import named_engines
from .own_modules import own_sources
from .script_variables import default_settings_module
from .settings_classes import configuration

# What every wsgi.py calls, for a project that has none.
_NO_SCRIPT = "django.core.wsgi:get_wsgi_application()"
# What is only for the process that asked.
_SECRET = ("secrets", "committed")
# What the run finds out later.
_LATER = ("static", "passed_over", "otherwise")
_PLAIN_STATIC = "django.contrib.staticfiles.storage.StaticFilesStorage"


class OutsideRepository(ValueError):
    """The settings file is not below the Git root; the argument is its path."""


def read_loaded(module: str, manage_py: Path, root: Path) -> Settings:
    """The values of the settings that Django has loaded from `module`.

    Raises OutsideRepository, or any exception of the project's own settings.
    """
    from django import VERSION
    from django.conf import settings

    source = import_module(module)
    file = Path(source.__file__ or "").resolve()
    if not file.is_relative_to(root):
        raise OutsideRepository(str(file))
    folder, chosen = manage_py.parent, configuration(vars(source))
    anchor = folder if file.is_relative_to(folder) else root
    static_dirs = [str(d[1] if isinstance(d, (tuple, list)) else d) for d in settings.STATICFILES_DIRS]
    default = settings.DATABASES.get("default") or {}
    sources = own_sources(root)
    return Settings(
        module=module,
        selected=not chosen and _selected(module, manage_py),
        path=file.relative_to(root).as_posix(),
        depth=len(file.relative_to(anchor).parts),
        installed_apps=tuple(dict.fromkeys(_apps(settings.INSTALLED_APPS))),
        middleware=tuple(settings.MIDDLEWARE),
        # A host from a variable without a value is None, and Django passes over it.
        allowed_hosts=tuple(host for host in settings.ALLOWED_HOSTS if isinstance(host, str)),
        static_root=_usable_static_root(settings.STATIC_ROOT, static_dirs, root),
        static_root_is_text=bool(settings.STATIC_ROOT) and isinstance(settings.STATIC_ROOT, str),
        static_url=settings.STATIC_URL,
        staticfiles_dirs=tuple(Path(folder).as_posix() for folder in static_dirs),
        staticfiles_backend=_staticfiles_backend(settings),
        database_engine=(engine := str(default.get("ENGINE") or "")),
        database_vendor=_vendor(engine),
        named_engines=named_engines(sources),
        atomic_requests=bool(default.get("ATOMIC_REQUESTS")),
        site_by_host="django.contrib.sites" in settings.INSTALLED_APPS and not getattr(settings, "SITE_ID", None),
        rq_queues=tuple(getattr(settings, "RQ_QUEUES", None) or ()),
        prints_mail=_prints_mail(settings),
        needs_smtp=_needs_smtp(vars(source)),
        media_root=uploads(settings),
        media_url=str(settings.MEDIA_URL or ""),
        wsgi=wsgi() or (_NO_SCRIPT if _has_pages() and not asgi() else None),
        asgi=asgi(),
        configuration=chosen,
        django_version=(VERSION[0], VERSION[1]),
        sqlite_files=sqlite_files(root),
        log_files=log_files(root),
        file_caches=_has_file_caches(root),
        table_caches=any(_caches("DatabaseCache")),
        secrets=(secrets := tuple(secrets_in({name: value for name, value in vars(source).items() if name.isupper()}))),
        committed=_in_code(secrets, sources),
    )


def _apps(entries: Iterable[str]) -> Iterator[str]:
    """The entries, and the names of apps whose entry is a class: "site.apps.SiteAdmin" may stand for Django's admin."""
    from django.utils.module_loading import import_string

    for entry in entries:
        yield entry
        if entry.rpartition(".")[2][:1].isupper():
            with suppress(Exception):
                yield import_string(entry).name


def _needs_smtp(values: Mapping[str, Any]) -> bool:
    """Whether mail goes to an SMTP server for which the settings have no user. MAILERS came with Django 6.1."""
    smtp = str(values.get("EMAIL_BACKEND", SMTP_BACKEND)) == SMTP_BACKEND and not values.get("EMAIL_HOST_USER")
    return smtp and not values.get("MAILERS")


def _in_code(secrets: Sequence[Secret], sources: Iterable[bytes]) -> tuple[Secret, ...]:
    """Those whose value stands in the project's own code that is loaded, and does not only come from a variable."""
    texts = [source.decode("utf-8", "replace") for source in sources]
    return tuple(secret for secret in secrets if any(secret.reveal() in text for text in texts))


def _selected(module: str, manage_py: Path) -> bool:
    """Whether both scripts set this module; False if one computes it, does not set it, or does not exist."""
    scripts = (manage_py, application_script())
    return all(path is not None and default_settings_module(path) == module for path in scripts)


def sqlite_files(root: Path) -> tuple[str, ...]:
    """The SQLite databases of the loaded settings that are files below the Git root."""
    from django.conf import settings

    named = [database.get("NAME") for database in settings.DATABASES.values() if _is_sqlite(database)]
    paths = [Path(name).resolve() for name in named if name and not str(name).startswith((":", "file:"))]
    return tuple(sorted({path.relative_to(root).as_posix() for path in paths if path.is_relative_to(root)}))


def log_files(root: Path) -> tuple[str, ...]:
    """The files that the loaded settings log to, relative to the Git root if they are below it."""
    from django.conf import settings

    handlers = (getattr(settings, "LOGGING", None) or {}).get("handlers", {})
    named = [entry.get("filename") for entry in handlers.values() if isinstance(entry, Mapping)]
    paths = {Path(name).resolve() for name in named if isinstance(name, (str, Path))}
    return tuple(sorted((path.relative_to(root) if path.is_relative_to(root) else path).as_posix() for path in paths))


def _has_file_caches(root: Path) -> bool:
    named = _caches("FileBasedCache")
    return any(Path(cache.get("LOCATION") or ".").resolve().is_relative_to(root) for cache in named)


def _caches(backend: str) -> list[Mapping[str, Any]]:
    """The caches of a class of Django's."""
    from django.conf import settings

    return [cache for cache in settings.CACHES.values() if str(cache.get("BACKEND", "")).endswith(f".{backend}")]


def _is_sqlite(database: Mapping[str, Any]) -> bool:
    engine = str(database.get("ENGINE", ""))
    return engine.endswith(("sqlite3", "spatialite")) or _vendor(engine) == "sqlite"


def _vendor(engine: str) -> str:
    """The vendor of an engine that is not Django's own; "" if it cannot be imported here."""
    if not engine or engine.startswith("django."):
        return ""
    try:
        return str(import_module(f"{engine}.base").DatabaseWrapper.vendor)
    except Exception:  # whatever a package may raise
        return ""


def _has_pages() -> bool:
    """Whether Django can find a view. A package that only contains the settings modules has none."""
    from django.conf import settings

    return bool(getattr(settings, "ROOT_URLCONF", None))


def _usable_static_root(value: Any, static_dirs: list[str], root: Path) -> str | None:
    """STATIC_ROOT if a build can collect into it: an absolute path in the project, apart from the sources.

    A server started in another folder would resolve a relative path elsewhere, and Django refuses to collect into a
    folder in STATICFILES_DIRS.
    """
    if not value or not Path(value).is_absolute():
        return None
    path = Path(value).resolve()
    sources = [Path(folder).resolve() for folder in static_dirs]
    if not path.is_relative_to(root) or any(path.is_relative_to(source) for source in sources):
        return None
    return path.relative_to(root).as_posix()


def uploads(settings: Any) -> str:
    """The folder in which the default storage keeps uploads; "" if it is not a folder, or the settings name none."""
    from django.core.files.storage import FileSystemStorage
    from django.utils.module_loading import import_string

    stored: Mapping[str, Any] = getattr(settings, "STORAGES", {}).get("default") or {}
    backend = str(stored.get("BACKEND") or getattr(settings, "DEFAULT_FILE_STORAGE", FILE_STORAGE))
    try:
        has_folder = issubclass(import_string(backend), FileSystemStorage)
    except (ImportError, TypeError):
        has_folder = False
    folder = (stored.get("OPTIONS") or {}).get("location") or settings.MEDIA_ROOT
    return str(folder or "") if has_folder else ""


def _staticfiles_backend(settings: Any) -> str:
    storages: Mapping[str, Any] = getattr(settings, "STORAGES", {})
    configured = storages.get("staticfiles", {}).get("BACKEND")
    return str(configured or getattr(settings, "STATICFILES_STORAGE", _PLAIN_STATIC))


def _prints_mail(settings: Any) -> bool:
    try:
        from django.core.checks.mail import NON_PRODUCTION_EMAIL_BACKENDS
    except ImportError:  # before Django 6.1
        return False
    return getattr(settings, "MAILERS", {}).get("default", {}).get("BACKEND") in NON_PRODUCTION_EMAIL_BACKENDS


def to_json(settings: Settings) -> str:
    """Settings as JSON text, including secrets: only for the process that asked, never for a log."""
    hidden = {name: [secret.reveal() for secret in getattr(settings, name)] for name in _SECRET}
    read = {name: value for name, value in asdict(settings).items() if name not in _LATER}
    return json.dumps({**read, **hidden})


def from_json(text: str) -> Settings:
    """Settings from the text that `to_json` made."""
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in json.loads(text).items()}
    return Settings(**{**values, **{name: tuple(map(Secret, values[name])) for name in _SECRET}})
