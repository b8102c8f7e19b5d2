"""A module of ours in another Python process, whose environment may lack this package."""

from __future__ import annotations

import sys
from pathlib import Path

# Options that need no project.
INFORMING = frozenset({"-h", "--help", "--version"})
_START = "import runpy, sys; sys.path.extend({folders!r}); runpy.run_module({module!r}, run_name='__main__')"


def own_module(module: str) -> tuple[str, str]:
    """The options with which an interpreter runs the module; packages of its own environment come first."""
    own = str(Path(__file__).resolve().parents[2])
    folders = list(dict.fromkeys([own, *(path for path in sys.path if path.endswith("site-packages"))]))
    return "-c", _START.format(folders=folders, module=module)
