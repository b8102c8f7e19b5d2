"""The Node.js of this machine, which represents every version: front ends are built with it."""

from __future__ import annotations

import functools
import shutil
from pathlib import Path


@functools.cache
def prefix() -> Path | None:
    """The folder with `bin/node` and npm, None if there is none."""
    found = [shutil.which(name) for name in ("node", "npm", "npx")]
    return Path(found[0]).parent.parent if found[0] and all(found) else None


def obstacle() -> str:
    """Why no front end can be built here; empty if one can."""
    if prefix() is None:
        return "There is no Node.js on this machine (node, npm and npx)."
    # Containers see the system's own folders.
    return "" if prefix() == Path("/usr") else f"Node.js is in {prefix()}, where containers cannot see it."
