"""The origin of a result: commit, system and time."""

import functools
import platform
import subprocess
import zipfile
from datetime import datetime, timezone
from pathlib import Path

HARNESS = Path(__file__).resolve().parents[1]
REPOSITORY = HARNESS.parent  # in a clone; else the folder of installed packages
IN_A_CLONE = (REPOSITORY / "noxfile.py").is_file()
# The record is not a source: it may be changed while cells run.
SOURCES = ("simple_deploy", "matrix", "plugins", "sample_projects", "pyproject.toml", ":(exclude)matrix/results")


def commit(repository: Path = REPOSITORY) -> str:
    """The commit checked out, with a `+` if a tracked file differs from it; `unknown` outside Git."""
    head = _git(repository, "rev-parse", "--short=12", "HEAD")
    changed = _git(repository, "status", "--porcelain", "--untracked-files=no", "--", *SOURCES)
    return f"{head}{'+' if changed else ''}" if head else "unknown"


def unpack(since: str, folder: Path, repository: Path = REPOSITORY) -> None:
    """Write the sources of a revision into a folder. Raises ValueError if it is unknown, or if there is no Git."""
    if not git_version():
        raise ValueError("Git cannot be started, and --changed-since needs it.")
    if not _git(repository, "rev-parse", "--verify", "--quiet", f"{since}^{{commit}}"):
        raise ValueError(f"Git knows no commit {since}. In a shallow clone, fetch it first: git fetch origin {since}")
    archive = folder / "sources.zip"
    _git(repository, "archive", "--format=zip", f"--output={archive}", since)
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder, [name for name in packed.namelist() if name.split("/")[0] in SOURCES])


def _git(repository: Path, *arguments: str) -> str:
    try:
        completed = subprocess.run(
            ["git", *arguments],
            cwd=repository,
            capture_output=True,
            encoding="utf-8",
            timeout=30,
            check=False,
        )
    except OSError:
        return ""
    return completed.stdout.strip() if completed.returncode == 0 else ""


@functools.cache
def git_version() -> str:
    """The version of Git; empty where there is none."""
    return (_git(REPOSITORY, "--version").split() or ["", "", ""])[2]


def system() -> str:
    """The operating system by its name in the tables: Linux, macOS or Windows."""
    return {"Darwin": "macOS"}.get(platform.system(), platform.system())


def now() -> str:
    """The time in UTC, to the second: `2026-11-22T10:33:24Z`."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
