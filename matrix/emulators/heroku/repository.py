"""The Git repository of an app: bare, with a hook that builds what is pushed."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

_SOURCES = Path(__file__).resolve().parents[3]


def folder(root: Path, app: str) -> Path:
    """Where the repository is."""
    return root / "heroku" / "git" / f"{app}.git"


def create(root: Path, app: str) -> None:
    """An empty repository."""
    path = folder(root, app)
    subprocess.run(
        ["git", "init", "--quiet", "--bare", "--initial-branch=main", "--template=", str(path)],
        check=True,
        capture_output=True,
    )
    hook = path / "hooks" / "pre-receive"
    hook.parent.mkdir()
    hook.write_text(_hook(root, app), encoding="utf-8", newline="\n")
    hook.chmod(0o755)


def remove(root: Path, app: str) -> None:
    """Forget the repository and all that was pushed."""
    shutil.rmtree(folder(root, app), ignore_errors=True)


def _hook(root: Path, app: str) -> str:
    """Git starts hooks through the shell that it brings along on every system."""
    program = (
        "import sys; from pathlib import Path; "
        f"sys.path.insert(0, {str(_SOURCES)!r}); sys.stdin.reconfigure(encoding='utf-8'); "
        "from matrix.emulators.heroku.receive import main; "
        f"sys.exit(main(Path({str(root)!r}), {app!r}, sys.stdin.read()))"
    )
    return f"#!/bin/sh\nexec {shlex.join([sys.executable, '-I', '-c', program])}\n"
