"""The next commit, tried in a temporary index: whether Git would store what the plan writes.

One attempt finds what would otherwise take many checks: ignore rules, skip-worktree and assume-unchanged, a sparse
checkout, clean filters, submodules. Git writes into a temporary folder only.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ..commit import differing
from ..effects.commands import last_line, run
from ..messages import errors
from ..model import Problem, Ran, Record
from .repository import Repository

# No hooks in an attempt, and no daemon that watches the temporary folder.
_ALONE = ("-c", "core.fsmonitor=false", "-c", "core.splitIndex=false", "-c", f"core.hooksPath={os.devnull}")
# Files that configure how Git treats others in and below their folder.
_RULES = (".gitignore", ".gitattributes")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class CommitTrial:
    """The result of the attempt: needed files that Git ignores, or other obstacles."""

    ignored: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()


def try_commit(
    repository: Repository, contents: Mapping[str, bytes], staged: Sequence[str], *, force: bool, record: Record
) -> CommitTrial:
    """Stage the `staged` paths with these contents, and compare the result in Git with all `contents`."""
    if not contents:
        return CommitTrial()
    try:
        with tempfile.TemporaryDirectory(prefix="simple_deploy-") as name:
            attempt = _Attempt(repository, Path(name), record)
            said = attempt.add({path: contents[path] for path in staged}, force=force)
            listed = attempt.git("ls-files", "-v", "--stage", "-z", "--", *contents)
    except OSError as error:
        return CommitTrial(problems=(errors.not_tried(reason=error.strerror or str(error)),))
    if not listed.ok:
        return CommitTrial(problems=(errors.git_failed(command="git ls-files", message=listed.stderr.strip()),))
    paths = differing(listed.stdout, contents)
    if not paths:
        return CommitTrial()
    ignored = _ignored(repository, paths, record) if not force else frozenset()
    if ignored:
        return CommitTrial(ignored=ignored)
    found = _reasons(repository, paths, listed.stdout, said, record)
    files, remedies = [f"{path}: {reason}" for path, reason, _ in found], dict.fromkeys(remedy for *_, remedy in found)
    return CommitTrial(problems=(errors.not_committed(files=files, remedies=remedies),))


class _Attempt:
    """Git with a copy of the index, copies of the files, and its own object store."""

    def __init__(self, repository: Repository, folder: Path, record: Record) -> None:
        self._repository = repository
        self._tree = folder / "tree"
        self._record = record
        objects = folder / "objects"
        for made in (self._tree, objects):
            made.mkdir()
        if repository.index.exists():
            shutil.copyfile(repository.index, folder / "index")
        self._env = {
            "GIT_DIR": str(repository.folder),
            "GIT_WORK_TREE": str(self._tree),
            "GIT_INDEX_FILE": str(folder / "index"),
            "GIT_OBJECT_DIRECTORY": str(objects),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(repository.objects),
        }

    def git(self, *arguments: str) -> Ran:
        ran = run(("git", "--literal-pathspecs", *_ALONE, *arguments), cwd=self._tree, env=self._env)
        self._record(ran, True)
        return ran

    def add(self, contents: Mapping[str, bytes], *, force: bool) -> str:
        """Stage these files; returns the reason if Git refuses."""
        if not contents:
            return ""
        for path, content in contents.items():
            self._copy_rules(PurePosixPath(path))
            (self._tree / path).parent.mkdir(parents=True, exist_ok=True)
            (self._tree / path).write_bytes(content)
        ran = self.git("add", *(("--force",) if force else ()), "--", *contents)
        return "" if ran.ok else ran.stderr.strip()

    def _copy_rules(self, path: PurePosixPath) -> None:
        for folder in path.parents:
            for name in _RULES:
                source, copy = self._repository.root / folder / name, self._tree / folder / name
                if source.is_file() and not copy.exists():
                    copy.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(source, copy)


def _ignored(repository: Repository, paths: Sequence[str], record: Record) -> frozenset[str]:
    ran = run(("git", "-c", "core.quotePath=false", "check-ignore", "--", *paths), cwd=repository.root)
    record(ran, True)
    return frozenset(ran.stdout.splitlines())


def _reasons(
    repository: Repository, paths: Sequence[str], listing: str, said: str, record: Record
) -> list[tuple[str, str, str]]:
    """For each path, the reason and the remedy."""
    ran = run(("git", "config", "--type=bool", "--get", "core.sparseCheckout"), cwd=repository.root)
    record(ran, True)
    sparse = ran.stdout.strip() == "true"
    # git-ls-files(1), -v: S is skip-worktree, a small letter is assume-unchanged.
    tags = {entry.partition("\t")[2]: entry[:1] for entry in listing.split("\0")}
    return [(path, *_reason(path, tags.get(path, ""), sparse, said)) for path in paths]


def _reason(path: str, tag: str, sparse: bool, said: str) -> tuple[str, str]:
    if sparse and (said or tag == "S"):
        return "it is outside the sparse checkout", "git sparse-checkout disable"
    if tag.upper() == "S":
        return "it is marked skip-worktree", f"git update-index --no-skip-worktree -- {path}"
    if tag.islower():
        return "it is marked assume-unchanged", f"git update-index --no-assume-unchanged -- {path}"
    if said:
        return f"git add refuses it: {last_line(said)}", "fix what git add reports"
    if not tag:
        return "Git does not track it", f"git add -- {path}"
    return "a filter of .gitattributes changes it", f"git check-attr --all -- {path} names the filter: remove it"
