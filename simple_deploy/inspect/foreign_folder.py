"""Whether the folder of ours in the project came with the repository."""

from __future__ import annotations

from pathlib import Path

from ..effects.commands import run
from ..effects.own_folder import FOLDER, in_git, linked, named
from ..messages import errors, stops
from ..model import Problem


def brought(root: Path) -> Problem | None:
    """Whether something with the name of our folder came with the repository: not a folder, a link, or tracked by Git.

    Raises Refused if Git cannot answer.
    """
    found = _brought(root)
    if found is None:
        return None
    path, what = found
    return errors.own_folder_foreign(path=path, what=what, instead=named(root, in_git(root)))


def _brought(root: Path) -> tuple[str, str] | None:
    """What came with the repository, and the evidence."""
    folder = root / FOLDER
    if linked(folder):
        return FOLDER, "is a link"
    if not folder.exists():
        return None
    if not folder.is_dir():
        return FOLDER, "is not a folder"
    links = sorted(path.name for path in folder.iterdir() if linked(path))
    if links:
        return f"{FOLDER}/{ascii(links[0])[1:-1]}", "is a link"
    # On some systems, names that differ only in case are the same folder.
    ran = run(("git", "ls-files", "-z", "--", f":(top,icase){FOLDER}"), cwd=root)
    if not ran.ok:
        failed = errors.git_failed(command="git ls-files", message=ran.stderr.strip())
        raise stops.Refused([errors.git_missing() if ran.returncode == 127 else failed])
    tracked = ran.stdout.split("\0")[0]
    return (ascii(tracked)[1:-1], "is tracked by Git") if tracked else None
