"""A pasted command means the same in every shell: checked in real ones if installed, else by their documented rules."""

from __future__ import annotations

import ast
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import windows_shells
from hypothesis import given
from hypothesis import strategies as st

from simple_deploy import platforms
from simple_deploy.contract import Guide
from simple_deploy.model import Deferred, Query, Secret, Step
from simple_deploy.text.shell import comment, filled, pasted, pasted_step, quoted, shown

KEY = Secret("k3y-V4lue", prefix="SECRET_KEY=", recipe="secrets.token_urlsafe(48)")
COMMIT = Deferred(query=Query(argv=("git",), read=str), shown="commit-HEAD", recipe="'commit-' + 'abc'")
NAMES = [
    "my site",
    "O'Brien",
    'a "quoted" name',
    "$(touch pwned)",
    "`touch pwned`",
    "$HOME",
    "%PATH%",
    "!!",
    "a;b",
    "#a",
    "a&b|c<d>e",
    "a^b",
    "back\\slash",
    "ends with \\",
    "two\nlines",
    "~",
    "a,b",
    "@a",
    "-a.b,c",
    "\u201csmart\u201d \u2018quotes\u2019",
    "käse",
    "",
]
SHELLS: dict[str, Callable[[str], list[list[str]]]] = {
    "cmd": lambda line: windows_shells.cmd(line, {"PATH": "C:\\Windows", "a": "expanded"}),
    "powershell": windows_shells.powershell,
    "sh": lambda line: [shlex.split(line)],
}


def started(words: list[str]) -> list[str]:
    """The command that a program of `pasted` starts."""
    if words[:2] != ["python", "-c"]:
        return words
    [called] = [node for node in ast.walk(ast.parse(words[2])) if isinstance(node, ast.List)]
    program, *others = called.elts
    assert isinstance(program, ast.Call)
    return [ast.literal_eval(word) for word in (program.args[0], *others)]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_one_word_in_every_shell(shell: str, name: str) -> None:
    [words] = SHELLS[shell](pasted(("git", "add", "--", name, "b c")))
    assert started(words) == ["git", "add", "--", name, "b c"]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1))
def test_any_words_survive_every_shell(names: list[str]) -> None:
    line = pasted(("git", *names))
    for parse in SHELLS.values():
        [words] = parse(line)
        assert started(words) == ["git", *names]


@pytest.mark.parametrize(
    ("line", "shell"),
    [
        ('git add "%PATH%"', "cmd"),
        ("git add 'b c'", "cmd"),
        ('git add "$(touch pwned)"', "powershell"),
        ("git add a && git commit", "powershell"),
        ("git add a && git commit", "cmd"),
        ("echo K=$(python -c x) | fly", "powershell"),
        ("git add \u201ca b\u201d c", "powershell"),
    ],
)
def test_the_rules_find_a_wrong_line(line: str, shell: str) -> None:
    try:
        read = SHELLS[shell](line)
    except windows_shells.Unknown:
        return
    assert read != [shlex.split(line)]


@pytest.mark.skipif(os.name == "nt", reason="runs POSIX shells")
@pytest.mark.beyond_ascii
@pytest.mark.parametrize("shell", ["sh", "bash", "dash", "zsh", "ksh", "busybox"])
def test_real_shells_agree(shell: str, tmp_path: Path) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"there is no {shell} here")
    env = with_tool(tmp_path)
    step = Step(id="s", title="T", why="w", argv=("tool", *NAMES, COMMIT), stdin=(KEY, "DEBUG=$1"))
    lines = "\n".join([comment("A & B"), pasted_step(step), pasted(("tool", "plain", "b c")), pasted(("tool", KEY))])
    argv = [program, *(["sh"] if shell == "busybox" else []), "-c", lines]
    ended = subprocess.run(argv, cwd=tmp_path, env=env, capture_output=True, encoding="utf-8", timeout=300)
    assert (ended.returncode, ended.stderr) == (0, "")
    strange, plain, secret = map(json.loads, ended.stdout.splitlines())
    assert strange["argv"] == [*NAMES, "commit-abc"]
    key, debug = strange["stdin"]
    assert (len(key), debug) == (len("SECRET_KEY=") + 64, "DEBUG=$1")
    assert plain["argv"] == ["plain", "b c"]
    assert len(secret["argv"][0]) == len("SECRET_KEY=") + 64
    assert not (tmp_path / "pwned").exists()


def with_tool(folder: Path) -> dict[str, str]:
    """An environment whose program `tool` prints its arguments; `python` is this one."""
    (folder / "bin").mkdir()
    (folder / "bin" / "python").symlink_to(sys.executable)
    tool = folder / "bin" / "tool"
    read = "sys.stdin.read().split() if not sys.stdin.isatty() else []"
    tool.write_text(
        f"#!{sys.executable} -I\nimport json, sys\nprint(json.dumps({{'argv': sys.argv[1:], 'stdin': {read}}}))\n",
        encoding="utf-8",
    )
    tool.chmod(0o755)
    return {"PATH": f"{folder / 'bin'}{os.pathsep}/usr/bin:/bin", "PYTHONUTF8": "1"}


def test_a_pasted_command_generates_secrets() -> None:
    line = pasted(("heroku", "config:set", "A=1", KEY))
    assert "k3y-V4lue" not in line
    assert line == (
        'python -c "import secrets, shutil, subprocess, sys; sys.exit(subprocess.call([shutil.which('
        "'heroku'), 'config:set', 'A=1', 'SECRET_KEY=' + secrets.token_urlsafe(48)]))\""
    )


@pytest.mark.parametrize("shell", ["cmd", "powershell"])
def test_the_input_of_a_step_is_piped_in_every_shell(shell: str) -> None:
    step = Step(id="s", title="T", why="w", argv=("fly", "secrets", "import"), stdin=(KEY, "B=%PATH%"))
    feeding, reading = SHELLS[shell](pasted_step(step))
    assert reading == ["fly", "secrets", "import"]
    assert feeding[:2] == ["python", "-c"]
    ended = subprocess.run([sys.executable, *feeding[1:]], capture_output=True, encoding="utf-8", check=True)
    key, other = ended.stdout.splitlines()
    assert key.startswith("SECRET_KEY=")
    assert len(key) == len("SECRET_KEY=") + 64
    assert "token_urlsafe" not in key
    assert other == "B=%PATH%"


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("--app", "--app"),
        ("b c", '"b c"'),
        ("", "''"),
        ("a*", '"a*"'),
        ("a$b", "'a$b'"),
        ("a\\b", "'a\\b'"),
        ("100%", "100%"),
        ("a!", "'a!'"),
        ("it's", '"it\'s"'),
    ],
)
def test_words_are_quoted_for_reading(word: str, text: str) -> None:
    assert quoted(word) == text
    assert shlex.split(text) == [word]


def test_commands_are_shown_masked() -> None:
    assert shown(("heroku", "config:set", "A=b c", KEY, COMMIT)) == (
        'heroku config:set "A=b c" SECRET_KEY=******** commit-HEAD'
    )


def test_a_comment_runs_nothing_in_cmd() -> None:
    line = comment("Create the app a & del b > c")
    assert line == "# Create the app a   del b   c"
    assert windows_shells.cmd(line)


WORDS = {"app": "my-blog", "apps": "my-blog my-blog-db", "database": "my-blog-db", "git_remote": "heroku"}
WORDS |= {"branch": "main", "manage_py": "code/my $ite/manage.py", "quoted_manage_py": "'code/my $ite/manage.py'"}


def commands(texts: Guide) -> list[str]:
    how = (texts.redeploy, texts.logs, texts.console, texts.superuser, texts.variable, texts.domain, texts.backup)
    return [filled(command, WORDS) for one in how for command in (*one.commands, texts.destroy)]


@pytest.mark.parametrize("platform", platforms.installed())
def test_documented_commands_mean_the_same_in_every_shell(platform: str) -> None:
    lines = commands(platforms.load(platform).guide)
    assert len(lines) > 10
    for line in lines:
        posix = shlex.split(line)
        assert windows_shells.cmd(line, {"NAME": "x"}) == windows_shells.powershell(line) == [posix]
    assert any("code/my $ite/manage.py" in word for line in lines for word in started_loosely(shlex.split(line)))


def started_loosely(words: list[str]) -> list[str]:
    if words[:2] != ["python", "-c"]:
        return words
    return [str(node.value) for node in ast.walk(ast.parse(words[2])) if isinstance(node, ast.Constant)]
