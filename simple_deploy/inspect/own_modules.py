"""The project's own modules, as far as they are loaded."""

from __future__ import annotations

import sys
from pathlib import Path


def own_sources(root: Path) -> tuple[bytes, ...]:
    """Their sources. A loaded module may have no file any more."""
    named = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
    paths = (Path(name) for name in named if name and name.endswith(".py"))
    own = (path for path in paths if path.is_relative_to(root) and "site-packages" not in path.parts)
    return tuple(path.read_bytes() for path in own if path.is_file())
