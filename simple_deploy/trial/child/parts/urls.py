"""The URLs, and with them views and forms: what `migrate` loads besides the apps."""

from __future__ import annotations

from typing import Any


def attempt(order: dict[str, Any], found: dict[str, Any]) -> None:
    """Import the URLs, as a system check does."""
    load()


def load() -> None:
    """Import the URLs."""
    from django.urls import get_resolver

    _ = get_resolver().url_patterns
