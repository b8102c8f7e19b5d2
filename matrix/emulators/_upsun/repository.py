"""The Git repository of a project: bare, with hooks that check, build and deploy what is pushed."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

from matrix.emulators._upsun.model import Project
from matrix.emulators._upsun.state import State

_SOURCES = Path(__file__).resolve().parents[3]
HOOKS = ("pre-receive", "post-receive")


def create(state: State, project: Project) -> None:
    """An empty repository."""
    path = state.repository(project["id"])
    branch = project["environment"]["name"]
    subprocess.run(
        ["git", "init", "--quiet", "--bare", f"--initial-branch={branch}", "--template=", str(path)],
        check=True,
        capture_output=True,
    )
    (path / "hooks").mkdir()
    for name in HOOKS:
        hook = path / "hooks" / name
        hook.write_text(_hook(state, project["id"], name), encoding="utf-8", newline="\n")
        hook.chmod(0o755)


def _hook(state: State, project_id: str, name: str) -> str:
    program = (
        "import sys; from pathlib import Path; "
        f"sys.path.insert(0, {str(_SOURCES)!r}); sys.stdin.reconfigure(encoding='utf-8'); "
        "from matrix.emulators._upsun.receive import main; "
        f"sys.exit(main(Path({str(state.root)!r}), {state.flavour.name!r}, {project_id!r}, {name!r}, sys.stdin.read()))"
    )
    return f"#!/bin/sh\nexec {shlex.join([sys.executable, '-I', '-c', program])}\n"
