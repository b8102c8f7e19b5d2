"""Single questions to Git, each asked when its answer is needed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from ..effects.commands import last_line, run
from ..messages import errors
from ..model import Problem, Record

# The names of the empty content, by SHA-1 and SHA-256 (git hash-object --stdin).
_EMPTY = frozenset(
    {
        "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
        "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
    }
)


def not_executable(root: Path, paths: Sequence[str], record: Record) -> frozenset[str]:
    """Those of the tracked files that Git does not have as executable."""
    if not paths:
        return frozenset()
    ran = run(("git", "ls-files", "--stage", "-z", "--", *paths), cwd=root)
    record(ran, True)
    entries = (entry.partition("\t") for entry in ran.stdout.split("\0"))
    return frozenset(path for mode, _, path in entries if mode.startswith("100644"))


def tracks(root: Path, folder: str, record: Record) -> bool:
    """Whether it tracks a file in the folder besides those that only keep it in Git: .gitkeep, or an empty one."""
    ran = run(("git", "ls-files", "--stage", "-z", "--", f":(literal){folder}"), cwd=root)
    record(ran, False)
    entries = [entry.partition("\t") for entry in ran.stdout.split("\0") if entry]
    return any(
        head.split()[1] not in _EMPTY and not PurePosixPath(path).name.startswith((".git", ".keep"))
        for head, _, path in entries
    )


def serves_uploads(root: Path, record: Record) -> bool:
    """Whether the URLs serve MEDIA_ROOT in development, by Django's static(): it does nothing without DEBUG."""
    pattern = r"document_root ?= ?(settings\.)?MEDIA_ROOT"
    ran = run(("git", "grep", "--quiet", "-E", "-e", pattern, "--", ":(top)*.py"), cwd=root)
    record(ran, True)
    return ran.ok


def ignored_paths(root: Path, paths: Sequence[str], record: Record) -> frozenset[str]:
    """Those that Git ignores, and does not track."""
    if not paths:
        return frozenset()
    ran = run(("git", "-c", "core.quotePath=false", "check-ignore", "--", *paths), cwd=root)
    record(ran, True)
    return frozenset(ran.stdout.splitlines())


def branch(root: Path, record: Record) -> str | None:
    """The branch that is checked out; None for a detached HEAD."""
    ran = run(("git", "symbolic-ref", "--quiet", "--short", "HEAD"), cwd=root)
    record(ran, True)
    return ran.stdout.strip() if ran.ok else None


def contains(root: Path, commit: str, record: Record) -> bool | Problem:
    """Whether HEAD contains that commit; a commit that is unknown here is not contained."""
    for question in (("cat-file", "-e", commit), ("merge-base", "--is-ancestor", commit, "HEAD")):
        ran = run(("git", *question), cwd=root)
        record(ran, True)
        if ran.returncode == 1 and not ran.stderr.strip():  # Git's status for no
            return False
        if not ran.ok:
            return errors.git_failed(command=f"git {question[0]}", message=ran.stderr.strip())
    return True


def commits_since(root: Path, commit: str, record: Record) -> int | None:
    """How many commits HEAD has that `commit` does not; None if HEAD does not contain `commit`."""
    if contains(root, commit, record) is not True:
        return None
    ran = run(("git", "rev-list", "--count", f"{commit}..HEAD"), cwd=root)
    record(ran, True)
    return int(ran.stdout) if ran.ok else None


def identity_problems(root: Path, record: Record) -> list[Problem]:
    """Whether `git commit` would have an author."""
    ran = run(("git", "var", "GIT_COMMITTER_IDENT"), cwd=root)
    record(ran, True)
    return [] if ran.ok else [errors.no_git_identity(message=last_line(ran.stderr))]
