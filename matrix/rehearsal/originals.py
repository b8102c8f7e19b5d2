"""The files of a project to rehearse. The project is only read: not even its Git index is refreshed."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

# What Python and Django generate next to the code, and what does not belong in a repository.
NOT_COMMITTED = ("__pycache__/", "*.py[cod]", "*.sqlite3", ".env")
NOT_COPIED = {".git", ".hg", ".svn", ".nox", ".tox", "__pycache__", "node_modules"}


def tracked_files(project: Path) -> list[Path] | None:
    """What Git tracks, and what it would track except `NOT_COMMITTED`; None if this is not the root of a repository.

    Writes nothing.
    """
    top = _git(project, "rev-parse", "--show-toplevel")
    if top is None or Path(top.strip()).resolve() != project.resolve():
        return None
    left_out = [f"--exclude={pattern}" for pattern in NOT_COMMITTED]
    listed = _git(project, "ls-files", "-z", "--cached", "--others", "--exclude-standard", *left_out) or ""
    paths = (Path(name) for name in listed.split("\0") if name)
    return [path for path in paths if (project / path).is_symlink() or (project / path).is_file()]


def every_file(project: Path, below: Path = Path()) -> Iterator[Path]:
    """Every file, except what does not belong in a repository: environments, caches, other version control."""
    for path in sorted((project / below).iterdir()):
        if path.name in NOT_COPIED or (path / "pyvenv.cfg").exists():
            continue
        if path.is_dir() and not path.is_symlink():
            yield from every_file(project, path.relative_to(project))
        else:
            yield path.relative_to(project)


def has_changes(project: Path) -> bool:
    """Whether something in the repository is not committed, apart from what Git ignores."""
    return bool(_git(project, "status", "--porcelain"))


def last_tag(project: Path) -> str:
    """The newest tag of the commit that is checked out, or of one before it; "" without any."""
    return (_git(project, "describe", "--tags", "--abbrev=0") or "").strip()


def _git(folder: Path, *arguments: str) -> str | None:
    argv = ["git", "--no-optional-locks", *arguments]
    try:
        completed = subprocess.run(argv, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    except OSError:
        return None
    return completed.stdout if completed.returncode == 0 else None
