"""What a web server starts: the WSGI or ASGI application of the loaded settings."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import suppress
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path

from ..source_code.mounted import mounting

_CHANNELS = frozenset({"channels", "daphne"})


def application_script() -> Path | None:
    """The file that a web server starts, according to the loaded settings."""
    application = asgi() or wsgi()
    spec = located(application.partition(":")[0]) if application else None
    return Path(spec.origin) if spec and spec.origin else None


def located(module: str) -> ModuleSpec | None:
    """Where the module is; None without one. Looking for it imports its parent packages, which may raise anything."""
    try:
        return find_spec(module)
    except Exception:
        return None


def wsgi() -> str | None:
    """What a WSGI server starts: WSGI_APPLICATION, else a wsgi.py next to the URL configuration."""
    from django.conf import settings

    return _started(settings.WSGI_APPLICATION, "wsgi")


def asgi() -> str | None:
    """What an ASGI server starts, for a site that uses Channels, is a part of another application, or has no WSGI
    application.
    """
    from django.conf import settings

    named = getattr(settings, "ASGI_APPLICATION", None)
    if other := _mounted(str(named or "")):
        return other
    if wsgi() and not _CHANNELS & {app.partition(".")[0] for app in settings.INSTALLED_APPS}:
        return None
    return _of_channels_2() or _started(named, "asgi")


def _mounted(named: str) -> str | None:
    """The application of another framework with Django as one of its parts: `FastAPI().mount("/", django)`."""
    for module, script in _scripts(named.rpartition(".")[0]):
        # What is no Python fails where the script is imported.
        with suppress(OSError, SyntaxError, ValueError):
            if name := mounting(ast.parse(script.read_bytes())):
                return _told(module, name)
    return None


def _of_channels_2() -> str | None:
    """The script of Channels 2, where ASGI_APPLICATION only names the routing (Channels 2 docs, "Deploying")."""
    scripts = (module for module, script in _scripts() if b"get_default_application" in script.read_bytes())
    return next(scripts, None)


def _scripts(*named: str) -> Iterator[tuple[str, Path]]:
    """The module of an ASGI script, and its file, where it usually is."""
    for module in filter(None, dict.fromkeys((*named, _beside_the_urls("asgi"), "asgi"))):
        spec = located(module)
        if spec and spec.origin:
            yield module, Path(spec.origin)


def _told(module: str, name: str) -> str:
    return module if name == "application" else f"{module}:{name}"


def _started(named: str | None, script: str) -> str | None:
    """What the settings name, else the script next to the URL configuration."""
    if named:
        module, _, name = named.rpartition(".")
        return _told(module, name)
    candidate = _beside_the_urls(script)
    return candidate if candidate and located(candidate) else None


def _beside_the_urls(script: str) -> str:
    """The module of that name in the package of the URL configuration; "" if that is in no package."""
    from django.conf import settings

    package = str(getattr(settings, "ROOT_URLCONF", "") or "").rpartition(".")[0]
    return f"{package}.{script}" if package else ""
