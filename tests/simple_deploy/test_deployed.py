"""`status`, `logs` and `open`: what was deployed."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from test_claims import NOW, make, wanted

from matrix.sandbox import processes
from simple_deploy.contract import Remote, Site
from simple_deploy.deployed.app import App, _claimed
from simple_deploy.deployed.status import _commit
from simple_deploy.effects.commands import handed_over
from simple_deploy.effects.log import Log
from simple_deploy.masking.redact import Redactor
from simple_deploy.messages.stops import Refused
from simple_deploy.model import Created, Step
from simple_deploy.platforms import installed, load
from simple_deploy.receipt import Writer, begun

if TYPE_CHECKING:
    from conftest import Checkout, OnPlatform

SCHEMA = Path(__file__).parents[2] / "docs" / "reference" / "status.schema.json"
ALL = [load(name) for name in installed()]


def ran(root: Path, platform: str, app: str, day: int) -> None:
    """Record a deployment."""
    (root / ".git").mkdir(exist_ok=True)
    writer = Writer(root, begun("deploy", NOW.replace(day=day), platform, app, "main", account="dev@example.com"))
    writer.step(Step(id="x", title="", why="", argv=(), makes=(Created(kind="app", name=app),)), "done", "id-1")


def code(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def test_the_platform_of_the_latest_deployment_is_used(tmp_path: Path) -> None:
    ran(tmp_path, "fly_io", "one", 2)
    ran(tmp_path, "heroku", "two", 3)
    platform, claim = _claimed(make(tmp_path), wanted(), ALL)
    assert (platform.id, claim and claim.app) == ("heroku", "two")
    platform, claim = _claimed(make(tmp_path), wanted(platform="fly_io"), [load("fly_io")])
    assert (platform.id, claim and claim.app) == ("fly_io", "one")


def test_links_to_several_platforms_need_a_choice(tmp_path: Path) -> None:
    links = {"heroku": "https://git.heroku.com/blog.git", "upsun": "abcdefghijkl2@git.eu-5.upsun.com:abcdefghijkl2.git"}
    project = make(tmp_path, remotes=links)
    with pytest.raises(Refused) as refused:
        _claimed(project, wanted(), [load("heroku"), load("upsun")])
    assert code(refused) == ["deployed-to-several"]
    assert _claimed(project, wanted(platform="upsun"), [load("upsun")])[0].id == "upsun"


def test_without_a_deployment_a_name_is_needed(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        _claimed(make(tmp_path), wanted(), ALL)
    assert code(refused) == ["nothing-deployed"]
    named = wanted(platform="heroku", app_name="blog")
    platform, claim = _claimed(make(tmp_path), named, [load("heroku")])
    assert (platform.id, claim) == ("heroku", None)


@pytest.mark.parametrize(
    ("deployed", "head", "missing", "text"),
    [
        (None, "b" * 40, None, "not known"),
        ("b" * 40, "b" * 40, 0, "bbbbbbbbbbbb, which is HEAD"),
        ("a" * 40, "b" * 40, 1, "aaaaaaaaaaaa; HEAD has 1 more commit"),
        ("a" * 40, "b" * 40, 3, "aaaaaaaaaaaa; HEAD has 3 more commits"),
        ("a" * 40, "b" * 40, None, "aaaaaaaaaaaa, which is not part of the current branch"),
    ],
)
def test_the_deployed_commit_is_compared_with_head(
    deployed: str | None, head: str, missing: int | None, text: str
) -> None:
    assert _commit(deployed, head, missing) == text


def test_a_platform_without_live_shows_the_end_of_its_log(tmp_path: Path) -> None:
    site = Site(project=make(tmp_path), options=wanted(), remote=Remote(app="blog"))
    for live in (None, load("heroku").live):
        app = App(platform=replace(load("heroku"), live=live), site=site, log=Log(Redactor([])))
        assert ("--tail" in app.log_command) is (live is not None)
    nothing = replace(load("heroku"), live=None, watch=None, address=None)
    app = App(platform=nothing, site=site, log=Log(Redactor([])))
    assert app.log_command == ()
    with pytest.raises(Refused) as refused:
        app.address()
    assert code(refused) == ["not-shown"]


def test_a_program_on_the_terminal_sets_the_exit_status(tmp_path: Path) -> None:
    assert handed_over([sys.executable, "-c", "import sys; sys.exit(3)"], cwd=tmp_path) == 3
    assert handed_over(["no-such-program"], cwd=tmp_path) == 127


def test_a_project_without_a_deployment_gets_a_one_sentence_message(checkout: Checkout) -> None:
    before = checkout.contents()
    ended = checkout.python("manage.py", "simple_deploy", "status", "--json")
    assert ended.returncode == 1
    said = json.loads(ended.stdout)
    assert (said["status"], said["error"]["problems"]) == ("failed", ["nothing-deployed"])
    assert checkout.contents() == before
    assert not (checkout.root / "simple_deploy_logs").exists()


def status(machine: OnPlatform, *options: str) -> Any:
    ended = machine.checkout.python("manage.py", "simple_deploy", "status", "--json", *options)
    assert ended.returncode == 0, ended.stderr
    value = json.loads(ended.stdout)
    jsonschema.validate(value, json.loads(SCHEMA.read_text(encoding="utf-8")))
    return value


def test_a_deployment_can_be_shown_followed_and_opened(on_any: OnPlatform) -> None:
    assert on_any.deploy().returncode == 0
    checkout = on_any.checkout
    calls = len(on_any.state.calls())
    before = checkout.contents(), checkout.git("status", "--porcelain"), checkout.logs()
    shown = status(on_any)
    assert (shown["platform"], shown["app"]) == (on_any.platform, "my-blog")
    assert shown["commit"]["deployed"] == shown["commit"]["head"] == checkout.git("rev-parse", "HEAD").strip()
    assert shown["address"]["response"] == "HTTP 404 Not Found"
    assert shown["address"]["healthy"]
    assert shown["database"]
    checkout.commit_all("One more")
    text = checkout.python("manage.py", "simple_deploy", "status").stdout
    assert "HEAD has 1 more commit\n" in text
    opened = checkout.python("manage.py", "simple_deploy", "open", "--no-open")
    assert opened.stdout == f"{shown['address']['url']}\n"
    assert followed(checkout) == (127 if on_any.platform == "fly_io" else 130, True)
    assert (checkout.contents(), checkout.git("status", "--porcelain"), checkout.logs()) == before
    reading = {on_any.emulator.command(call["argv"]) for call in on_any.state.calls()[calls:]}
    assert not {one for one in reading if "create" in one or "set" in one or "deploy" in one}


def followed(checkout: Checkout) -> tuple[int, bool]:
    """The exit status of `logs` after Ctrl-C, and whether it showed lines before."""
    argv = [sys.executable, "manage.py", "simple_deploy", "logs"]
    child = processes.start(argv, cwd=checkout.manage_dir, env=checkout.env, stdout=-1)
    try:
        assert child.stdout
        command, first = child.stdout.readline(), child.stdout.readline()
        ended_by_itself = processes.wait_until(lambda: child.poll() is not None, timeout=1)
        assert not ended_by_itself
        processes.interrupt(child)
        child.communicate(timeout=20)
    finally:
        processes.kill(child)
    return child.returncode, command.startswith("$ ") and bool(first.strip())
