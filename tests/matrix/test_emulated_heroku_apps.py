"""Pushed apps on the emulated Heroku: releases, restarts, crashes, and removal."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from heroku_project import FILES, WEB, Project, get

from matrix.emulators.heroku import EMULATOR as heroku
from matrix.emulators.heroku.lifecycle import create_app
from matrix.sandbox import isolation
from matrix.sandbox.machine import Sandbox
from matrix.sandbox.processes import interrupt, wait_until

# Each pushes, builds and starts an app.
pytestmark = pytest.mark.long

RELEASE = {**FILES, "Procfile": "release: python release.py\nweb: python server.py\n"}
RELEASE["release.py"] = "import os; print('releasing', os.environ['DYNO'].split('.')[0], os.environ.get('PORT'))\n"
METADATA = "HEROKU_APP_DEFAULT_DOMAIN_NAME"


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Sandbox]:
    with Sandbox.create(tmp_path) as box:
        heroku.install(box)
        yield box


def test_push_builds_releases_and_serves(box: Sandbox) -> None:
    project = Project(box, files=RELEASE)
    lines = project.pushed()
    url = f"https://{project.found['host']}/"
    assert lines[-15:] == [
        "-----> Discovering process types",
        "       Procfile declares types -> release, web",
        "",
        "-----> Compressing...",
        "       Done: 0.0M",
        "-----> Launching...",
        " !     Release command declared: this new release will not be available until the command succeeds.",
        "       Released v3",
        f"       {url} deployed to Heroku",
        "",
        "Verifying deploy... done.",
        "Running release command...",
        "",
        "releasing release None",
        "Waiting for release.... done.",
    ]
    seen = project.seen()
    assert (seen["scheme"], seen["env"]["DYNO"], seen["env"]["WEB_CONCURRENCY"]) == ("https", "web.1", "2")
    assert project.get(scheme="http").json()["scheme"] == "http"
    if isolation.current() == "bubblewrap":
        assert (seen["folder"], seen["env"]["HOME"]) == ("/app", "/app")
    assert project.release()["status"] == "succeeded"
    assert project.heroku("releases:output").stdout == "releasing release None\n"
    assert "web.1: up" in project.heroku("ps").stdout


def test_logs_show_heroku_and_the_app(box: Sandbox) -> None:
    project = Project(box, files=RELEASE)
    project.pushed()
    project.seen()
    lines = [line.partition(" ")[2] for line in project.heroku("logs", "--num", "100").stdout.splitlines()]
    assert "app[api]: Build succeeded" in lines
    assert "heroku[web.1]: Starting process with command `python server.py`" in lines
    assert any(line.startswith("app[release.") and line.endswith("]: releasing release None") for line in lines)
    assert any(line.startswith("app[web.1]: ") and '"GET / HTTP/1.1" 200' in line for line in lines)
    assert project.heroku("logs", "--num", "1").stdout.count("\n") == 1


def test_failed_release_keeps_the_old_version_and_the_push_succeeds(box: Sandbox) -> None:
    project = Project(box, files=RELEASE)
    project.pushed()
    project.write({"release.py": "raise SystemExit('no migration')\n", "web.py": WEB.replace("first", "second")})
    lines = project.pushed()
    assert lines[-2:] == ["no migration", "Waiting for release.... failed."]
    assert (project.release()["version"], project.release()["status"]) == (4, "failed")
    assert project.seen()["text"] == "first"
    project.write({"release.py": ""})
    project.pushed()
    assert project.seen()["text"] == "second"


def test_config_change_runs_the_release_command_and_restarts(box: Sandbox) -> None:
    project = Project(box, files=RELEASE)
    project.heroku("config:set", "COLOUR=red")
    assert project.found["releases"][-1]["output"] is None
    project.pushed()
    assert project.seen()["env"]["COLOUR"] == "red"
    project.heroku("config:set", "COLOUR=blue")
    assert project.seen()["env"]["COLOUR"] == "blue"
    assert project.heroku("releases:output").stdout == "releasing release None\n"
    project.heroku("config:unset", "COLOUR")
    assert "COLOUR" not in project.seen()["env"]


def test_files_of_a_dyno_are_lost_with_it(box: Sandbox) -> None:
    project = Project(box)
    project.pushed()
    assert [project.seen()["visits"] for _ in range(2)] == [1, 2]
    project.heroku("ps:restart")
    assert project.seen()["visits"] == 1
    run = project.heroku("run", "--exit-code", "--", "python", "-c", "import os; print('visits' in os.listdir())")
    assert run.stdout == "False\n"


def test_dyno_metadata_takes_effect_with_the_next_release(box: Sandbox) -> None:
    project = Project(box)
    project.pushed()
    project.heroku("labs:enable", "runtime-dyno-metadata")
    project.heroku("ps:restart")
    assert METADATA not in project.seen()["env"]
    project.heroku("config:set", "ANY=thing")
    env = project.seen()["env"]
    commit = box.run(["git", "rev-parse", "HEAD"], cwd=project.folder).stdout.strip()
    assert (env[METADATA], env["HEROKU_APP_NAME"]) == (project.found["host"], "blog-prod")
    assert (env["HEROKU_RELEASE_VERSION"], env["HEROKU_SLUG_COMMIT"]) == ("v4", commit)
    assert METADATA not in project.found["config"]
    config_vars = {"DATABASE_URL", "ON_HEROKU", "SECRET_KEY"}
    assert set(heroku.ENVIRONMENT) - config_vars <= set(env)


def test_gunicorn_listens_on_the_loopback_interface_only(box: Sandbox) -> None:
    files = {**FILES, "requirements.txt": "gunicorn\n", "Procfile": "web: gunicorn web:app --workers 1\n"}
    project = Project(box, files=files)
    project.pushed()
    assert project.seen()["text"] == "first"
    assert "Listening at: http://127.0.0.1:" in project.heroku("logs").stdout


def test_database_is_real_and_destroyed_with_its_app(box: Sandbox) -> None:
    project = Project(box)
    project.heroku("addons:create", "heroku-postgresql:essential-0", "--wait")
    project.heroku("addons:create", "heroku-postgresql:essential-0")
    assert list(project.found["config"]) == ["DATABASE_URL", "HEROKU_POSTGRESQL_AQUA_URL"]
    assert project.found["config"]["DATABASE_URL"].startswith("postgres://")
    project.pushed()
    assert project.get().status_code == 200
    host = project.found["host"]
    assert box.sites.site("blog-prod")
    project.heroku("apps:destroy", "--confirm", "blog-prod")
    assert project.state.read()["apps"] == {}
    assert box.sites.site("blog-prod") is None
    assert get(box, f"https://{host}/").status_code == 404
    assert box.run(["git", "remote"], cwd=project.folder).stdout == ""
    assert not list((project.state.folder / "git").iterdir())


def test_web_process_that_does_not_boot_leaves_a_crashed_dyno(box: Sandbox) -> None:
    project = Project(box)
    project.pushed()
    project.write({"server.py": "raise SystemExit('cannot start')\n"})
    project.pushed()
    answer = project.get()
    assert (answer.status_code, "Application Error" in answer.text) == (503, True)
    assert "web.1: crashed" in project.heroku("ps").stdout
    assert project.release()["status"] == "succeeded"
    assert "app[web.1]: cannot start" in project.heroku("logs").stdout


def test_web_process_that_does_not_bind_is_a_boot_timeout(box: Sandbox) -> None:
    project = Project(box, files={**FILES, "server.py": "import time\nwhile True: time.sleep(1)\n"})
    with project.state.change() as platform:
        platform["limits"]["boot"] = 0.5
    project.pushed()
    assert project.get().status_code == 503
    assert "Error R10 (Boot timeout)" in project.heroku("logs").stdout


def test_app_without_a_web_process_has_no_dynos(box: Sandbox) -> None:
    project = Project(box, files={**FILES, "Procfile": ""})
    assert "       Procfile declares types -> (none)" in project.pushed()
    assert project.heroku("ps").stdout == "No dynos on blog-prod\n"
    assert project.get().status_code == 503


def test_process_that_exits_later_is_reported_as_crashed(box: Sandbox) -> None:
    once = FILES["server.py"].replace("serve_forever", "handle_request")
    project = Project(box, files={**FILES, "server.py": once})
    project.pushed()
    assert wait_until(lambda: project.get().status_code == 503, 10)
    assert json.loads(project.heroku("ps", "--json").stdout)[0]["state"] == "crashed"


def test_several_apps_can_run_at_once(box: Sandbox) -> None:
    one, two = Project(box, "app-one"), Project(box, "app-two", {**FILES, "web.py": WEB.replace("first", "second")})
    one.pushed()
    two.pushed()
    assert (one.seen()["text"], two.seen()["text"]) == ("first", "second")
    two.heroku("apps:destroy", "--app", "app-two", "--confirm", "app-two")
    assert one.seen()["visits"] == 2


def test_app_of_another_account_is_inaccessible(box: Sandbox) -> None:
    project = Project(box)
    create_app(project.state, "theirs", owner="other@example.com")
    for words in (["config"], ["releases"], ["config:set", "A=b"], ["apps:destroy", "--confirm", "theirs"]):
        done = project.heroku(*words, "--app", "theirs", check=False)
        assert done.returncode == 2
        assert "Error: You do not have access to the app theirs." in done.stderr
    url = "https://git.heroku.com/theirs.git"
    assert box.run(["git", "push", url, "HEAD:main"], cwd=project.folder, check=False).returncode == 128


def test_only_main_is_built(box: Sandbox) -> None:
    project = Project(box)
    assert project.push("topic").returncode == 0
    assert len(project.found["releases"]) == 2
    project.pushed()
    assert len(project.found["releases"]) == 3
    remote = box.run(["git", "ls-remote", "heroku", "refs/heads/main"], cwd=project.folder).stdout
    assert remote.split()[0] == box.run(["git", "rev-parse", "HEAD"], cwd=project.folder).stdout.strip()


def test_run_returns_the_status_only_on_request(box: Sandbox) -> None:
    project = Project(box)
    project.pushed()
    command = ["--", "python", "-c", "import os; print(os.environ['DYNO'].split('.')[0]); raise SystemExit(7)"]
    done = project.heroku("run", "--exit-code", *command, check=False)
    assert (done.returncode, done.stdout) == (7, "run\n")
    assert done.stderr.endswith(" ›   Error: Process exited with code 7\n")
    assert project.heroku("run", *command).returncode == 0


def test_calls_are_recorded(box: Sandbox) -> None:
    project = Project(box)
    project.heroku("config:get", "--app", "nope", "KEY", check=False)
    assert project.state.calls() == [
        {"argv": ["apps:create", "blog-prod"], "returncode": 0},
        {"argv": ["config:get", "--app", "nope", "KEY"], "returncode": 2},
    ]


def test_fault_replaces_the_command_once(box: Sandbox) -> None:
    project = Project(box)
    project.state.add_fault({"command": "config:set", "stderr": " ›   Error: Oops\n", "returncode": 2})
    done = project.heroku("config:set", "A=b", check=False)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", " ›   Error: Oops\n")
    assert project.found["config"] == {}
    project.heroku("config:set", "A=b")
    assert project.found["config"] == {"A": "b"}


def test_fault_can_come_after_the_work(box: Sandbox) -> None:
    project = Project(box)
    project.state.add_fault({"command": "config:set", "after": True, "returncode": 1})
    assert project.heroku("config:set", "A=b", check=False).returncode == 1
    assert project.found["config"] == {"A": "b"}


@pytest.mark.parametrize("command", ["git push", "build"])
def test_push_and_build_can_be_made_to_fail(box: Sandbox, command: str) -> None:
    project = Project(box)
    project.state.add_fault({"command": command, "stderr": "Error: Oops"})
    assert any("Error: Oops" in line for line in project.refused())
    assert len(project.found["releases"]) == 2
    project.pushed()


def test_release_can_be_made_to_fail_after_its_command(box: Sandbox) -> None:
    project = Project(box, files=RELEASE)
    project.state.add_fault({"command": "release", "stderr": "Oops", "after": True})
    assert project.pushed()[-3:] == ["releasing release None", "Oops", "Waiting for release.... failed."]
    assert project.heroku("releases:output").stdout == "releasing release None\nOops\n"
    assert project.release()["status"] == "failed"


@pytest.mark.skipif(sys.platform == "win32", reason="Git starts its hook in a shell of its own there")
def test_interrupted_release_is_a_failed_one(box: Sandbox) -> None:
    project = Project(box, files=RELEASE)
    project.state.add_fault({"command": "release", "hang": True})
    push = box.popen(["git", "push", "heroku", "HEAD:main"], cwd=project.folder)
    assert wait_until(lambda: project.found["releases"][-1]["output"] is not None, 300)
    assert project.release()["status"] == "pending"
    interrupt(push)
    push.wait(10)
    assert wait_until(lambda: project.release()["status"] == "failed", 10)
    assert project.push().returncode == 0


@pytest.mark.parametrize(
    "line",
    [
        "heroku --version",
        "heroku auth:whoami",
        "heroku apps:info --app NAME --json",
        "heroku config --app NAME --json",
        "heroku labs --app NAME --json",
        "heroku apps:create NAME --remote heroku --region eu",
        "heroku git:remote --app NAME --remote heroku",
        "heroku labs:enable runtime-dyno-metadata --app NAME",
        "heroku addons:create heroku-postgresql:essential-0 --app NAME --wait",
        "heroku config:set --app NAME ON_HEROKU=1 DEBUG=FALSE",
        "heroku releases --app NAME --json --num 1",
        "heroku releases:output v3 --app NAME",
        "heroku logs --app NAME --num 100",
        "heroku ps --app NAME --json",
        "heroku open --app NAME",
        "heroku run --app NAME --exit-code -- python manage.py check --deploy",
        "heroku apps:destroy --app NAME --confirm NAME",
    ],
)
def test_commands_of_a_deployment_are_known(line: str) -> None:
    assert heroku.refusal(line.split()) is None


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("heroku apps:bogus", "Run heroku help apps for a list of available commands."),
        ("heroku config --app NAME --yaml", "Nonexistent flag: --yaml\nSee more help with --help"),
        ("heroku config --json", "Missing required flag app"),
        ("heroku config --app", "Flag --app expects a value"),
        ("heroku releases NAME --app NAME", "Unexpected argument: NAME\nSee more help with --help"),
    ],
)
def test_other_commands_are_unknown(line: str, reason: str) -> None:
    assert heroku.refusal(line.split()) == reason
