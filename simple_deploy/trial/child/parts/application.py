"""The application and the URLs."""

from __future__ import annotations

import importlib
from typing import Any

from . import urls


def attempt(order: dict[str, Any], found: dict[str, Any]) -> None:
    """Import the application as the server does, and the URLs, which the first request would import."""
    module, _, name = order["application"].partition(":")
    found_application = getattr(importlib.import_module(module), name.removesuffix("()") or "application")
    if name.endswith("()"):
        found_application()
    urls.attempt(order, found)
