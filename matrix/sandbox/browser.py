"""The browser of a sandbox's shell: it prints the local address of a site."""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import urlsplit

from .control import Control


def main(root: Path, argv: list[str]) -> int:
    """Print the local address for each URL."""
    for address in argv:
        local = Control.connect(root).front_door(urlsplit(address).hostname or "")
        if local:
            sys.stdout.write(f"In your browser: {local}  (on the platform: {address})\n")
        elif address.startswith("file:"):
            sys.stdout.write(f"In your browser: {address}\n")
        else:
            sys.stdout.write(f"No process of this sandbox serves {address}\n")
    sys.stdout.flush()
    return 0
