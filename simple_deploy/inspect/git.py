"""Git → the state of the repository. These questions are asked at once, while other parts are inspected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ..effects.commands import Running, running
from ..messages import errors
from ..model import Celery, Git, GitEntry, Problem, Ran, Record
from ..text.shell import shown
from .byproducts import exposed_in, uncompiled_in
from .celery_app import QUESTION as _CELERY
from .celery_app import celery_in
from .in_migrations import QUESTION as _MIGRATIONS
from .in_migrations import admins_in, extensions_in
from .repository import Repository, root_above

# How many folders up the root is: a folder name may contain anything, including a newline.
_ROOT = ("git", "rev-parse", "--show-cdup", "--is-shallow-repository")
_STATUS = ("git", "status", "--porcelain=v2", "--branch", "-z", "--untracked-files=all")
# The configured addresses, not those of `git remote -v`, which applies url.<x>.insteadOf.
_REMOTES = ("git", "config", "--get-regexp", r"^remote\..*\.url$")
_FIRST = ("git", "rev-list", "--max-parents=0", "HEAD")
# Files in the repository, by name, and those at its root; `:(top)`: not only below the current folder.
_TRACKED = (
    *("git", "ls-files", "-z", "--full-name", "--", ":(top)*.sqlite3", ":(top)*.env*", ":(top)*pyvenv.cfg"),
    *(":(top)*.po", ":(top)*.mo", ":(top)*/manage.py", ":(top,glob)*"),
)
_STATES = {"A": "added", "D": "deleted", "R": "renamed", "C": "renamed"}


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
        names = tracked.stdout.split("\0")
        git = Git(
            head=head,
            branch=None if branch == "(detached)" else branch,
            entries=entries,
            remotes=_parse_remotes(remotes.stdout),
            first_commit=first.stdout.partition("\n")[0] or None,
            exposed=exposed_in(tracked.stdout),
            uncompiled=uncompiled_in(tracked.stdout),
            manage_scripts=tuple(path for path in names if f"/{path}".endswith("/manage.py")),
            at_root=frozenset(path for path in names if path and "/" not in path),
            shallow=self._answer(_ROOT).stdout.split()[-1:] == ["true"],
        )
        return git, []

    def in_migrations(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The extensions of PostgreSQL that migrations create, and the migrations that create an admin user.

        git-grep(1): status 1 means that nothing matches.
        """
        found = self._answer(_MIGRATIONS).stdout
        return extensions_in(found), admins_in(found)

    def celery(self) -> Celery:
        """The Celery app in the code, and its schedule."""
        return celery_in(self._answer(_CELERY).stdout)


@contextmanager
def asking(folder: Path, record: Record) -> Iterator[Asked]:
    """Ask Git about the repository around `folder` while the body runs."""
    questions = (_ROOT, _STATUS, _REMOTES, _FIRST, _TRACKED, _MIGRATIONS, _CELERY)
    with running(questions, cwd=folder) as programs:
        yield Asked(dict(zip(questions, programs, strict=True)), record)


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
