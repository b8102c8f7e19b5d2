"""The command `heroku` in a sandbox with the real CLI: passes it Heroku's address, and records the call."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from ..emulators.heroku.git_remotes import GIT_HOST
from ..emulators.heroku.state import State


def main(root: Path, argv: list[str]) -> int:
    """Run the real CLI; its exit status."""
    described = json.loads((root / "real_cli.json").read_text(encoding="utf-8"))
    ended = subprocess.run(
        [*described["argv"], *argv], env={**os.environ, **_environment(described["api"])}, check=False
    )
    State(root).record_call(argv, ended.returncode)
    return ended.returncode


def _environment(api: str) -> dict[str, str]:
    """Prevent traffic from leaving this machine, and background processes (the CLI's update, telemetry)."""
    return {
        "HEROKU_HOST": api,
        "HEROKU_PARTICLEBOARD_URL": api,
        "HEROKU_GIT_HOST": GIT_HOST,
        "HEROKU_DATA_HOST": api.removeprefix("http://"),
        "HEROKU_DISABLE_AUTOUPDATE": "1",
        "HEROKU_SKIP_NEW_VERSION_CHECK": "1",
        "DISABLE_TELEMETRY": "true",
    }
