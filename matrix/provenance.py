"""What a result must say about where it comes from: commit, system, time, and a hash of every source."""

import hashlib
import platform
import subprocess
from datetime import datetime, timezone
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
SOURCES = ("simple_deploy", "matrix", "sample_projects", "pyproject.toml")
IGNORED = {"__pycache__", "results"}


def fingerprint(repository: Path = REPOSITORY, *, python: str) -> str:
    """Hash everything a result depends on: product, harness, sample project, Python and operating system."""
    digest = hashlib.sha256(f"{python}\0{system()}\0".encode())
    for source in SOURCES:
        for path in _files(repository / source):
            content = path.read_bytes()
            digest.update(f"{path.relative_to(repository).as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _files(source: Path) -> list[Path]:
    if source.is_file():
        return [source]
    found = (path for path in source.rglob("*") if path.is_file())
    return sorted(path for path in found if not IGNORED & set(path.relative_to(source).parts))


def commit(repository: Path = REPOSITORY) -> str:
    """The commit checked out, with a `+` where a tracked file differs from it; `unknown` outside Git."""
    head = _git(repository, "rev-parse", "--short=12", "HEAD")
    changed = _git(repository, "status", "--porcelain", "--untracked-files=no", "--", *SOURCES)
    return f"{head}{'+' if changed else ''}" if head else "unknown"


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


def system() -> str:
    """The operating system by the name the tables use: Linux, macOS or Windows."""
    return {"Darwin": "macOS"}.get(platform.system(), platform.system())


def now() -> str:
    """The time in UTC, to the second: `2026-11-22T10:33:24Z`."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
