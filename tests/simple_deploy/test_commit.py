"""What Git would store of the plan, tried before anything is written, and compared after the commit."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from simple_deploy.commit import differing
from simple_deploy.inspect import try_commit
from simple_deploy.inspect.commit_trial import CommitTrial
from simple_deploy.inspect.git import asking
from simple_deploy.inspect.git_questions import contains, tracks
from simple_deploy.model import Problem

if TYPE_CHECKING:
    from conftest import Checkout

posix = pytest.mark.skipif(os.name == "nt", reason="the filter and the hook are shell commands")
BEFORE = {"blog/settings.py": b"A = 1\n", "requirements.txt": b"Django\n"}
AFTER = {"blog/settings.py": b"A = 1\nB = 2\n", "requirements.txt": b"Django\ngunicorn\n"}


@dataclass(frozen=True, kw_only=True)
class Repo:
    """A repository with one commit, and a Git without this machine's configuration."""

    root: Path
    env: dict[str, str] = field(default_factory=dict)

    def git(self, *arguments: str) -> str:
        argv = ["git", *arguments]
        return subprocess.run(argv, cwd=self.root, check=True, capture_output=True, encoding="utf-8").stdout

    def write(self, contents: dict[str, bytes]) -> None:
        for path, content in contents.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_bytes(content)

    def tried(self, contents: dict[str, bytes], *staged: str, force: bool = False) -> CommitTrial:
        with asking(self.root, lambda *_: None) as asked:
            repository, problems = asked.repository(self.root)
        assert repository and not problems
        return try_commit(repository, contents, staged, force=force, record=lambda *_: None)

    def committed(self, contents: dict[str, bytes]) -> list[str]:
        """Write and commit these files, and list those that differ in the commit."""
        self.write(contents)
        self.git("add", "--", *contents)
        self.git("commit", "--quiet", "--message", "x", "--", *contents)
        return differing(self.git("ls-tree", "--full-tree", "-z", "HEAD", "--", *contents), contents)


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    (tmp_path / "gitconfig").write_text("[user]\n\tname = A\n\temail = a@example.com\n", encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    made = Repo(root=tmp_path / "repo")
    made.root.mkdir()
    made.git("init", "--quiet")
    made.write(BEFORE)
    made.git("add", "--all")
    made.git("commit", "--quiet", "--message", "Start")
    return made


def problem(found: CommitTrial) -> Problem:
    assert not found.ignored
    [only] = found.problems
    return only


def test_a_possible_commit_is_accepted_and_nothing_is_changed(repo: Repo) -> None:
    before = {path: path.read_bytes() for path in repo.root.rglob("*") if path.is_file()}
    assert not repo.tried(AFTER, *AFTER).problems
    new = {**AFTER, "Procfile": b"web: x\n", "a/b c/d.txt": b""}
    assert not repo.tried(new, *new).problems
    assert {path: path.read_bytes() for path in repo.root.rglob("*") if path.is_file()} == before


def skip(repo: Repo) -> None:
    repo.git("update-index", "--skip-worktree", "blog/settings.py")


def assume(repo: Repo) -> None:
    repo.git("update-index", "--assume-unchanged", "blog/settings.py")


def sparse(repo: Repo) -> None:
    repo.git("sparse-checkout", "set", "--no-cone", "/requirements.txt")


def clean_filter(repo: Repo) -> None:
    repo.write({".gitattributes": b"*.py filter=crypt\n"})
    repo.git("config", "filter.crypt.clean", "tr A-Z a-z")
    repo.git("add", ".gitattributes")


def broken_filter(repo: Repo) -> None:
    clean_filter(repo)
    repo.git("config", "filter.crypt.required", "true")
    repo.git("config", "filter.crypt.clean", "false")


OBSTACLES = [
    (skip, "it is marked skip-worktree", "git update-index --no-skip-worktree -- blog/settings.py"),
    (assume, "it is marked assume-unchanged", "git update-index --no-assume-unchanged -- blog/settings.py"),
    (sparse, "it is outside the sparse checkout", "git sparse-checkout disable"),
    pytest.param(
        *(clean_filter, "a filter of .gitattributes changes it"),
        "git check-attr --all -- blog/settings.py names the filter: remove it",
        marks=posix,
    ),
]


@pytest.mark.parametrize(("obstacle", "reason", "remedy"), OBSTACLES)
@pytest.mark.parametrize("written", [False, True])
def test_obstacles_to_a_commit_are_reported(
    repo: Repo, obstacle: Callable[[Repo], None], reason: str, remedy: str, written: bool
) -> None:
    """Even on a second run, when the folder has the file already and Git reports no changes."""
    obstacle(repo)
    if written:
        repo.write(AFTER)
    found = problem(repo.tried(AFTER, *(() if written else AFTER)))
    assert f"\n  blog/settings.py: {reason}" in found.found
    assert remedy in found.remedy


@posix
def test_a_failing_filter_is_reported_with_gits_message(repo: Repo) -> None:
    broken_filter(repo)
    found = problem(repo.tried(AFTER, *AFTER))
    assert "blog/settings.py: git add refuses it: fatal: blog/settings.py: clean filter 'crypt' failed" in found.found


def test_a_file_in_a_submodule_is_refused(repo: Repo) -> None:
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{repo.git('rev-parse', 'HEAD').strip()},sub")
    found = problem(repo.tried({"sub/base.txt": b"x\n"}, "sub/base.txt"))
    assert "is in submodule 'sub'" in found.found


@pytest.mark.beyond_ascii
def test_ignored_files_are_reported_and_may_be_forced(repo: Repo) -> None:
    repo.write({".gitignore": b"/Procfile\n", "site/.gitignore": b"*.txt\n", "site/a ü.txt": b"x\n"})
    needed = {**AFTER, "Procfile": b"web: x\n", "site/a ü.txt": b"x\n"}
    assert repo.tried(needed, *AFTER, "Procfile").ignored == {"Procfile", "site/a ü.txt"}
    found = repo.tried({**AFTER, "Procfile": b"web: x\n"}, *AFTER, "Procfile", force=True)
    assert not found.ignored
    assert not found.problems


def test_a_needed_file_that_git_does_not_track(repo: Repo) -> None:
    repo.write({"base.txt": b"x\n"})
    found = problem(repo.tried({**BEFORE, "base.txt": b"x\n"}))
    assert "\n  base.txt: Git does not track it" in found.found


def test_a_linked_worktree_and_a_subfolder_of_it(repo: Repo, tmp_path: Path) -> None:
    repo.git("worktree", "add", "--quiet", str(tmp_path / "linked"))
    linked = Repo(root=tmp_path / "linked")
    linked.git("update-index", "--skip-worktree", "blog/settings.py")
    assert "skip-worktree" in problem(linked.tried(AFTER, *AFTER)).found
    assert not repo.tried(AFTER, *AFTER).problems


CONVERSIONS = [
    ("* text=auto eol=lf\n", [], b"A = 1\r\nB = 2\r\n"),
    ("* text eol=crlf\n", [], b"A = 1\r\nB = 2\r\n"),
    ("", [("core.autocrlf", "true")], b"A = 1\r\nB = 2\r\n"),
    ("", [("core.autocrlf", "input")], b"A = 1\nB = 2\n"),
    ("*.py ident\n", [], b"# $Id: 1234 $\nA = 1\n"),
    ("*.py ident text eol=crlf\n", [], b"# $Id: 1234 $\r\nA = 1\r\n"),
    ("*.py working-tree-encoding=UTF-16 text\n", [], "A = 1\r\nÄ = 2\r\n".encode("utf-16")),
]


@pytest.mark.parametrize(("attributes", "config", "content"), CONVERSIONS)
def test_git_conversions_are_the_same_text(
    repo: Repo, attributes: str, config: list[tuple[str, str]], content: bytes
) -> None:
    repo.write({".gitattributes": attributes.encode()})
    for name, value in config:
        repo.git("config", name, value)
    contents = {"blog/settings.py": content}
    assert not repo.tried(contents, *contents).problems
    assert repo.committed(contents) == []
    assert not repo.tried(contents).problems
    assert repo.tried({"blog/settings.py": content + b"\n# more"}).problems
    assert repo.tried({"blog/settings.py": content + b"\n#\0more\0"}).problems


def test_a_repository_with_sha256_object_names(tmp_path: Path, repo: Repo) -> None:
    longer = Repo(root=tmp_path / "longer")
    longer.root.mkdir()
    longer.git("init", "--quiet", "--object-format=sha256")
    assert longer.committed(AFTER) == []
    assert not longer.tried(AFTER).problems


HOOKS = {
    "pre-commit": "echo 'C = 3' >> blog/settings.py; git add blog/settings.py",
    "post-commit": "git reset --quiet --hard HEAD~1",
}


@posix
@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_that_changes_the_commit_is_noticed(repo: Repo, name: str) -> None:
    hook = repo.root / ".git" / "hooks" / name
    hook.write_text(f"#!/bin/sh\n{HOOKS[name]}\n", encoding="utf-8")
    hook.chmod(0o755)
    assert "blog/settings.py" in repo.committed(AFTER)


@pytest.mark.parametrize(
    ("name", "operation"),
    [
        ("MERGE_HEAD", "merge"),
        ("rebase-merge", "rebase"),
        ("rebase-apply", "rebase"),
        ("rebase-apply/applying", "git am"),
        ("CHERRY_PICK_HEAD", "cherry-pick"),
        ("REVERT_HEAD", "revert"),
        ("BISECT_LOG", "bisect"),
    ],
)
def test_an_operation_in_progress_is_detected(repo: Repo, name: str, operation: str) -> None:
    with asking(repo.root, lambda *_: None) as asked:
        repository, _ = asked.repository(repo.root)
    assert repository
    assert repository.unfinished() == []
    (repo.root / ".git" / name).mkdir(parents=True)
    assert [found.found for found in repository.unfinished()] == [f"A {operation} is in progress in this repository."]


def test_a_repository_configured_as_bare_is_refused(repo: Repo) -> None:
    repo.git("config", "core.bare", "true")
    with asking(repo.root, lambda *_: None) as asked:
        found, problems = asked.repository(repo.root)
    assert found is None
    assert [(problem.code, problem.found.splitlines()[-1]) for problem in problems] == [
        ("git-failed", "Git found no working tree (core.bare is set).")
    ]


def test_whether_head_contains_a_commit_or_git_fails(repo: Repo) -> None:
    def says(commit: str) -> object:
        return contains(repo.root, commit, lambda ran, output: None)

    first = repo.git("rev-parse", "HEAD").strip()
    other = repo.git("commit-tree", "HEAD^{tree}", "-m", "Another").strip()
    assert (says(first), says(other), says("1" * 40)) == (True, False, False)
    failed = says("no commit")
    assert isinstance(failed, Problem)
    assert failed.found.startswith("This Git command failed: git cat-file\nfatal: ")


@pytest.mark.parametrize(
    ("files", "tracked"),
    [
        ({}, False),
        ({"media/.gitkeep": "kept\n", "media/docs/empty_file.txt": "", "media/.gitignore": "*\n"}, False),
        ({"media/logo.png": "x"}, True),
        ({"mediator/a.txt": "x"}, False),
    ],
)
def test_files_that_only_keep_a_folder_in_git_are_no_uploads(
    files: dict[str, str], tracked: bool, checkout: Checkout
) -> None:
    for path, text in files.items():
        checkout.write(path, text)
    checkout.git("add", "--all", "--force")
    assert tracks(checkout.root, "media", lambda ran, expected: None) is tracked
