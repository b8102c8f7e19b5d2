"""The emulated `heroku` prints what the real one printed, and supports what a deployment needs."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from recorded_session import Step, comparable, steps

from matrix.emulators.heroku import EMULATOR as heroku
from matrix.emulators.heroku.lifecycle import create_app
from matrix.emulators.heroku.state import State
from matrix.sandbox.machine import Sandbox
from matrix.sandbox.namespace import Container
from matrix.sandbox.site import Site

PYTHON = str(Path(sys.base_prefix, *(["python.exe"] if sys.platform == "win32" else ["bin", "python3"])))
SERVE = """
import os, runpy, sys
sys.argv[1:] = ["--bind", "127.0.0.1", os.environ["PORT"]]
runpy.run_module("http.server", run_name="__main__")
"""


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Sandbox]:
    with Sandbox.create(tmp_path) as box:
        heroku.install(box)
        box.run(["git", "init", "--quiet", "repository"])
        (box.work / "elsewhere").mkdir()
        yield box


@pytest.fixture
def state(box: Sandbox) -> State:
    return State(box.root)


def minutes_ago(minutes: int) -> str:
    """A time of the API: its display depends on how long ago it was."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - minutes * 60))


class Replay:
    """Runs the steps of a recording, and between them prepares what the real CLI found in its session."""

    def __init__(self, box: Sandbox) -> None:
        self.box = box
        self.state = State(box.root)
        self.folder = box.work / "repository"
        self.env: dict[str, str] = {}
        self.generated: dict[str, str] = {}
        self.saved = b""

    def differences(self, session: list[Step], arrangements: dict[str, Callable[[], object]]) -> list[str]:
        """Differences in the emulator's output. Preparations come before their step: `argv`, or `argv #2`."""
        seen: Counter[str] = Counter()
        waiting = dict(arrangements)
        found = []
        for step in session:
            line = " ".join(step.argv)
            seen[line] += 1
            waiting.pop(line if seen[line] == 1 else f"{line} #{seen[line]}", bool)()
            found.append(self.difference(step))
        assert not waiting, "arrangements for steps that are not in the recording"
        return [text for text in found if text]

    def difference(self, step: Step) -> str:
        done = self.box.run(
            ["heroku", *(self.generated.get(word, word) for word in step.argv)],
            cwd=self.folder,
            env=self.env,
            check=False,
        )
        stdout, stderr = (self.as_recorded(text) for text in (done.stdout, done.stderr))
        found = replace(step, stdout=comparable(stdout), stderr=comparable(stderr), status=done.returncode)
        expected = replace(step, stdout=comparable(step.stdout), stderr=comparable(step.stderr))
        return "" if found == expected else f"expected {expected}\n   found {found}"

    def as_recorded(self, text: str) -> str:
        for recorded, generated in self.generated.items():
            text = text.replace(generated, recorded)
        return text

    def use_key(self, *, right: bool) -> None:
        self.env = {"HEROKU_API_KEY": self.state.read()["account"]["token"] if right else "wrong"}

    def log_out(self) -> None:
        self.env = {}
        with self.state.change() as platform:
            platform["account"]["logged_in"] = False

    def log_in(self) -> None:
        self.env = {}
        with self.state.change() as platform:
            platform["account"]["logged_in"] = True

    def learn_generated_name(self) -> None:
        (name,) = set(self.state.read()["apps"]) - {"blog-prod"}
        self.generated["floating-dragon-42"] = name

    def serve(self) -> None:
        """The API's stand-in pretended that a web process was running."""
        folder = self.box.root / "served"
        folder.mkdir()
        self.box.sites.start_site(
            Site(
                name="blog-prod",
                hosts=["served.invalid"],
                container=Container(app=folder),
                argv=[PYTHON, "-c", SERVE],
                env={},
                log=self.box.root / "served.log",
            )
        )
        with self.state.change() as platform:
            platform["apps"]["blog-prod"]["dynos"] = [
                {
                    "id": "d1",
                    "name": "web.1",
                    "command": "gunicorn blog.wsgi",
                    "state": "up",
                    "version": 2,
                    "updated_at": minutes_ago(39),
                }
            ]

    def save(self) -> None:
        self.saved = self.state.path.read_bytes()

    def forget_the_database(self) -> None:
        """The API's stand-in did not remember that one had been added."""
        self.state.path.write_bytes(self.saved)

    def age_releases(self) -> None:
        """The width of the table depends on the age of its rows."""
        with self.state.change() as platform:
            for release in platform["apps"]["blog-prod"]["releases"]:
                release["created_at"] = minutes_ago(39)

    def go_elsewhere(self) -> None:
        self.folder = self.box.work / "elsewhere"

    def go_to_the_repository(self) -> None:
        self.folder = self.box.work / "repository"

    def add_second_remote(self) -> None:
        url = "https://git.heroku.com/floating-dragon-42.git"
        self.box.run(["git", "remote", "add", "staging", url], cwd=self.folder)
        self.generated = {}


@pytest.mark.long
def test_the_recorded_session_is_replayed(box: Sandbox) -> None:
    replay = Replay(box)
    arrangements: dict[str, Callable[[], object]] = {
        "auth:whoami": replay.log_out,
        "auth:whoami #2": lambda: replay.use_key(right=True),
        "apps:info -a x": lambda: replay.use_key(right=False),
        "config": replay.log_in,
        "apps:create blog-prod #2": replay.learn_generated_name,
        "apps:info": replay.serve,
        "addons:create heroku-postgresql:essential-0": replay.save,
        "config:set SECRET_KEY=a=b DEBUG=FALSE EMPTY=": replay.forget_the_database,
        "releases": replay.age_releases,
        "config #3": replay.add_second_remote,
    }
    assert replay.differences(steps("heroku_cli_11.10.0.txt"), arrangements) == []


@pytest.mark.long
def test_the_second_recorded_session_is_replayed(box: Sandbox) -> None:
    replay = Replay(box)
    replay.go_elsewhere()

    def some_apps() -> None:
        create_app(replay.state, "blog-prod")
        create_app(replay.state, "taken")
        create_app(replay.state, "theirs", owner="other@example.com")

    def three_releases() -> None:
        with replay.state.change() as platform:
            releases = platform["apps"]["blog-prod"]["releases"]
            del releases[3:]

    arrangements: dict[str, Callable[[], object]] = {
        "apps:info": some_apps,
        "git:remote --app blog-prod --remote heroku": replay.go_to_the_repository,
        "git:remote": replay.go_elsewhere,
        "releases:output v3 --app blog-prod": three_releases,
        "auth:whoami": lambda: replay.use_key(right=False),
        "config -a blog-prod": replay.log_out,
    }
    assert replay.differences(steps("heroku_cli_11.10.0_more.txt"), arrangements) == []


@pytest.mark.parametrize("field", ["stdout", "stderr", "status"])
def test_a_changed_text_is_a_difference(box: Sandbox, field: str) -> None:
    (step,) = [step for step in steps("heroku_cli_11.10.0.txt") if step.argv == ("apps:info", "-a", "nope")]
    assert Replay(box).difference(step) == ""
    changed = replace(step, **{field: 1 if field == "status" else step.stdout + "!\n"})
    assert Replay(box).difference(changed) != ""


def test_every_recording_step_is_read() -> None:
    for name in ("heroku_cli_11.10.0.txt", "heroku_cli_11.10.0_more.txt"):
        text = (Path(__file__).with_name("recordings") / name).read_text(encoding="utf-8")
        assert len(steps(name)) == text.count("$ heroku ") - text.count("  $ heroku ")
