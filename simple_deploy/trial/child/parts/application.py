"""The application and the URLs."""

from __future__ import annotations

import importlib
from typing import Any


def attempt(order: dict[str, Any], found: dict[str, Any]) -> None:
    """Import the application as the server does, and the URLs."""
    module, _, name = order["application"].partition(":")
    found_application = getattr(importlib.import_module(module), name.removesuffix("()") or "application")
    if name.endswith("()"):
        found_application()
    from django.urls import get_resolver

    # The first request would import these.
    _ = get_resolver().url_patterns
