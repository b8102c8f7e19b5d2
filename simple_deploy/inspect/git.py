"""Git → the state of the repository. All questions are asked at once, while other parts are inspected."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ..effects.commands import Running, last_line, run, running
from ..effects.own_folder import FOLDER, in_git, linked, named
from ..messages import errors, stops
from ..model import Git, GitEntry, Problem, Ran, Record
from ..text.shell import shown

# How many folders up the root is: a folder name may contain anything, including a newline.
_ROOT = ("git", "rev-parse", "--show-cdup", "--is-shallow-repository")
_STATUS = ("git", "status", "--porcelain=v2", "--branch", "-z", "--untracked-files=all")
# The configured addresses, not those of `git remote -v`, which applies url.<x>.insteadOf.
_REMOTES = ("git", "config", "--get-regexp", r"^remote\..*\.url$")
_FIRST = ("git", "rev-list", "--max-parents=0", "HEAD")
# Files in the repository, by name; `:(top)`: not only below the current folder.
_TRACKED = (
    *("git", "ls-files", "-z", "--full-name", "--", ":(top)*.sqlite3", ":(top)*.env*", ":(top)*pyvenv.cfg"),
    *(":(top)*.po", ":(top)*.mo"),
)
# Where Django looks for translations (Django docs, "Translation": message files).
_MESSAGES = re.compile(r"(?:^|/)LC_MESSAGES/django(?:js)?\.po$")
_SECRETS = re.compile(r"(?:^|/)\.env(?![^/]*\.(?:example|sample|template|dist|test))(?:\.[^/]*)?$")
_ENVIRONMENT = "pyvenv.cfg"
# What Python writes next to the modules that it imports; importing the settings in this run does so, too.
_BYTECODE = re.compile(r"(?:^|/)__pycache__/|\.py[co]$")
# SQLite's own files next to a database (sqlite.org, "Temporary Files Used By SQLite").
_SQLITE = ("", "-journal", "-wal", "-shm")
# The files that Git leaves in its folder during an operation, and the command that aborts it.
_UNFINISHED = {
    "MERGE_HEAD": ("merge", "git merge --abort"),
    "rebase-merge": ("rebase", "git rebase --abort"),
    "rebase-apply/applying": ("git am", "git am --abort"),
    "rebase-apply": ("rebase", "git rebase --abort"),
    "CHERRY_PICK_HEAD": ("cherry-pick", "git cherry-pick --abort"),
    "REVERT_HEAD": ("revert", "git revert --abort"),
    "sequencer": ("cherry-pick or revert", "git cherry-pick --abort"),
    "BISECT_LOG": ("bisect", "git bisect reset"),
}
_STATES = {"A": "added", "D": "deleted", "R": "renamed", "C": "renamed"}


def root_above(folder: Path) -> Path | None:
    """The nearest folder that Git tracks, found without running Git; `.git` is a file in a linked worktree."""
    return next((root for root in (folder, *folder.parents) if (root / ".git").exists()), None)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Repository:
    """Where a repository is: its working tree, and Git's own folder, objects and index."""

    root: Path
    folder: Path
    objects: Path
    index: Path

    @classmethod
    def at(cls, root: Path) -> Repository:
        """The repository with that working tree; in a linked one and in a submodule, a file points to Git's folder.

        gitrepository-layout(5), "gitfile" and "commondir".
        """
        folder = root / ".git"
        if folder.is_file():
            named = folder.read_text(encoding="utf-8").removeprefix("gitdir:").strip(" \r\n")
            folder = (root / named).resolve()
        pointer = folder / "commondir"
        shared = (folder / pointer.read_text(encoding="utf-8").rstrip("\r\n")).resolve() if pointer.exists() else folder
        return cls(root=root, folder=folder, objects=shared / "objects", index=folder / "index")

    def unfinished(self) -> list[Problem]:
        """The merge, rebase or similar that is in progress."""
        found = (words for name, words in _UNFINISHED.items() if (self.folder / name).exists())
        return [errors.unfinished(operation=operation, finish=finish) for operation, finish in list(found)[:1]]


class Asked:
    """Questions that Git is answering in the background."""

    def __init__(self, answers: Mapping[tuple[str, ...], Running], record: Record) -> None:
        self._answers = answers
        self._record = record

    def _answer(self, question: tuple[str, ...]) -> Ran:
        ran = self._answers[question].ended(60)
        self._record(ran, True)
        return ran

    def repository(self, folder: Path) -> tuple[Repository | None, list[Problem]]:
        """The repository around `folder`, or the problem with finding it."""
        ran = self._answer(_ROOT)
        lines = ran.stdout.splitlines()
        if ran.ok and len(lines) == 2:
            return Repository.at((folder.resolve() / lines[0].strip()).resolve()), []
        if ran.returncode == 127:
            return None, [errors.git_missing()]
        # Git's message is in the user's language.
        if root_above(folder) is None:
            return None, [errors.no_repository(folder=str(folder))]
        # Where core.bare is set, Git answers the second question only.
        return None, [
            errors.git_failed(
                command=" ".join(_ROOT), message=ran.stderr.strip() or "Git found no working tree (core.bare is set)."
            )
        ]

    def state(self) -> tuple[Git | None, list[Problem]]:
        """Commit, branch, uncommitted paths and remotes, or the problem with them."""
        status = self._answer(_STATUS)
        if not status.ok:
            return None, [errors.git_failed(command="git status", message=status.stderr.strip())]
        headers, entries = _parse_status(status.stdout)
        head, branch = headers.get("branch.oid"), headers.get("branch.head")
        if head in (None, "(initial)"):
            return None, [errors.no_commit()]
        remotes, first, tracked = self._answer(_REMOTES), self._answer(_FIRST), self._answer(_TRACKED)
        # git-config(1): status 1 means that nothing matches. A failed question must not look like "none": the app's
        # name depends on the first commit, and the claim to the app on the remotes.
        for ran in (remotes, first, tracked):
            if not ran.ok and (ran is not remotes or ran.returncode != 1 or ran.stderr.strip()):
                return None, [errors.git_failed(command=shown(ran.argv), message=ran.stderr.strip())]
        git = Git(
            head=head,
            branch=None if branch == "(detached)" else branch,
            entries=entries,
            remotes=_parse_remotes(remotes.stdout),
            first_commit=first.stdout.partition("\n")[0] or None,
            exposed=exposed_in(tracked.stdout),
            uncompiled=uncompiled_in(tracked.stdout),
            shallow=self._answer(_ROOT).stdout.split()[-1:] == ["true"],
        )
        return git, []


@contextmanager
def asking(folder: Path, record: Record) -> Iterator[Asked]:
    """Ask Git about the repository around `folder` while the body runs."""
    questions = (_ROOT, _STATUS, _REMOTES, _FIRST, _TRACKED)
    with running(questions, cwd=folder) as programs:
        yield Asked(dict(zip(questions, programs, strict=True)), record)


def without_byproducts(git: Git, written: Sequence[str]) -> Git:
    """`git` with everything that does not belong in a repository apart from the user's own changes, and without our own
    folder: files from Python, files that the settings write (`written`: databases and logs), environments, and files
    with secrets.

    Files that Git tracks stay among the changes, except for bytecode, which every run writes, this one included. A
    folder stands for everything in it.
    """
    files = {f"{path}{suffix}" for path in written for suffix in _SQLITE}
    untracked = [entry.path for entry in git.entries if entry.state == "untracked"]
    folders = tuple(f"{path.removesuffix(_ENVIRONMENT)}" for path in untracked if path.endswith(f"/{_ENVIRONMENT}"))

    def name(entry: GitEntry) -> str | None:
        """How a byproduct is named to people; None for a change of the user's."""
        path = entry.path
        if entry.state != "untracked":
            return None
        if folder := next((folder for folder in folders if path.startswith(folder)), None):
            return folder
        if match := _BYTECODE.search(path):
            return "__pycache__/" if "__pycache__/" in match[0] else path
        return path if path in files or _SECRETS.search(path) else None

    def is_byproduct(entry: GitEntry) -> bool:
        return name(entry) is not None or (entry.state == "modified" and bool(_BYTECODE.search(entry.path)))

    def is_ours(entry: GitEntry) -> bool:
        return entry.state == "untracked" and entry.path.partition("/")[0] == FOLDER

    return replace(
        git,
        entries=tuple(entry for entry in git.entries if not (is_byproduct(entry) or is_ours(entry))),
        byproducts=tuple(dict.fromkeys(said for entry in git.entries if (said := name(entry)) and not is_ours(entry))),
    )


def exposed_in(listing: str) -> tuple[str, ...]:
    """Tracked databases, environments and files with secrets; a folder stands for an environment."""
    found = (path for path in listing.split("\0") if path)
    named = (
        path.removesuffix(_ENVIRONMENT) if path.endswith(f"/{_ENVIRONMENT}") else path
        for path in found
        if path.endswith((".sqlite3", f"/{_ENVIRONMENT}")) or _SECRETS.search(path)
    )
    return tuple(dict.fromkeys(named))


def uncompiled_in(listing: str) -> tuple[str, ...]:
    """Tracked translations whose compiled form is not tracked."""
    paths = set(listing.split("\0"))
    return tuple(
        sorted(path for path in paths if _MESSAGES.search(path) and f"{path.removesuffix('.po')}.mo" not in paths)
    )


def not_executable(root: Path, paths: Sequence[str], record: Record) -> frozenset[str]:
    """Those of the tracked files that Git does not have as executable."""
    if not paths:
        return frozenset()
    ran = run(("git", "ls-files", "--stage", "-z", "--", *paths), cwd=root)
    record(ran, True)
    entries = (entry.partition("\t") for entry in ran.stdout.split("\0"))
    return frozenset(path for mode, _, path in entries if mode.startswith("100644"))


def branch(root: Path, record: Record) -> str | None:
    """The branch that is checked out; None for a detached HEAD."""
    ran = run(("git", "symbolic-ref", "--quiet", "--short", "HEAD"), cwd=root)
    record(ran, True)
    return ran.stdout.strip() if ran.ok else None


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


def _parse_status(text: str) -> tuple[dict[str, str], tuple[GitEntry, ...]]:
    """`git status --porcelain=v2 --branch -z`: headers and entries (git-status(1), "Porcelain Format Version 2")."""
    headers: dict[str, str] = {}
    entries: list[GitEntry] = []
    fields = iter(text.split("\0"))
    for line in fields:
        kind, _, rest = line.partition(" ")
        if kind == "#":
            key, _, value = rest.partition(" ")
            headers[key] = value
        elif kind == "1":
            xy, *_, committed, _, path = rest.split(" ", 7)
            state = _STATES.get(xy[0]) or _STATES.get(xy[1]) or "modified"
            entries.append(GitEntry(path=path, state=state, committed=committed))  # type: ignore[arg-type]
        elif kind == "2":
            entries.append(GitEntry(path=rest.split(" ", 8)[8], state="renamed"))
            next(fields, None)  # the previous name
        elif kind == "u":
            entries.append(GitEntry(path=rest.split(" ", 9)[9], state="conflict"))
        elif kind == "?":
            entries.append(GitEntry(path=rest, state="untracked"))
    return headers, tuple(entries)


def _parse_remotes(text: str) -> Mapping[str, str]:
    pairs = (line.partition(" ") for line in text.splitlines())
    return {key.removeprefix("remote.").removesuffix(".url"): url for key, _, url in pairs}
