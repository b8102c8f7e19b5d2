"""Live runs, with an emulated platform as the real one: what they ask, create, record, and always destroy."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from matrix.emulators.heroku import EMULATOR as heroku
from matrix.emulators.heroku.state import State
from matrix.live import ledger
from matrix.sandbox import environments, processes
from matrix.sandbox.machine import Ran, Sandbox

REPOSITORY = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="the emulated platform needs a POSIX shell")
LIVE = [sys.executable, "-m", "matrix.live", "--live", "--platform", "heroku"]


class Developer:
    """A developer whose `heroku` is logged in to a Heroku that is indistinguishable from the real one."""

    def __init__(self, box: Sandbox) -> None:
        self.box = box
        self.state = State(box.root)
        self.results = box.root / "results"
        self.env = {
            "PYTHONPATH": str(REPOSITORY),
            environments.CACHE_VARIABLE: str(environments.cache_folder()),
            # Tests must not sweep what a developer has really left behind.
            ledger.VARIABLE: str(box.root / "live"),
        }

    def live(self, *options: str, answer: str | None = None) -> Ran:
        argv = [*LIVE, "--results", str(self.results), *options]
        return self.box.run(argv, cwd=REPOSITORY, env=self.env, input=answer, timeout=900, check=False)

    @property
    def apps(self) -> dict[str, Any]:
        return dict(self.state.read()["apps"])

    def called(self) -> list[str]:
        return [call["argv"][0] for call in self.state.calls()]

    def left_behind(self) -> list[str]:
        return [path.name for path in (self.box.root / "live").glob("sd-live-*")]

    def evidence(self) -> list[dict[str, Any]]:
        return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(self.results.glob("*.json"))]


@pytest.fixture
def developer(tmp_path: Path) -> Iterator[Developer]:
    with Sandbox.create(tmp_path) as box:
        heroku.install(box)
        yield Developer(box)


@pytest.mark.long
def test_no_one_is_logged_in(developer: Developer) -> None:
    with developer.state.change() as platform:
        platform["account"]["logged_in"] = False
    ended = developer.live("--yes")
    assert (ended.returncode, ended.stdout) == (2, "You are not logged in to Heroku. Log in: heroku login\n")
    assert developer.apps == {}


@pytest.mark.long
def test_the_cli_is_not_installed(developer: Developer) -> None:
    (developer.box.bin / "heroku").unlink()
    ended = developer.live("--yes")
    assert ended.returncode == 2
    assert ended.stdout.startswith("heroku is not on your PATH. Install it: npm install --global heroku")


@pytest.mark.long
def test_nothing_to_sweep(developer: Developer) -> None:
    ended = developer.live("--sweep")
    assert (ended.returncode, ended.stdout) == (0, "No live run has left anything behind.\n")


REFUSED = {
    "the cap": (("--yes", "--spend", "11.99"), "This would cost $12.00 for each month in which it is not destroyed"),
    "no terminal": ((), "There is no terminal to ask at: --yes agrees beforehand."),
}


@pytest.mark.long
@pytest.mark.parametrize("case", REFUSED)
def test_nothing_is_created_without_consent(developer: Developer, case: str) -> None:
    options, reason = REFUSED[case]
    ended = developer.live(*options, answer="")
    assert ended.returncode == 1
    assert reason in ended.stdout
    assert (developer.apps, developer.evidence(), developer.left_behind()) == ({}, [], [])
    assert "apps:create" not in developer.called()


@pytest.mark.long
def test_declining_stops_the_run_and_the_prompt_shows_the_cost(developer: Developer) -> None:
    from matrix.sandbox.terminals import converse

    argv = [*LIVE, "--results", str(developer.results)]
    env = {**developer.box.env, **developer.env, "PYTHONUTF8": "1"}
    talk = ("Go ahead? [y/N]", "no\n")
    status, shown = converse(argv, talk, cwd=REPOSITORY, env=env)
    assert status == 1
    assert "This creates on the REAL heroku, on the account dev@example.com:" in shown
    assert "a web dyno: $7 a month" in shown
    assert "at most $12.00 a month while it exists" in shown
    assert (developer.apps, developer.evidence(), developer.left_behind()) == ({}, [], [])


@pytest.mark.long
def test_a_passing_cell_is_recorded_as_live_and_cleaned_up(developer: Developer) -> None:
    ended = developer.live("--yes")
    assert ended.returncode == 0, ended.stdout
    (evidence,) = developer.evidence()
    assert (evidence["evidence"], evidence["status"]) == ("live", "pass")
    assert [stage["name"] for stage in evidence["stages"]][-2:] == ["rerun", "teardown"]
    assert (developer.apps, developer.left_behind()) == ({}, [])
    made = [call["argv"] for call in developer.state.calls() if call["argv"][0] == "apps:create"]
    assert [argv[1].startswith("sd-live-") for argv in made] == [True]


@pytest.mark.long
def test_a_partly_failed_run_is_cleaned_up(developer: Developer) -> None:
    developer.state.add_fault({"command": "config:set", "returncode": 1, "stderr": " ›   Error: no\n", "times": 9})
    ended = developer.live("--yes")
    assert ended.returncode == 1
    assert "apps:create" in developer.called()
    assert (developer.apps, developer.left_behind()) == ({}, [])
    assert [result["status"] for result in developer.evidence()] == ["fail"]


@pytest.mark.long
def test_a_failed_removal_is_reported_and_swept_later(developer: Developer) -> None:
    developer.state.add_fault({"command": "config:set", "returncode": 1, "stderr": "no\n", "times": 9})
    developer.state.add_fault({"command": "apps:destroy", "returncode": 1, "stderr": "Heroku is down\n"})
    ended = developer.live("--yes")
    assert ended.returncode == 1
    (app,) = developer.apps
    assert f"{app} on heroku MAY STILL EXIST AND COST MONEY. Try again with --live --sweep" in ended.stdout
    assert developer.left_behind() == [app]
    asked = developer.live("--sweep", answer="")
    assert (asked.returncode, list(developer.apps)) == (1, [app]), "the answer was no"
    swept = developer.live("--sweep", "--yes")
    assert (swept.returncode, developer.apps, developer.left_behind()) == (0, {}, [])
    assert f"{app}: destroyed" in swept.stdout


@pytest.mark.long
@pytest.mark.parametrize("how", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_the_app_of_an_aborted_run_is_destroyed_or_swept(developer: Developer, how: str) -> None:
    argv = [*LIVE, "--yes", "--results", str(developer.results)]
    child = developer.box.popen(argv, cwd=REPOSITORY, env=developer.env)
    assert processes.wait_until(lambda: "addons:create" in developer.called(), 600)
    (app,) = developer.apps
    os.kill(child.pid, getattr(signal, how))
    child.wait(timeout=600)
    if how == "SIGKILL":
        assert (list(developer.apps), developer.left_behind()) == ([app], [app])
        assert developer.live("--sweep", "--yes").returncode == 0
    assert (developer.apps, developer.left_behind()) == ({}, [])
