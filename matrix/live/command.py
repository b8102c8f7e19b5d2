"""A platform's command in the sandbox of a live run: the user's own program, with the user's own environment."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from ..emulators._kit.store import Store

# The user's environment as JSON. It is passed on in memory only: it may contain tokens.
ENVIRONMENT = "SIMPLE_DEPLOY_LIVE_ENVIRONMENT"
FOLDER = "live"


def main(root: Path, argv: list[str], name: str) -> int:
    """Run the program, record the call, and return its exit status."""
    env = json.loads(os.environ[ENVIRONMENT])
    program = shutil.which(name, path=env["PATH"])
    if program is None:
        sys.stderr.write(f"{name} is not on your PATH.\n")
        return 127
    ended = subprocess.run([program, *argv], env=env, check=False)
    Store[Any](root, FOLDER).record_call(argv, ended.returncode)
    return ended.returncode
