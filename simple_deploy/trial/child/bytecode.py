"""The bytecode of fetched packages: without it, each trial would compile the same modules again."""

from __future__ import annotations

import os
import sys
from importlib.util import cache_from_source
from pathlib import Path


def keep(folder: str) -> None:
    """Write that of the loaded modules below the folder which have none yet. May raise anything."""
    files = [str(getattr(module, "__file__", None)) for module in list(sys.modules.values())]
    own = [file for file in files if file.startswith(folder + os.sep) and file.endswith(".py")]
    lacking = [file for file in own if not Path(cache_from_source(file)).exists()]
    if lacking:
        from py_compile import compile as compiled

        for file in lacking:
            compiled(file, doraise=True)
