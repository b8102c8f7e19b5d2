"""The settings and the apps."""

from __future__ import annotations

import functools
import importlib
import os
from pathlib import Path
from typing import Any

from ..file_values import watch
from ..named_in_source import opened_files
from ..no_database import refuse_connections

# The system checks that the apps have registered, without those of a deployment (`check --deploy`).
registered: set[Any] = set()


def attempt(order: dict[str, Any], found: dict[str, Any]) -> None:
    """Load the settings, as the application's script or manage.py does, and the apps."""
    _without_a_manifest(found)
    refuse_connections()
    watch(Path(order["tree"]), found["file_values"])
    with opened_files():
        _load(order)
    from django.conf import settings
    from django.core.checks.registry import registry

    registered.update(registry.registered_checks)
    found["debug"] = bool(settings.DEBUG)
    found["hsts"] = int(settings.SECURE_HSTS_SECONDS or 0)
    # A project may have a setting SETTINGS_MODULE of its own, which replaces Django's.
    found["settings"] = settings.SETTINGS_MODULE and os.environ["DJANGO_SETTINGS_MODULE"]


def _load(order: dict[str, Any]) -> None:
    if "application" in order["parts"]:
        # The script chooses the settings, unless the environment does.
        importlib.import_module(order["application"].partition(":")[0])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", order["module"])
    if order.get("configuration"):
        _load_classes(order["configuration"])
    import django

    django.setup()


def _load_classes(name: str) -> None:
    """Let Django load a class as settings, which the environment may choose too."""
    importer = importlib.import_module("configurations.importer")
    os.environ.setdefault("DJANGO_CONFIGURATION", name)
    importer.install()


def _without_a_manifest(found: dict[str, Any]) -> None:
    """Allow static files to have URLs although they have not been collected; note if that happens while apps load."""
    from django.apps import apps
    from django.contrib.staticfiles.storage import HashedFilesMixin, StaticFilesStorage
    from django.core.files.storage import FileSystemStorage

    def noting(original: Any) -> Any:
        @functools.wraps(original)
        def url(self: Any, name: str, *words: Any, **more: Any) -> str:
            # collectstatic also loads the apps, before it has written the manifest.
            found["static_while_loading"] = found["static_while_loading"] or not apps.ready
            own = isinstance(self, FileSystemStorage)
            return str(FileSystemStorage.url(self, name) if own else original(self, name, *words, **more))

        return url

    for kind in (HashedFilesMixin, StaticFilesStorage):
        setattr(kind, "url", noting(kind.url))  # noqa: B010 - mypy lets no method be replaced
