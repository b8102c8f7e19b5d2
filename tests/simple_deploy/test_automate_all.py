"""`--automate-all` on the emulated Heroku: what it does, how it fails, and that it continues where it stopped."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from typing import TYPE_CHECKING

import pytest

from matrix.emulators.heroku import EMULATOR as heroku
from matrix.sandbox import processes
from matrix.sandbox.processes import Ran

if TYPE_CHECKING:
    from conftest import OnPlatform

posix = pytest.mark.skipif(os.name == "nt", reason="needs a pseudo terminal or signals of POSIX")
HEAD = "Stopped: Nothing was changed. Fix this problem first:\n\n"
GO_ON = (
    "Fix the cause, then run the same command again: it continues where it stopped.\n"
    "Every command and its output are in LOG.\n"
)
OWN = "mine-1c5f0e7a3b9d2468-8642d9b3a7e0f5c1-enim"
CREATING = ("apps:create", "addons:create", "labs:enable", "config:set")


def said(ended: Ran) -> str:
    """The text on stderr, without the log's changing name and Git's trailing spaces."""
    text = re.sub(r"simple_deploy_logs/simple_deploy_[0-9_-]+\.log", "LOG", ended.stderr)
    return "\n".join(line.rstrip() for line in text.split("\n"))


def assert_online_after_rerun(on_heroku: OnPlatform) -> str:
    """A rerun completes the deployment, and everything exists once."""
    ended = on_heroku.deploy("--json")
    assert ended.returncode == 0, ended.stderr
    outcome = json.loads(ended.stdout)
    assert on_heroku.get(outcome["url"]) == 404  # a new project has no page at /; the 404 comes from Django itself
    assert len(on_heroku.state.read()["apps"]["my-blog"]["addons"]) == 1
    return ended.stdout + ended.stderr


def assert_nothing_is_left_to_do(on_heroku: OnPlatform) -> str:
    """Another run creates, sets, pushes and changes nothing."""
    made = {command: len(on_heroku.calls(command)) for command in CREATING}
    before = on_heroku.checkout.contents()
    ended = on_heroku.deploy("--json")
    again = json.loads(ended.stdout)
    assert again["files"] == []
    assert {step["state"] for step in again["steps"]} == {"already done"}
    assert {command: len(on_heroku.calls(command)) for command in CREATING} == made
    assert on_heroku.checkout.contents() == before
    return ended.stdout + ended.stderr


def test_one_command_from_a_local_project_to_a_site(started_on_heroku: OnPlatform) -> None:
    ended = started_on_heroku.deploy()
    assert (ended.returncode, ended.stderr) == (0, "")
    url = "https://" + started_on_heroku.state.read()["apps"]["my-blog"]["host"] + "/"
    for words in (
        f"Your project is online: {url}",
        "Changed and committed: Procfile, .python-version, requirements.txt, blog/settings.py",
        "Created: a PostgreSQL database (heroku-postgresql:essential-0) - at most $5 a month",
        "git push heroku HEAD:main",
    ):
        assert words in ended.stdout
    assert "remote: -----> Python app detected" in started_on_heroku.checkout.logs()
    assert "remote: " not in ended.stdout
    assert started_on_heroku.get(url + "admin/login/") == 200
    committed = started_on_heroku.checkout.git("show", "--name-only", "--format=%s", "HEAD").split("\n")
    assert committed[0] == "Configure for deployment to Heroku"
    assert set(committed[2:-1]) == {"Procfile", ".python-version", "requirements.txt", "blog/settings.py"}
    assert started_on_heroku.checkout.git("status", "--porcelain") == ""
    assert [len(started_on_heroku.calls(command)) for command in CREATING] == [1, 1, 1, 1]
    later = assert_nothing_is_left_to_do(started_on_heroku)
    assert_no_secret_appears(started_on_heroku, ended.stdout, later)


def assert_no_secret_appears(on_heroku: OnPlatform, *outputs: str) -> None:
    """The platform's secrets are in no output, log or commit."""
    config = on_heroku.state.read()["apps"]["my-blog"]["config"]
    password = re.search(r"://[^:]+:([^@]+)@", config["DATABASE_URL"])
    assert password
    log = on_heroku.checkout.logs()
    pages = (on_heroku.checkout.page(".html"), on_heroku.checkout.page(".md"))
    history = on_heroku.checkout.git("log", "--all", "--patch", "--no-color")
    for secret in (config["SECRET_KEY"], config["DATABASE_URL"], password[1]):
        assert not any(secret in text for text in (*outputs, log, *pages, history))
        # The same search finds each of them where it is.
        assert secret in on_heroku.state.path.read_text(encoding="utf-8")
    assert "SECRET_KEY=********" in log
    assert "SECRET_KEY: ********" in log


@pytest.mark.long
@posix
def test_a_configured_project_is_committed_deployed_and_shown(on_heroku: OnPlatform) -> None:
    on_heroku.checkout.deployer()
    assert on_heroku.checkout.git("status", "--porcelain") != ""
    opened = on_heroku.box.root / "opened"
    browser = on_heroku.box.bin / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" >> "{opened}"\n', encoding="utf-8")
    browser.chmod(0o755)
    ended = on_heroku.checkout.deployer(
        *("--automate-all", "--yes", "--json", "-v", "2"), *on_heroku.named, BROWSER=f"{browser} %s"
    )
    assert ended.returncode == 0, ended.stderr
    assert "    remote: -----> Python app detected\n" in ended.stderr
    outcome = json.loads(ended.stdout)
    page = on_heroku.checkout.root / outcome["page"]
    assert opened.read_text(encoding="utf-8").split() == [page.as_uri(), outcome["url"]]
    assert ended.stderr.rstrip().endswith(outcome["page"])
    assert on_heroku.checkout.git("status", "--porcelain") == ""
    assert_no_secret_appears(on_heroku, ended.stdout, ended.stderr)


@pytest.mark.long
def test_manually_created_resources_are_found_and_used(on_heroku: OnPlatform) -> None:
    box, root = on_heroku.box, on_heroku.checkout.root
    box.run(["heroku", "apps:create", "my-blog", "--region", "eu", "--remote", "production"], cwd=root)
    box.run(["heroku", "addons:create", "heroku-postgresql:essential-0", "--app", "my-blog", "--wait"], cwd=root)
    box.run(["heroku", "config:set", "--app", "my-blog", f"SECRET_KEY={OWN}", "DEBUG=FALSE"], cwd=root)
    ended = on_heroku.checkout.deployer("--automate-all", "--yes", "--no-open")
    assert ended.returncode == 0, ended.stderr
    assert "already done: found in region eu" in ended.stdout
    assert on_heroku.calls("config:set")[1:] == [["config:set", "--app", "my-blog", "ON_HEROKU=1"]]
    assert on_heroku.state.read()["apps"]["my-blog"]["config"]["SECRET_KEY"] == OWN
    assert "git push production HEAD:main" in ended.stdout


def test_a_remote_of_another_app_is_not_changed(on_heroku: OnPlatform) -> None:
    on_heroku.checkout.git("remote", "add", "heroku", "https://git.heroku.com/another.git")
    planned = on_heroku.deploy("--dry-run")
    assert planned.returncode == 0, planned.stderr
    assert "heroku apps:create my-blog --remote heroku-my-blog\n" in planned.stdout
    assert "git push heroku-my-blog HEAD:refs/heads/main\n" in planned.stdout


def test_the_name_is_taken(on_heroku: OnPlatform) -> None:
    on_heroku.box.run(["heroku", "apps:create", "my-blog"])
    with on_heroku.state.change() as platform:
        platform["apps"]["my-blog"]["owner"] = "stranger@example.com"
    before = on_heroku.checkout.contents()
    ended = on_heroku.deploy()
    assert ended.stderr == (
        HEAD + "1. The app name my-blog is already taken on Heroku.\n"
        "   -> Choose another one: --deployed-project-name NAME\n"
    )
    assert on_heroku.checkout.contents() == before


def test_the_remote_points_to_an_app_that_is_gone(on_heroku: OnPlatform) -> None:
    on_heroku.checkout.git("remote", "add", "heroku", "https://git.heroku.com/gone.git")
    before = on_heroku.checkout.contents()
    ended = on_heroku.checkout.deployer("--automate-all", "--yes")
    assert ended.stderr == (
        HEAD
        + "1. The account dev@example.com has no access to the app gone on Heroku, which the Git remote heroku names.\n"
        "   -> Log in to the account that owns it, or create a new app: --deployed-project-name NEW-NAME\n"
        "   If it was deleted, remove the reference to it here: git remote remove heroku\n"
    )
    assert on_heroku.checkout.contents() == before


def test_no_one_is_logged_in(on_heroku: OnPlatform) -> None:
    with on_heroku.state.change() as platform:
        platform["account"]["logged_in"] = False
    before = on_heroku.checkout.contents()
    ended = on_heroku.deploy()
    assert ended.stderr == (
        HEAD + "1. You are not logged in to Heroku: Error: not logged in\n   -> Log in: heroku login\n"
    )
    assert ended.returncode == 1
    assert on_heroku.checkout.contents() == before


def test_an_invalid_json_answer_stops_the_run(on_heroku: OnPlatform) -> None:
    on_heroku.box.run(["heroku", "apps:create", "my-blog"], cwd=on_heroku.checkout.root)
    on_heroku.state.add_fault({"command": "labs", "returncode": 0, "stderr": "<html>Service unavailable</html>"})
    ended = on_heroku.deploy()
    assert ended.returncode == 1
    assert "1. This command returned no usable output: heroku labs --app my-blog --json\n" in ended.stderr
    assert on_heroku.deploy("--dry-run").returncode == 0


@pytest.mark.long
def test_heroku_without_dyno_metadata(on_heroku: OnPlatform) -> None:
    with on_heroku.state.change() as platform:
        platform["withdrawn"].append("runtime-dyno-metadata")
    ended = on_heroku.deploy()
    assert ended.returncode == 1
    assert "Couldn't find that feature." in ended.stderr
    assert "run the same command again: it then sets ALLOWED_HOSTS to the app's host name." in ended.stderr
    ended = on_heroku.deploy()
    assert ended.returncode == 0, ended.stderr
    app = on_heroku.state.read()["apps"]["my-blog"]
    assert app["config"]["ALLOWED_HOSTS"] == app["host"]


@pytest.mark.long
def test_the_add_on_is_refused(on_heroku: OnPlatform) -> None:
    refusal_text = " ›   Error: Please verify your account to install this add-on plan\n"
    on_heroku.state.add_fault({"command": "addons:create", "returncode": 2, "stderr": refusal_text})
    ended = on_heroku.deploy()
    assert ended.returncode == 1
    assert said(ended) == (
        "Stopped: This step failed: Create a PostgreSQL database (heroku-postgresql:essential-0)\n"
        "  heroku addons:create heroku-postgresql:essential-0 --app my-blog --wait\n"
        "It ended with exit status 2.\n\n"
        "  |  ›   Error: Please verify your account to install this add-on plan\n\n"
        "Heroku refuses add-ons until your account is verified: https://heroku.com/verify\n\n" + GO_ON
    )
    assert_online_after_rerun(on_heroku)
    assert [len(on_heroku.calls(command)) for command in CREATING] == [1, 1, 1, 1]


@pytest.mark.long
def test_the_build_fails_and_a_fixed_commit_deploys(on_heroku: OnPlatform) -> None:
    settings = on_heroku.checkout.read("blog/settings.py")
    settings += "STATICFILES_DIRS = [BASE_DIR / 'static']\n"
    settings += "STORAGES = {'staticfiles': {'BACKEND': 'whitenoise.storage.CompressedManifestStaticFilesStorage'}}\n"
    on_heroku.checkout.write("blog/settings.py", settings)
    on_heroku.checkout.write("static/site.css", "body { background: url(missing.png) }\n")
    on_heroku.checkout.commit_all("A style sheet with a mistake")
    ended = on_heroku.deploy()
    assert ended.returncode == 1
    message = said(ended)
    assert message.startswith(
        "Stopped: This step failed: Push your code; Heroku builds and releases it\n"
        "  git push heroku HEAD:refs/heads/main\n"
        "It ended with exit status 1.\n\n"
    )
    assert "  | remote:  !     Error: Unable to generate Django static files." in message
    assert message.endswith("\n\nThe lines above show what failed in the build.\n\n" + GO_ON)
    on_heroku.checkout.write("static/site.css", "body { background: white }\n")
    on_heroku.checkout.commit_all("Repaired")
    assert_online_after_rerun(on_heroku)


MIGRATION = """
from django.db import migrations
def stop(apps, schema_editor):
    import os
    if "BROKEN" in os.environ:
        raise RuntimeError("the data is not ready")
class Migration(migrations.Migration):
    operations = [migrations.RunPython(stop)]
"""


@pytest.mark.long
def test_the_release_fails_although_the_push_succeeds(on_heroku: OnPlatform) -> None:
    checkout = on_heroku.checkout
    settings = checkout.read("blog/settings.py").replace("'simple_deploy',", "'simple_deploy',\n    'blog',")
    checkout.write("blog/settings.py", settings)
    checkout.write("blog/migrations/__init__.py", "")
    checkout.write("blog/migrations/0001_stop.py", MIGRATION)
    checkout.commit_all("A migration that may fail")
    on_heroku.box.run(["heroku", "apps:create", "my-blog"], cwd=checkout.root)
    on_heroku.box.run(["heroku", "config:set", "--app", "my-blog", "BROKEN=1"], cwd=checkout.root)
    ended = on_heroku.deploy()
    assert ended.returncode == 1
    version = on_heroku.state.read()["apps"]["my-blog"]["releases"][-1]["version"]
    message = said(ended)
    assert message.startswith(
        "Stopped: This step failed: Wait for the release to succeed\n"
        "  heroku releases --app my-blog --json --num 1\n"
        f"It ended with status failed (release v{version}); the previous version keeps serving.\n\n"
        "  | heroku releases:output --app my-blog:\n  | "
    )
    assert message.endswith("\n  | RuntimeError: the data is not ready\n\n" + GO_ON)
    assert "RuntimeError: the data is not ready" in checkout.logs()
    again = on_heroku.deploy()
    assert (again.returncode, len(on_heroku.calls("releases:retry"))) == (1, 1)
    on_heroku.box.run(["heroku", "config:unset", "--app", "my-blog", "BROKEN"], cwd=checkout.root)
    assert_online_after_rerun(on_heroku)


@pytest.mark.long
def test_the_site_never_answers(on_heroku: OnPlatform) -> None:
    checkout = on_heroku.checkout
    wsgi = checkout.read("blog/wsgi.py")
    checkout.write("blog/wsgi.py", "raise RuntimeError('the site cannot start')\n" + wsgi)
    checkout.commit_all("A site that cannot start")
    started = time.monotonic()
    ended = on_heroku.deploy("--wait", "300")
    assert time.monotonic() - started < 200
    assert ended.returncode == 1
    url = "https://" + on_heroku.state.read()["apps"]["my-blog"]["host"] + "/"
    message = said(ended)
    assert message.startswith(
        f"Stopped: The release was deployed, but the site crashed (web.1) and {url} does not respond: "
        "HTTP 503 Service Unavailable.\n"
        "The last lines of the application log (heroku logs --app my-blog):\n\n  | "
    )
    assert re.search(r"\n  \| \S+ app\[web\.1\]: RuntimeError: the site cannot start\n", message)
    assert message.endswith("\n\n" + GO_ON)
    assert "RuntimeError: the site cannot start" in checkout.logs()
    checkout.write("blog/wsgi.py", wsgi)
    checkout.commit_all("Repaired")
    assert_online_after_rerun(on_heroku)


# A fault at the command, and the step that the user sees meanwhile.
WALK = [
    ("apps:create", "Create the app my-blog"),
    ("labs:enable", "Give the app its own host name"),
    ("addons:create", "Create a PostgreSQL database (heroku-postgresql:essential-0)"),
    ("config:set", "Set the config vars ON_HEROKU, SECRET_KEY"),
    ("git push", "Push your code; Heroku builds and releases it"),
    ("release", "Push your code; Heroku builds and releases it"),
]


@pytest.mark.long
def test_any_step_may_fail_once_and_reruns_create_nothing_twice(on_heroku: OnPlatform) -> None:
    before = on_heroku.checkout.contents()
    for command in ("auth:whoami", "apps:info"):
        on_heroku.state.add_fault({"command": command, "returncode": 1, "stderr": " ›   Error: network is down\n"})
        assert on_heroku.deploy().returncode == 1
        assert on_heroku.checkout.contents() == before
    for command, title in WALK[:-1]:
        # Done on the platform's side, but reported as failed: the worst case for a rerun.
        on_heroku.state.add_fault({"command": command, "after": True, "returncode": 1, "stderr": "connection lost\n"})
        ended = on_heroku.deploy()
        assert ended.returncode == 1, ended.stdout
        assert f"This step failed: {title}\n" in ended.stderr
    assert_online_after_rerun(on_heroku)
    assert_nothing_is_left_to_do(on_heroku)
    assert [len(on_heroku.calls(command)) for command in CREATING] == [0, 0, 0, 0]


@pytest.mark.long
@posix
def test_ctrl_c_at_every_step_and_a_rerun(on_heroku: OnPlatform) -> None:
    checkout, box = on_heroku.checkout, on_heroku.box
    before = checkout.contents()
    for command, title in [("auth:whoami", ""), ("apps:info", ""), *WALK]:
        on_heroku.state.add_fault({"command": command, "hang": True})
        argv = [
            sys.executable,
            "manage.py",
            "simple_deploy",
            "--platform",
            "heroku",
            "--automate-all",
            "--yes",
            "--no-open",
            *on_heroku.named,
        ]
        child = box.popen(argv, cwd=checkout.root, env={"PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"})
        taken = processes.wait_until(lambda: _hangs(on_heroku), timeout=300)
        assert taken, command
        processes.interrupt(child)
        output, errors = child.communicate(timeout=15)
        assert child.returncode == 130, (command, output, errors)
        assert "Traceback" not in errors
        if not title:
            assert errors == (
                "Stopped: Interrupted before anything was changed. Run the same command to start again.\n"
            )
            assert checkout.contents() == before
        else:
            assert errors.startswith(f'Stopped: Interrupted during "{title}".')
            assert errors.endswith(" Run the same command again to continue from there.\n")
    assert_online_after_rerun(on_heroku)
    assert [len(on_heroku.calls(command)) for command in CREATING] == [1, 1, 1, 1]


def _hangs(on_heroku: OnPlatform) -> bool:
    return all(fault.get("times", 1) == 0 for fault in on_heroku.state.read()["faults"])


@pytest.mark.long
@posix
@pytest.mark.parametrize(("answer", "status"), [("n\n", 1), ("\x04", 1), ("\x03", 130)])
def test_answering_no_changes_nothing(on_heroku: OnPlatform, answer: str, status: int) -> None:
    from matrix.sandbox.terminals import converse

    before = on_heroku.checkout.contents()
    argv = [sys.executable, "manage.py", "simple_deploy", "--platform", "heroku", "--automate-all", *on_heroku.named]
    env = on_heroku.box.env | {"PYTHONUTF8": "1"}
    ended, shown = converse(argv, ("Go ahead? [y/N]", answer), cwd=on_heroku.checkout.root, env=env)
    assert ended == status, shown
    assert "Total cost: about $12 a month" in shown
    assert "\x1b[?25l" in shown  # while it queried the platform, the cursor was hidden
    assert shown.rindex("\x1b[?25h") > shown.rindex("\x1b[?25l")
    assert "Traceback" not in shown
    assert on_heroku.checkout.contents() == before
    assert on_heroku.state.read()["apps"] == {}


@pytest.mark.long
@posix
def test_answering_yes_deploys_and_opens_the_site(on_heroku: OnPlatform) -> None:
    from matrix.sandbox.terminals import converse

    opened = on_heroku.box.root / "opened"
    browser = on_heroku.box.bin / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > "{opened}"\n', encoding="utf-8")
    browser.chmod(0o755)
    argv = [sys.executable, "manage.py", "simple_deploy", "--platform", "heroku", "--automate-all", *on_heroku.named]
    env = on_heroku.box.env | {"PYTHONUTF8": "1", "BROWSER": "browser"}
    ended, shown = converse(argv, ("Go ahead? [y/N]", "yes\n"), cwd=on_heroku.checkout.root, env=env)
    assert ended == 0, shown
    url = "https://" + on_heroku.state.read()["apps"]["my-blog"]["host"] + "/"
    assert processes.wait_until(opened.exists, timeout=10)
    assert opened.read_text(encoding="utf-8") == f"{url}\n"


@pytest.mark.long
def test_a_repository_hook_that_rejects_the_commit(on_heroku: OnPlatform) -> None:
    hook = on_heroku.checkout.root / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\necho 'no commits today' >&2\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    ended = on_heroku.deploy()
    assert said(ended) == (
        "Stopped: This step failed: Commit them\n"
        '  git commit --quiet --message "Configure for deployment to Heroku" -- '
        ".python-version Procfile blog/settings.py requirements.txt\n"
        "It ended with exit status 1.\n\n"
        "  | no commits today\n\n"
        "The files are written but not committed. A Git hook may have rejected them; if it only reformatted them, run "
        "the same command again.\n\n" + GO_ON
    )
    hook.unlink()
    assert_online_after_rerun(on_heroku)


@pytest.mark.long
@posix
def test_a_commit_changed_by_a_hook_is_not_pushed(on_heroku: OnPlatform) -> None:
    hook = on_heroku.checkout.root / ".git" / "hooks" / "pre-commit"
    hook.write_text(
        "#!/bin/sh\ngit show HEAD:blog/settings.py > blog/settings.py\ngit add blog/settings.py\n", encoding="utf-8"
    )
    hook.chmod(0o755)
    ended = on_heroku.deploy()
    assert said(ended) == (
        "Stopped: This step failed: Compare the commit with the plan\n"
        "  git ls-tree --full-tree -z HEAD -- .python-version Procfile blog/settings.py requirements.txt\n"
        "It shows that the commit differs from the plan: blog/settings.py.\n\n"
        "Nothing was sent to the platform. If a Git hook only reformats these files, run the same command again: it "
        "keeps the formatting. If a hook or filter changes more than that, exclude these files from it.\n\n" + GO_ON
    )
    assert on_heroku.state.read()["apps"] == {}
    hook.unlink()
    on_heroku.checkout.git("checkout", "--quiet", "HEAD", "--", "blog/settings.py")
    assert_online_after_rerun(on_heroku)


@pytest.mark.long
@posix
@pytest.mark.parametrize("stages", [True, False])
def test_a_commit_formatted_by_a_hook_is_pushed_by_the_next_run(on_heroku: OnPlatform, stages: bool) -> None:
    """Formatters either stage their changes, or reject the commit until someone does."""
    hook = on_heroku.checkout.root / ".git" / "hooks" / "pre-commit"
    formats = "sed -i.x 's/  # noqa/ # noqa/' blog/settings.py && rm blog/settings.py.x"
    ends = "git add blog/settings.py" if stages else "git diff --exit-code --quiet"
    hook.write_text(f"#!/bin/sh\n{formats}\n{ends}\n", encoding="utf-8")
    hook.chmod(0o755)
    assert on_heroku.deploy().returncode == 1
    assert on_heroku.state.read()["apps"] == {}
    assert_online_after_rerun(on_heroku)
    assert "import os # noqa" in on_heroku.checkout.git("show", "HEAD:blog/settings.py")


@pytest.mark.long
def test_newer_commits_on_the_platform_are_not_overwritten(on_heroku: OnPlatform) -> None:
    assert on_heroku.deploy().returncode == 0
    checkout = on_heroku.checkout
    checkout.git("reset", "--quiet", "--hard", "HEAD~1")
    before = checkout.contents()
    deployed = on_heroku.state.read()["apps"]["my-blog"]["releases"][-1]
    ended = on_heroku.deploy()
    assert ended.returncode == 1
    assert "which is not part of your current branch.\n" in ended.stderr
    assert "The push would be rejected, or overwrite someone else's work.\n" in ended.stderr
    assert checkout.contents() == before
    assert on_heroku.state.read()["apps"]["my-blog"]["releases"][-1] == deployed


@pytest.mark.long
def test_every_command_of_a_plan_is_known_to_the_emulated_cli(on_heroku: OnPlatform) -> None:
    plans = [on_heroku.checkout.deployer("--json", "--dry-run", "--region", "eu")]
    on_heroku.box.run(["heroku", "apps:create", "my-blog"])
    plans.append(on_heroku.deploy("--json", "--dry-run", "--adopt"))
    issued = [step["argv"] for plan in plans for step in json.loads(plan.stdout)["steps"]]
    issued += [["heroku", *call["argv"]] for call in on_heroku.state.calls()]
    ours = [argv[1:] for argv in issued if argv[0] == "heroku"]
    assert len(ours) > 15
    # Several remotes, or one of another app, must never determine the app of a command.
    asks_no_app = {"--version", "auth:whoami", "apps:create"}
    assert all("--app" in argv or argv[0] in asks_no_app for argv in ours)
    assert [(argv, reason) for argv in ours if (reason := heroku.refusal(argv))] == []
    assert heroku.refusal(["apps:create", "x", "--nonsense"])
