"""Real Django projects in real Git repositories, and the command started as users start it."""

from __future__ import annotations

import json
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import forked
import pytest

from matrix import emulators
from matrix.emulators import Emulator
from matrix.emulators._kit.store import Store
from matrix.sandbox import clock
from matrix.sandbox.machine import Sandbox
from matrix.sandbox.processes import Ran
from simple_deploy import platforms
from simple_deploy.trial.loading import CHILD

SKIPPED = {".git", "simple_deploy_logs", "__pycache__"}


@dataclass(frozen=True, kw_only=True)
class Checkout:
    """A project in a Git repository of its own; `manage_dir` is where manage.py is."""

    root: Path
    manage_dir: Path
    env: dict[str, str]

    def git(self, *arguments: str) -> str:
        argv = ["git", *arguments]
        return subprocess.run(
            argv, cwd=self.root, env=self.env, check=True, capture_output=True, encoding="utf-8"
        ).stdout

    def commit_all(self, message: str = "Start") -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", message)

    def python(self, *arguments: str, cwd: Path | None = None, fork: bool = True, **env: str) -> Ran:
        """Python with these arguments; without a fork, a process that inherits what this one has."""
        if fork and arguments[0] == "manage.py" and forked.possible(env):
            return forked.manage(arguments[1:], cwd or self.manage_dir, {**self.env, **env})
        ended = subprocess.run(
            [sys.executable, *arguments],
            cwd=cwd or self.manage_dir,
            env={**self.env, **env},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=300,
        )
        return Ran(argv=(), returncode=ended.returncode, stdout=ended.stdout, stderr=ended.stderr)

    def deployer(self, *options: str, trial: bool = False, fork: bool = True, **env: str) -> Ran:
        """The command, for Heroku unless the options name another platform; a trial takes a second longer."""
        options = options if trial else ("--no-trial", *options)
        if "--platform" not in options:
            options = ("--platform", "heroku", *options)
        return self.python("manage.py", "simple_deploy", "--no-color", *options, fork=fork, **env)

    def tried(self, *parts: str, **order: Any) -> dict[str, Any]:
        """The answer of the trial's process, which loads the project where it is."""
        whole = {"tree": str(self.root), "parts": parts, "module": "blog.settings", **order}
        with tempfile.TemporaryDirectory() as folder:
            files = Path(folder, "order"), Path(folder, "answer")
            files[0].write_text(json.dumps(whole), encoding="utf-8")
            ended = self.python(str(CHILD), *map(str, files))
            assert ended.returncode == 0, ended.stderr
            return dict(json.loads(files[1].read_text(encoding="utf-8")))

    def contents(self) -> dict[str, bytes]:
        """Every file of the project with its bytes, except Git's own and logs."""
        files = (path for path in self.root.rglob("*") if path.is_file())
        named = ((path.relative_to(self.root), path) for path in files)
        return {name.as_posix(): path.read_bytes() for name, path in named if not SKIPPED & set(name.parts)}

    def write(self, path: str, text: str) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")

    def read(self, path: str) -> str:
        return (self.root / path).read_text(encoding="utf-8")

    def page(self, suffix: str) -> str:
        """The newest summary page: ".html" or ".md"."""
        folder = self.root / "simple_deploy_logs"
        return sorted(folder.glob(f"*{suffix}"))[-1].read_text(encoding="utf-8")

    def logs(self) -> str:
        folder = self.root / "simple_deploy_logs"
        return "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.log")))


@pytest.fixture(scope="session")
def startproject(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of `django-admin startproject`, with simple_deploy added as documented."""
    folder = tmp_path_factory.mktemp("startproject") / "blog"
    folder.mkdir()
    argv = [sys.executable, "-m", "django", "startproject", "blog", str(folder)]
    subprocess.run(argv, check=True, capture_output=True)
    settings = folder / "blog" / "settings.py"
    text = settings.read_text(encoding="utf-8")
    text = text.replace("INSTALLED_APPS = [", "INSTALLED_APPS = [\n    'simple_deploy',")
    settings.write_text(text, encoding="utf-8", newline="\n")
    (folder / "requirements.txt").write_text("Django\n", encoding="utf-8", newline="\n")
    (folder / ".gitignore").write_text("__pycache__/\n*.sqlite3\n", encoding="utf-8", newline="\n")
    return folder


@pytest.fixture(scope="session")
def user_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Equal projects are tried only once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def terminal_env(tmp_path: Path, user_cache: Path) -> dict[str, str]:
    """A user's environment without a platform's CLI: a separate home, Git, and nothing else on PATH."""
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(
        "[user]\n\tname = A Developer\n\temail = dev@example.com\n[init]\n\tdefaultBranch = main\n",
        encoding="utf-8",
    )
    programs = tmp_path / "bin"
    programs.mkdir()
    git = Path(shutil.which("git") or "git")
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP", "TMP", "PATHEXT") if name in os.environ}
    path = str(git.parent) if os.name == "nt" else str(programs)
    if os.name != "nt":
        (programs / "git").symlink_to(git)
    return {
        **kept,
        **clock.environment(),
        "XDG_CACHE_HOME": str(user_cache),
        "PATH": path,
        "HOME": str(home),
        "USERPROFILE": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "PYTHONWARNDEFAULTENCODING": "1",
        "PYTHONWARNINGS": "error",
        "PYTHONUTF8": "1",
    }


def _make_checkout(source: Path, root: Path, env: dict[str, str], folder: str) -> Checkout:
    """`folder` is where manage.py is below the Git root."""
    manage_dir = root / folder
    shutil.copytree(source, manage_dir)
    if manage_dir != root:
        for name in ("requirements.txt", ".gitignore"):
            (manage_dir / name).rename(root / name)
    checkout = Checkout(root=root, manage_dir=manage_dir, env=env)
    checkout.git("init", "--quiet")
    checkout.commit_all()
    return checkout


@pytest.fixture
def checkout(startproject: Path, tmp_path: Path, terminal_env: dict[str, str]) -> Checkout:
    """A committed project; manage.py, requirements.txt and .gitignore are at the Git root."""
    return _make_checkout(startproject, tmp_path / "blog", terminal_env, ".")


@pytest.fixture
def nested(startproject: Path, tmp_path: Path, terminal_env: dict[str, str]) -> Checkout:
    """A committed project whose manage.py is in `site/`; requirements.txt and .gitignore are at the Git root."""
    return _make_checkout(startproject, tmp_path / "blog", terminal_env, "site")


@pytest.fixture
def deep(startproject: Path, tmp_path: Path, terminal_env: dict[str, str]) -> Checkout:
    """A committed project whose manage.py is two folders down, in one with a space in its name."""
    return _make_checkout(startproject, tmp_path / "blog", terminal_env, "code/my site")


@pytest.fixture
def too_deep(startproject: Path, tmp_path: Path, terminal_env: dict[str, str]) -> Checkout:
    """A committed project whose manage.py is three folders down."""
    return _make_checkout(startproject, tmp_path / "blog", terminal_env, "a/b/c")


@dataclass(frozen=True, kw_only=True)
class OnPlatform:
    """A project on a throwaway machine with an emulated platform."""

    box: Sandbox
    platform: str
    emulator: Emulator
    state: Store[Any]
    checkout: Checkout

    def deploy(self, *options: str, trial: bool = False) -> Ran:
        """The automated run, without prompts and browser."""
        automated = ("--automate-all", "--yes", "--no-open", *self.emulator.UNATTENDED, *self.named)
        return self.checkout.deployer("--platform", self.platform, *automated, *options, trial=trial)

    @property
    def named(self) -> tuple[str, ...]:
        return ("--deployed-project-name", "my-blog")

    def calls(self, command: str) -> list[list[str]]:
        """The arguments of every call of this command that succeeded."""
        made = (call for call in self.state.calls() if call["returncode"] == 0)
        return [call["argv"] for call in made if self.emulator.command(call["argv"]) == command]

    def get(self, url: str) -> int:
        """The status that a visitor gets."""
        import httpx

        bundle = ssl.create_default_context(cafile=self.box.env["SSL_CERT_FILE"])
        with httpx.Client(proxy=self.box.env["HTTPS_PROXY"], verify=bundle, trust_env=False) as client:
            return client.get(url).status_code


@pytest.fixture(scope="session")
def small_project(startproject: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same without the admin and its 130 static files, so that a build takes half the time."""
    folder = tmp_path_factory.mktemp("small") / "blog"
    shutil.copytree(startproject, folder)
    settings = folder / "blog" / "settings.py"
    text = settings.read_text(encoding="utf-8").replace("    'django.contrib.admin',\n", "")
    settings.write_text(text, encoding="utf-8", newline="\n")
    (folder / "blog" / "urls.py").write_text("urlpatterns = []\n", encoding="utf-8", newline="\n")
    return folder


@contextmanager
def on_platform(platform: str, project: Path, folder: str = ".") -> Iterator[OnPlatform]:
    """`project` committed on a machine with that platform; `folder` is where manage.py is below the Git root."""
    emulator = emulators.load(platform)
    with Sandbox.create() as box:
        emulator.install(box)
        env = {**box.env, "PYTHONWARNDEFAULTENCODING": "1", "PYTHONUTF8": "1"}
        checkout = _make_checkout(project, box.work / "blog", env, folder)
        state = emulator.store(box.root)
        yield OnPlatform(box=box, platform=platform, emulator=emulator, state=state, checkout=checkout)


@pytest.fixture
def machine_with() -> Callable[..., AbstractContextManager[OnPlatform]]:
    """`on_platform`, for the tests of one platform."""
    return on_platform


@pytest.fixture(params=platforms.installed())
def on_any(request: pytest.FixtureRequest, small_project: Path) -> Iterator[OnPlatform]:
    """A committed small project on each platform in turn, with an account that is logged in, and no app yet."""
    with on_platform(request.param, small_project) as machine:
        yield machine


@pytest.fixture
def on_heroku(small_project: Path) -> Iterator[OnPlatform]:
    """A committed small project, an account that is logged in, and no app yet."""
    with on_platform("heroku", small_project) as machine:
        yield machine


@pytest.fixture
def started_on_heroku(startproject: Path) -> Iterator[OnPlatform]:
    """The same with all that `startproject` makes."""
    with on_platform("heroku", startproject) as machine:
        yield machine


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests that deploy as `long`, except those of test_automate_all that are not marked."""
    for item in items:
        deploys = {"on_heroku", "on_any", "started_on_heroku"} & set(getattr(item, "fixturenames", ()))
        if deploys and item.path.name != "test_automate_all.py":
            item.add_marker("long")
