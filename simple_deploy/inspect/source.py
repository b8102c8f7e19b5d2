"""The project's files without the settings blocks of earlier runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..production import settings_file
from ..text.text_file import content


def source(root: Path) -> Callable[[str], bytes | None]:
    """Path below the Git root → bytes; None if there is no such file."""

    def read(path: str) -> bytes | None:
        try:
            return settings_file.without_any(content(root / path))
        except (OSError, ValueError):
            return None

    return read
