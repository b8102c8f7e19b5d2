"""A shell in a sandbox, for a person: its environment, the platform's CLI on PATH, and no variables from the host."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .machine import Sandbox

_FILE = "shell.json"


def install(box: Sandbox, *, folder: Path, python: Path | None = None) -> Path:
    """Create a command in `folder` that opens a shell of this sandbox from any terminal, and return its path.

    `python` is the project's, whose environment is active in the shell.
    """
    browser = box.install_command("browser", f"{__package__}.browser", folder=box.root)
    env = {**box.env, "BROWSER": str(browser), "SHELL": program(os.environ)}
    if python:
        env |= {"PATH": f"{python.parent}{os.pathsep}{env['PATH']}", "VIRTUAL_ENV": str(python.parent.parent)}
    file = box.root / _FILE
    file.touch(mode=0o600)
    file.write_text(json.dumps({"folder": str(folder), "env": env}), encoding="utf-8")
    return box.install_command("shell", __name__, folder=box.root)


def program(environ: Mapping[str, str]) -> str:
    """The user's own shell."""
    if sys.platform == "win32":
        return environ.get("COMSPEC") or "cmd.exe"
    return environ.get("SHELL") or "sh"


def main(root: Path, argv: list[str]) -> int:
    """Run the shell until it exits, and return its status. Ctrl-C goes to the shell."""
    settings = json.loads((root / _FILE).read_text(encoding="utf-8"))
    child = subprocess.Popen([settings["env"]["SHELL"], *argv], cwd=settings["folder"], env=settings["env"])
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue
