"""Files that Git ignores stay out of the image: checked with Git itself, and with a separate matcher."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from test_claims import FLY, make, planned, wanted

from matrix.emulators.fly_io.image import dockerignore as docker
from simple_deploy.contract import Remote, Site
from simple_deploy.inspect.ignored import ignored
from simple_deploy.model import Ignored, Options, Project
from simple_deploy.platforms.fly_io.checks import check, notes
from simple_deploy.platforms.fly_io.dockerignore import CLOSE, OPEN, Ignore, from_git, literal
from simple_deploy.platforms.fly_io.left_out import dockerignore, sent

FILES = {
    ".gitignore": "/secret.txt\nbuild/\n*.key\n!public.key\nlogs/*\n!logs/keep/\n\\#odd\n\\!odd\na\\*b\n"
    "[!a-y]x\n**/deep\ndocs/**/draft\nnode_modules\n# comment\nblank \nforced\nfoo**bar\n!*/\n"
    "trail\\ \n[[:digit:]]class\n",
    "app/.gitignore": "local.py\n/only.here\n!kept.key\n",
    "secret.txt": "",
    "app/secret.txt": "",
    "build/x/y": "",
    "app/build/z": "",
    "tools/build": "",
    "a.key": "",
    "public.key": "",
    "app/b.key": "",
    "app/kept.key": "",
    "logs/run.log": "",
    "logs/keep/it": "",
    "#odd": "",
    "!odd": "",
    "a*b": "",
    "aXb": "",
    "zx": "",
    "ax": "",
    "x/y/deep/z": "",
    "docs/a/b/draft": "",
    "docs/final": "",
    "node_modules/m/index.js": "",
    "blank": "",
    "forced": "",
    "foo1bar": "",
    "trail ": "",
    "1class": "",
    "app/local.py": "",
    "app/sub/local.py": "",
    "local.py": "",
    "app/only.here": "",
    "app/sub/only.here": "",
    "excluded by info": "",
    "by.global": "",
    "new\nline.key": "",
    "manage.py": "",
}


def repository(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8", newline="\n")
    git(root, "init", "--quiet")
    (root / ".git" / "info" / "exclude").write_text("excluded*\n", encoding="utf-8")
    (root / ".git" / "global").write_text("*.global\n", encoding="utf-8")
    git(root, "config", "core.excludesFile", ".git/global")
    git(root, "add", ".")
    if "forced" in files:
        git(root, "add", "--force", "forced")
    return root


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)


def found(root: Path) -> Ignored:
    answer, problems = ignored(root, lambda ran, output: None)
    assert not problems
    return answer


@pytest.fixture
def in_git(tmp_path: Path, project: Callable[..., Project]) -> Callable[[dict[str, str]], Project]:
    def made(files: dict[str, str]) -> Project:
        return replace(project(), ignored=found(repository(tmp_path, files)))

    return made


def test_no_file_that_git_ignores_is_in_the_image_and_every_tracked_one_is(
    in_git: Callable[[dict[str, str]], Project], tmp_path: Path
) -> None:
    made = in_git(FILES)
    assert {"secret.txt", "excluded by info", "by.global", "trail ", "1class"} <= set(made.ignored.files)
    text = dockerignore(None, Site(project=made, options=wanted()))
    # The emulator's matcher, which is not the product's, determines what a builder gets.
    context = set(docker.files(tmp_path, docker.parse(text)))
    assert context & set(made.ignored.files) == set()
    assert set(made.ignored.tracked) - context == set()
    assert context == {path for path in FILES if not Ignore(text).leaves_out(path)}
    assert "forced" in context
    assert sent(Site(project=made, options=wanted()), text) == []
    assert dockerignore(text, Site(project=made, options=wanted())) == text


def test_patterns_of_gitignore_hold_for_files_that_come_later(in_git: Callable[[dict[str, str]], Project]) -> None:
    later = Ignore(
        dockerignore(
            None,
            Site(
                project=in_git({".gitignore": "*.key\n/data/\n", "a/.gitignore": "local.py\n", "m.py": ""}),
                options=wanted(),
            ),
        )
    )
    assert [later.leaves_out(path) for path in ("b/c.key", "data/x", "b/data/x", "a/b/local.py", "local.py")] == [
        True,
        True,
        False,
        True,
        False,
    ]


def test_files_included_again_by_the_users_file_are_listed(
    in_git: Callable[[dict[str, str]], Project], options: Callable[..., object]
) -> None:
    made = in_git({".gitignore": "*.key\n/private/\n", "a.key": "", "private/b": "", "private/c": "", "m.py": ""})
    mine = "# mine\n!**/*.key\n!private\n"
    made = replace(made, files={**made.files, ".dockerignore": mine.encode()})
    text = dockerignore(mine, Site(project=made, options=wanted()))
    assert text.endswith(mine)
    assert text.startswith(f"{OPEN}\n**/*.key\nprivate/**\n{CLOSE}\n")
    assert sent(Site(project=made, options=wanted()), text) == ["a.key", "private"]
    assert "does not exclude them from the image: a.key, private." in "\n".join(
        notes(Site(project=made, options=options()))
    ).replace("lets", "let")  # type: ignore[arg-type]
    assert dockerignore(text, Site(project=made, options=wanted())) == text
    silent = replace(made, files={**made.files, ".dockerignore": b"docs\n"})
    assert "Git ignores these" not in "\n".join(notes(Site(project=silent, options=options())))  # type: ignore[arg-type]


def test_the_users_own_dockerfile_gets_what_its_dockerignore_allows(
    in_git: Callable[[dict[str, str]], Project], options: Callable[..., object]
) -> None:
    made = in_git({".gitignore": "*.key\n", "a.key": "", "m.py": ""})
    other = {**made.files, "fly.toml": b"[build]\ndockerfile = 'deploy/Dockerfile'\n"}
    assert "from the image: a.key." in "\n".join(notes(Site(project=replace(made, files=other), options=options())))  # type: ignore[arg-type]
    ready = {**made.files, "fly.toml": b"[build]\nimage = 'blog:1'\n"}
    assert "a.key" not in "\n".join(notes(Site(project=replace(made, files=ready), options=options())))  # type: ignore[arg-type]


def test_the_block_follows_the_patterns(in_git: Callable[[dict[str, str]], Project], tmp_path: Path) -> None:
    made = in_git({".gitignore": "*.key\n", "m.py": ""})
    text = dockerignore("notes\n", Site(project=made, options=wanted()))
    (tmp_path / ".gitignore").write_text("*.pem\n!a.pem\n", encoding="utf-8")
    changed = dockerignore(text, Site(project=replace(made, ignored=found(tmp_path)), options=wanted()))
    assert changed == text.replace("**/*.key\n", "**/*.pem\n!**/a.pem\n", 1)
    assert changed.endswith("notes\n")


def test_committing_the_files_of_the_builder_does_not_change_them(project: Callable[..., Project]) -> None:
    def text(*tracked: str) -> str:
        ignored = Ignored(rules=(("", ".dockerignore\n*.md\n"),), tracked=tracked)
        return dockerignore(None, Site(project=replace(project(), ignored=ignored), options=wanted()))

    assert text(".dockerignore") == text()
    assert "!README.md" in text("README.md")


@pytest.mark.parametrize(
    ("folder", "line", "lines"),
    [
        ("", "*.log", ["**/*.log"]),
        ("", "/x", ["x"]),
        ("", "a/b", ["a/b"]),
        ("", "build/", ["**/build/**"]),
        ("", "!build/", ["!**/build/**"]),
        ("", "!*/", []),
        ("", "**/x/", ["**/x/**"]),
        ("", "a/**", ["a/**"]),
        ("", "foo**bar", ["**/foo*bar"]),
        ("", "[!a]", ["**/[^a]"]),
        ("", "\\#a", ["**/\\#a"]),
        ("", "\\!a", ["**/\\!a"]),
        ("", "x  ", ["**/x"]),
        ("", "x\\ ", ["**/x?"]),
        ("", "# x", []),
        ("", "[[:alpha:]]", []),
        ("a [b]", "x", ["a \\[b\\]/**/x"]),
        ("a", "/x/", ["a/x/**"]),
    ],
)
def test_git_patterns_are_translated_for_docker(folder: str, line: str, lines: list[str]) -> None:
    assert list(from_git(folder, f"{line}\n")) == lines


@pytest.mark.parametrize("path", ["a*b", "#a", "!a", " a", "a ", "x/[y]", "a\\b", "a?b", "new\nline"])
def test_a_literal_pattern_matches_only_its_path(path: str) -> None:
    assert Ignore(literal(path)).leaves_out(path)
    assert not Ignore(literal(path)).leaves_out("aXXb")


@pytest.mark.parametrize("line", ["[z-a]", "[[a]", "a[&&b]", "[a||b]", "[~~]", "".join(map(chr, range(32, 127))), "[^"])
def test_an_invalid_character_class_excludes_nothing(line: str) -> None:
    assert not Ignore(f"{line}\n").leaves_out("manage.py")
    assert Ignore(f"{line}\nmanage.py\n").leaves_out("manage.py")


def test_a_failing_git_is_a_problem(tmp_path: Path) -> None:
    answer, problems = ignored(tmp_path, lambda ran, output: None)
    assert answer.files == ()
    assert [problem.code for problem in problems] == ["git-failed"]


def test_a_lock_that_git_ignores_is_not_reported_as_excluded_by_dockerignore(
    project: Callable[..., Project], options: Callable[..., Options]
) -> None:
    ignored = Ignored(rules=(("", "requirements.txt\n"),), files=("requirements.txt",), entries=("requirements.txt",))
    of = replace(project(files={"requirements.txt": b"Django\n"}), ignored=ignored)
    found = check(Site(project=of, options=options(), remote=Remote(app="blog")))
    assert "fly-left-out" not in {problem.code for problem in found}


@pytest.mark.parametrize(
    ("ignored_by_user", "files"),
    [
        ("*.txt\n", ["requirements.txt"]),
        ("**/requirements.txt\nmanage.py\n", ["requirements.txt", "manage.py"]),
        ("blog\n", ["blog/settings.py"]),
        ("blog\n!blog/settings.py\nREADME.md\n", []),
        ("", []),
    ],
)
def test_a_needed_file_that_the_users_dockerignore_excludes(
    project: Callable[..., Project], options: Callable[..., Options], ignored_by_user: str, files: list[str]
) -> None:
    of = project(files={"requirements.txt": b"Django\n", ".dockerignore": ignored_by_user.encode()})
    found = [
        problem
        for problem in check(Site(project=of, options=options(), remote=Remote(app="blog")))
        if problem.code == "fly-left-out"
    ]
    expected = [f".dockerignore excludes files that the image needs: {', '.join(files)}."] if files else []
    assert [problem.found for problem in found] == expected
    if files:
        kept = ignored_by_user + "".join(f"!{path}\n" for path in files)
        of = project(files={"requirements.txt": b"Django\n", ".dockerignore": kept.encode()})
        assert "fly-left-out" not in [
            problem.code for problem in check(Site(project=of, options=options(), remote=Remote(app="blog")))
        ]


def test_files_for_fly_io_that_git_ignores_stay_uncommitted_but_for_a_workflow(tmp_path: Path) -> None:
    own = {"fly.toml": b"primary_region = 'fra'\n", ".dockerignore": b"notes/\n"}
    of = make(tmp_path, files=own, ignored=frozenset(own))
    found = planned(of, wanted(), FLY, Remote(app="blog"))
    assert not found.problems
    assert {*own} <= {change.path for change in found.plan.changes}
    assert not {*own} & {*found.contents} and not found.force
    assert "Git ignores .dockerignore, fly.toml; Fly.io reads it in this folder, so it stays uncommitted." in (
        found.plan.notes
    )
    with_workflow = planned(of, wanted(workflow="github"), FLY, Remote(app="blog"))
    assert "git-ignored" in [problem.code for problem in with_workflow.problems]
    of = make(tmp_path, ignored=frozenset({"blog/settings.py"}))
    assert [problem.code for problem in planned(of, wanted(), FLY, Remote(app="blog")).problems] == ["git-ignored"]
