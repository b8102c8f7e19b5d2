"""Settings with an address of the developer's computer, or a made-up one: of the site in links, or of a service."""

from __future__ import annotations

import linecache
import os
import re
from pathlib import Path
from typing import Any

from ..setting_place import setting_place
from .addresses import addresses

# Without a scheme, the port is that of a server for development: runserver, or one of a front end.
_LOCAL = re.compile(
    r"[a-z][a-z0-9+.-]*://(?:[^/@]*@)?(?:localhost|127\.0\.0\.1|0\.0\.0\.0)(?![\w.]).*"
    r"|(?:localhost|127\.0\.0\.1):(?:8000|8080|3000|5173)/?"
    # What Wagtail's template has for its own.
    r"|https?://(?:www\.)?example\.(?:com|org|net)/?"
)
# The values of variables before the settings are loaded, which may read a file that Git has; those in a list each. The
# code may replace the scheme, as SQLAlchemy's needs it, and a library may add a slash.
_GIVEN = frozenset(
    one.rpartition("://")[2].rstrip("/") for value in os.environ.values() for one in re.split(r"[,;\s]+", value)
)
# Where the settings block adds the site's own address.
_COMPLETED = frozenset({"CSRF_TRUSTED_ORIGINS"})


def attempt(order: dict[str, Any], found: dict[str, Any]) -> None:
    """Note each of them with its setting, address and place, without what "services" has noted."""
    from django.conf import settings

    known = {one["address"] for one in found["services"]}
    for name in dir(settings):
        if not name.isupper() or not settings.is_overridden(name) or name in _COMPLETED:
            continue
        value = getattr(settings, name)
        for address in addresses(value) if _is_local(value) else ():
            if address.text not in known:
                tree = Path(order["tree"])
                place = setting_place(tree, found["settings"], name, address.text)
                also = _names(tree, place) - {name}
                found["local_addresses"].append(
                    {"setting": name, "address": address.text, "place": place, "names": sorted(also)}
                )


def _names(tree: Path, place: str) -> set[str]:
    """The names of settings and variables in a line: the address may be made of one."""
    path, _, line = place.rpartition(":")
    return {*re.findall(r"\b[A-Z][A-Z0-9_]+\b", linecache.getline(str(tree / path), int(line)))} if path else set()


def _is_local(value: object) -> bool:
    """Whether it is such an address, or a list of nothing else."""
    texts = list(value) if isinstance(value, (list, tuple, set)) else [value]
    return bool(texts) and all(
        isinstance(text, str) and _LOCAL.fullmatch(text) and not _is_chosen(text) for text in texts
    )


def _is_chosen(text: str) -> bool:
    """Whether a variable has this value, in a list or alone: it is the choice of the user, or a placeholder."""
    return text.rpartition("://")[2].rstrip("/") in _GIVEN
