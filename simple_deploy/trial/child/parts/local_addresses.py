"""Settings with an address of the developer's computer, such as that of the site in links, or of a service."""

from __future__ import annotations

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
)


def attempt(order: dict[str, Any], found: dict[str, Any]) -> None:
    """Note each of them with its setting, address and place, without what "services" has noted."""
    from django.conf import settings

    known = {one["address"] for one in found["services"]}
    for name in dir(settings):
        if not name.isupper() or not settings.is_overridden(name):
            continue
        value = getattr(settings, name)
        if not isinstance(value, str) or not _LOCAL.fullmatch(value) or value in os.environ.values():
            # The value of a variable is the choice of the user, or a placeholder.
            continue
        for address in addresses(value):
            if address.text not in known:
                place = setting_place(Path(order["tree"]), found["settings"], name, address.text, address.host)
                found["local_addresses"].append({"setting": name, "address": address.text, "place": place})
