"""The Procfile: which commands an app has."""

from __future__ import annotations

import re
from pathlib import Path


def read(app: Path) -> dict[str, str]:
    """Process types and their commands, sorted as Heroku shows them; empty without a Procfile."""
    path = app / "Procfile"
    if not path.is_file():
        return {}
    text = path.read_bytes().decode("utf-8", "replace")
    found = re.findall(r"^([A-Za-z0-9_-]+):[ \t]*(.+?)\s*$", text, re.MULTILINE)
    return dict(sorted(found))
