"""Settings with a web address of the developer's computer, such as that of the site itself in links."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ..setting_place import setting_place

# Without a scheme, the port is that of a server for development: runserver, or one of a front end.
_LOCAL = re.compile(
    r"https?://(localhost|127\.0\.0\.1|0\.0\.0\.0)(?![\w.]).*|(localhost|127\.0\.0\.1):(8000|8080|3000|5173)/?"
)


def attempt(order: dict[str, Any], found: dict[str, Any]) -> None:
    """Note each of them with its value and place, without what "services" has noted."""
    from django.conf import settings

    known = {one["address"] for one in found["services"]}
    for name in dir(settings):
        if not name.isupper() or not settings.is_overridden(name):
            continue
        value = getattr(settings, name)
        if isinstance(value, str) and _LOCAL.fullmatch(value) and value not in known:
            place = setting_place(Path(order["tree"]), found["settings"], name, value)
            found["local_addresses"].append(f"{name} is {value} ({place})")
