"""Who gets the uploads, according to the project's own URLs and middleware."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from ..empty_database import answer_nothing
from ..out_of_reach import within
from ..visit import answer_at, view_of
from .home_page import host_of

_SECONDS = 5
# No upload has this name.
_NAME = "simple_deploy/nothing.txt"


def attempt(order: dict[str, Any], found: dict[str, Any]) -> None:
    """Note that production's URLs serve them to everybody ("served"), that a view decides ("checked"), or that a
    middleware refuses a visitor without a login, and only development serves them ("guarded").
    """
    from django.conf import settings

    prefix = str(settings.MEDIA_URL or "")
    if not settings.MEDIA_ROOT or not prefix.startswith("/") or prefix == "/":
        return
    view = _view(f"{prefix}{_NAME}")
    if view is None:
        _serve(prefix, settings.MEDIA_ROOT)
    elif not _is_of_django(view):
        found["uploads"] = "checked"
        return
    answer_nothing()
    refused: list[bool] = []
    within(order["tree"], _SECONDS, lambda: refused.append(_refuses(f"{prefix}{_NAME}", host_of(order))))
    found["uploads"] = ("checked" if view else "guarded") if any(refused) else "served" if view else ""


def _view(path: str) -> Any:
    """The view for this path, unless it is one for every path."""
    view = view_of(path)
    return None if view_of(f"/simple_deploy{path}") is view else view


def _is_of_django(view: Any) -> bool:
    from django.views.static import serve

    return bool(view is serve)


def _serve(prefix: str, folder: Any) -> None:
    """Serve them as the URLs do in development."""
    from django.urls import get_resolver, re_path
    from django.views.static import serve

    pattern = rf"^{re.escape(prefix.lstrip('/'))}(?P<path>.*)$"
    get_resolver().url_patterns.insert(0, re_path(pattern, serve, {"document_root": folder}))


def _refuses(path: str, host: str) -> bool:
    """Whether a visitor is sent elsewhere on this site, such as to a login, or gets no permission."""
    response = answer_at(path, host)
    target = urlsplit(response.get("Location", ""))
    # A redirect to another host, or to the same path with a slash or a language, is no refusal.
    elsewhere = bool(target.path) and target.hostname in (None, host) and path not in f"{target.path}/"
    return response.status_code in (401, 403) or elsewhere
