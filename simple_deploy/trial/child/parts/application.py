"""The application and the URLs."""

from __future__ import annotations

import importlib
import sys
from typing import Any

from . import urls


def attempt(order: dict[str, Any], found: dict[str, Any]) -> None:
    """Import the application as the server does, and the URLs, which the first request would import."""
    module, _, name = order["application"].partition(":")
    found_application = getattr(importlib.import_module(module), name.removesuffix("()") or "application")
    if name.endswith("()"):
        found_application = found_application()
    found["static_handler"] = _serves_static(found_application)
    urls.attempt(order, found)


def _serves_static(application: Any) -> bool:
    """Whether the application answers requests for static files with Django's handler for development.

    It looks for the names that the finders know, so it does not find hashed ones.
    """
    handlers = sys.modules.get("django.contrib.staticfiles.handlers")
    return handlers is not None and isinstance(application, handlers.StaticFilesHandlerMixin)
