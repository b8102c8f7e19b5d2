"""Slightly unusual environments: each is handled, or refused with the reason."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from simple_deploy import package_managers, platforms
from simple_deploy.inspect import try_commit
from simple_deploy.inspect.git import asking
from simple_deploy.model import GitEntry, Options, Secret
from simple_deploy.package_managers import Known
from simple_deploy.survey import survey
from simple_deploy.text.text_file import content

if TYPE_CHECKING:
    from conftest import Checkout, OnPlatform

# Each starts the command several times.
pytestmark = pytest.mark.long

posix = pytest.mark.skipif(os.name == "nt", reason="needs pipes, devices or shells of POSIX")
COMMAND = (sys.executable, "manage.py", "simple_deploy", "--platform", "heroku")
MODULE = (sys.executable, "-m", "simple_deploy", "--platform", "heroku")


# --- output that is not read to the end ------------------------------------------------------------------


@contextmanager
def unread() -> Iterator[int]:
    """The write end of a pipe that `head -1` has closed."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        yield writing
    finally:
        os.close(writing)


@contextmanager
def full() -> Iterator[int]:
    with Path("/dev/full").open("wb", buffering=0) as device:
        yield device.fileno()


@posix
@pytest.mark.parametrize("output", [unread, full])
@pytest.mark.parametrize(
    ("command", "option", "status"), [(MODULE, "--dry-run", 0), (COMMAND, "--help", 0), (COMMAND, "--undo", 1)]
)
def test_unread_output_changes_neither_the_status_nor_the_errors(
    output: Callable[[], AbstractContextManager[int]],
    command: tuple[str, ...],
    option: str,
    status: int,
    checkout: Checkout,
) -> None:
    if output is full and not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with output() as stream:
        argv = [*command, option]
        # An error that cannot be printed still sets the status.
        error = stream if status else subprocess.PIPE
        ended = subprocess.run(argv, cwd=checkout.root, env=checkout.env, timeout=300, stdout=stream, stderr=error,
                               check=False)  # fmt: skip
    assert (ended.returncode, ended.stderr or b"") == (status, b"")


@posix
def test_output_that_is_closed_from_the_start(checkout: Checkout) -> None:
    argv = ["sh", "-c", '"$@" >&-', "sh", *COMMAND]
    ended = subprocess.run(argv, cwd=checkout.root, env={**checkout.env, "PATH": os.environ["PATH"]}, timeout=300,
                           stderr=subprocess.PIPE, check=False)  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert "web: gunicorn" in checkout.read("Procfile")
    assert "Procfile" in checkout.logs()


@posix
def test_a_deployment_continues_when_its_output_is_not_read(on_heroku: OnPlatform) -> None:
    argv = [*COMMAND, "--automate-all", "--yes", "--no-open", *on_heroku.named]
    with unread() as stream:
        ended = subprocess.run(argv, cwd=on_heroku.checkout.root, env=on_heroku.checkout.env, timeout=500,
                               stdout=stream, stderr=subprocess.PIPE, check=False)  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert "Your project is online: https://" in on_heroku.checkout.logs()


# --- Git -------------------------------------------------------------------------------------------------

REMOTES = {"origin": "https://git.example/blog.git"}
GIT_VARIABLES = {
    "GIT_TRACE": "1",
    "GIT_TRACE2": "1",
    "GIT_TRACE_SETUP": "1",
    "GIT_DIR": "/nowhere",
    "GIT_WORK_TREE": "/nowhere",
    "GIT_COMMON_DIR": "/nowhere",
    "GIT_INDEX_FILE": "/nowhere/index",
    "GIT_OBJECT_DIRECTORY": "/nowhere",
    "GIT_CONFIG": "/nowhere",
    "GIT_LITERAL_PATHSPECS": "1",
}
GIT_SETTINGS = ("color.ui=always", "status.showUntrackedFiles=no", "core.quotePath=true", "status.relativePaths=true",
                "status.short=true", "status.branch=true")  # fmt: skip


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository")
    environment = {**os.environ, "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    identity = ("-c", "user.name=A Developer", "-c", "user.email=dev@example.com")
    (folder / ".gitignore").write_text("Proc*\n", encoding="utf-8")
    for words in (("init", "--quiet", "-b", "main"), ("add", ".gitignore"), ("commit", "--quiet", "-m", "Start")):
        subprocess.run(["git", *identity, *words], cwd=folder, env=environment, check=True)
    address = ("remote", "add", *REMOTES, *REMOTES.values())
    subprocess.run(["git", *address], cwd=folder, env=environment, check=True)
    (folder / "größe.txt").write_text("", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def without_remote(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`git config --get-regexp` finds nothing: its status is then 1, and its output decides."""
    folder = tmp_path_factory.mktemp("without_remote") / "repository"
    shutil.copytree(repository, folder)
    subprocess.run(["git", "remote", "remove", "origin"], cwd=folder, check=True)
    return folder


def assert_git_is_read(repository: Path, remotes: dict[str, str]) -> None:
    with asking(repository, lambda ran, output: None) as asked:
        found, nothing = asked.repository(repository)
        git, problems = asked.state()
    assert (problems, nothing) == ([], [])
    assert git and found
    assert found.root == repository.resolve()
    assert git.entries == (GitEntry(path="größe.txt", state="untracked"),)
    assert git.branch == "main"
    assert git.remotes == remotes
    contents = {"Procfile": b"web: x\n", "Procfilë": b""}
    tried = try_commit(found, contents, list(contents), force=False, record=lambda ran, output: None)
    assert tried.ignored == {"Procfile", "Procfilë"}


@pytest.mark.beyond_ascii
@pytest.mark.parametrize("name", GIT_VARIABLES)
def test_variables_for_other_git_commands(
    name: str, repository: Path, without_remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, GIT_VARIABLES[name])
    assert_git_is_read(repository, REMOTES)
    assert_git_is_read(without_remote, {})


@pytest.mark.beyond_ascii
def test_settings_that_change_what_git_prints(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_COUNT", str(len(GIT_SETTINGS)))
    for number, setting in enumerate(GIT_SETTINGS):
        key, _, value = setting.partition("=")
        monkeypatch.setenv(f"GIT_CONFIG_KEY_{number}", key)
        monkeypatch.setenv(f"GIT_CONFIG_VALUE_{number}", value)
    assert_git_is_read(repository, REMOTES)


@posix
def test_git_in_another_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git = tmp_path / "git"
    git.write_text("#!/bin/sh\necho 'Schwerwiegend: Kein Git-Repository' >&2\nexit 128\n", encoding="utf-8")
    git.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with asking(tmp_path, lambda ran, output: None) as asked:
        root, [problem] = asked.repository(tmp_path)
    assert (root, problem.code) == (None, "no-repository")


# --- names and kinds of files ------------------------------------------------------------------------------


@posix
@pytest.mark.parametrize("name", [b"blog\n", b"bl\xe9og", b"bl\x1b[2Jog"])
def test_a_folder_whose_name_cannot_be_encoded(name: bytes, checkout: Checkout) -> None:
    folder = checkout.root.parent / os.fsdecode(name)
    try:
        checkout.root.rename(folder)
    except OSError:
        pytest.skip("this file system has no such names")
    argv = [*COMMAND, "--no-color"]
    ended = subprocess.run(argv, cwd=folder, env=checkout.env, check=False, timeout=300, capture_output=True)
    assert ended.returncode == 1
    lines = ended.stderr.decode().splitlines()
    found = "1. The path of the project contains a character that other programs cannot handle: "
    assert lines[2] == found + ascii(str(folder.resolve()))
    assert lines[3:] == ["   -> Rename the folder and run the command again."]
    assert not {"Procfile", "simple_deploy_logs"} & {path.name for path in folder.iterdir()}


@posix
@pytest.mark.parametrize("name", ["Procfile", "pyproject.toml"])
def test_a_pipe_at_the_path_of_a_file(name: str, checkout: Checkout) -> None:
    subprocess.run(["mkfifo", str(checkout.root / name)], check=True)
    ended = checkout.deployer()
    assert ended.returncode == 1
    assert f"1. {name} exists but is not a readable file.\n" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "2. " not in ended.stderr


@posix
def test_only_regular_files_are_read(tmp_path: Path) -> None:
    subprocess.run(["mkfifo", str(tmp_path / "pipe")], check=True)
    for path in (tmp_path / "pipe", tmp_path, Path("/dev/null")):
        with pytest.raises(OSError, match="not a regular file"):
            content(path)
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "link").symlink_to("file")
    assert content(tmp_path / "link") == b"x"


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    ("name", "text"), [("requirements.txt", "Django\n"), ("pyproject.toml", "[project]\n"), ("Pipfile", "[packages]\n")]
)
def test_utf_16_without_a_byte_order_mark(name: str, text: str, codec: str) -> None:
    _, [problem] = package_managers.detect(Known({name: text.encode(codec)}))
    kind = "cannot be read as text: " if name.endswith(".txt") else "is not valid TOML: "
    assert problem.found.startswith(f"{name} {kind}")
    assert "as in UTF-16 without a byte order mark" in problem.found


# --- logins, logs and errors -------------------------------------------------------------------------------

TOKENS = [
    ("heroku", "heroku", "HEROKU_API_KEY", "heroku login"),
    ("fly_io", "fly", "FLY_API_TOKEN", "fly auth login"),
    ("fly_io", "fly", "FLY_ACCESS_TOKEN", "fly auth login"),
    ("upsun", "upsun", "UPSUN_CLI_TOKEN", "upsun login"),
    ("platform_sh", "platform", "PLATFORMSH_CLI_TOKEN", "platform login"),
]


@posix
@pytest.mark.parametrize(("platform", "program", "variable", "login"), TOKENS)
def test_a_token_that_the_platform_rejects(
    platform: str, program: str, variable: str, login: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli = tmp_path / program
    cli.write_text("#!/bin/sh\necho 'Error: Invalid credentials provided.' >&2\nexit 1\n", encoding="utf-8")
    cli.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    for _, _, name, _ in TOKENS:
        monkeypatch.delenv(name, raising=False)
    options = Options(
        manage_py=tmp_path / "manage.py",
        settings_module="blog.settings",
        secret_key=Secret("x"),
        now=datetime(2006, 1, 2, tzinfo=timezone.utc),
        python=(3, 13),
    )

    def problem() -> str:
        found = survey(platforms.load(platform), None, options, tmp_path, lambda *asked: None, lambda *ran: None)
        return f"{found.problems[0].found}\n{found.problems[0].remedy}"

    assert problem().endswith(f"Log in: {login}")
    monkeypatch.setenv(variable, "wrong-token")
    said = problem()
    assert f"rejects the token in {variable}: Error: Invalid credentials provided." in said
    assert f"unset {variable}\n(PowerShell: Remove-Item Env:{variable}), then {login}" in said
    assert "wrong-token" not in said


def test_a_refused_run_leaves_no_folder_behind(checkout: Checkout) -> None:
    checkout.write("new.py", "")
    folder = checkout.root / "simple_deploy_logs"
    assert checkout.deployer().returncode == 1
    assert not folder.exists()
    assert checkout.deployer("--ignore-unclean-git").returncode == 0
    kept = set(folder.iterdir())
    checkout.write("newer.py", "")
    assert checkout.deployer().returncode == 1
    assert set(folder.iterdir()) > kept


@posix
@pytest.mark.parametrize("option", ["--no-logging", "--verbosity=1"])
def test_an_unexpected_error_names_a_log_only_if_there_is_one(option: str, checkout: Checkout) -> None:
    git = Path(checkout.env["PATH"]) / "git"
    real = git.resolve()
    git.unlink()
    git.write_text(f'#!/bin/sh\ncase "$1" in status) printf "1 x";; *) exec "{real}" "$@";; esac\n', encoding="utf-8")
    git.chmod(0o755)
    ended = checkout.deployer(option)
    assert ended.returncode == 1
    first, second, third = ended.stderr.splitlines()
    assert first == "Stopped: simple_deploy hit an unexpected error: ValueError."
    if option == "--no-logging":
        assert second == "Run the command again with --traceback to see the traceback."
        assert third == "Please open an issue with the command that you ran and the traceback."
    else:
        assert second.startswith("The traceback is in simple_deploy_logs/simple_deploy_")
        assert "Traceback" in checkout.logs()
    shown = checkout.deployer(option, "--traceback").stderr
    assert "\nValueError: " in shown
    assert "_parse_status" in shown


def test_traceback_shows_why_settings_cannot_be_loaded(checkout: Checkout) -> None:
    checkout.write("blog/settings.py", "def broken():\n    raise OSError('no such place')\n\nbroken()\n")
    ended = checkout.python("-m", "simple_deploy", "--platform", "heroku", "--traceback")
    assert "in broken\n" in ended.stderr
    assert ended.stderr.endswith("OSError: no such place\n")
