"""The application and the URLs."""

from __future__ import annotations

import gc
import importlib
import sys
from typing import Any

from . import urls


def attempt(order: dict[str, Any], found: dict[str, Any]) -> None:
    """Import the application as the server does, and the URLs, which the first request would import."""
    module, _, name = order["application"].partition(":")
    application = getattr(importlib.import_module(module), name.removesuffix("()") or "application")
    if name.endswith("()"):
        application = application()
    found["static_handler"] = _serves_static()
    urls.attempt(order, found)


def _serves_static() -> bool:
    """Whether requests for static files reach Django's handler for development, which may be inside a router.

    It looks for the names that the finders know, so it does not find hashed ones.
    """
    handlers = sys.modules.get("django.contrib.staticfiles.handlers")
    # isinstance would load lazy objects.
    return handlers is not None and any(
        issubclass(type(one), handlers.StaticFilesHandlerMixin) for one in gc.get_objects()
    )
