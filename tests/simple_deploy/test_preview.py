"""The preview on a terminal of any width, piped, and as data."""

from __future__ import annotations

import json
import os
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from simple_deploy.model import Cost, FileChange, Outcome, Plan, Secret, Step
from simple_deploy.preview import as_json, diff, preview, shown_diff

if TYPE_CHECKING:
    from conftest import Checkout, OnPlatform

posix = pytest.mark.skipif(os.name == "nt", reason="needs a pseudo terminal")
SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "reference" / "plan.schema.json").read_text(encoding="utf-8"))
KEY = Secret("k3y-V4lue", prefix="SECRET_KEY=")
PLAN = Plan(
    platform="cloud",
    platform_name="Cloud",
    placeholders={"app": "blog"},
    changes=(
        FileChange(path="start", before=None, after=b"web: serve\n", why="how it starts"),
        FileChange(path="needs.txt", before=b"-- old\nDjango\n", after=b"Django\ngunicorn\n", why="what it needs"),
    ),
    steps=(
        Step(id="create", title="Create the app", why="a home", argv=("cloud", "create"), already_done="found it"),
        Step(
            id="database",
            title="Create a database",
            why="data must last",
            argv=("cloud", "add", "a b", KEY),
            creates="a database",
            cost=Cost(cents=750, text="at most $7.50 a month"),
        ),
    ),
    notes=("mail is only printed.",),
    automated=True,
    account="dev@example.com",
    not_done=("No backups are scheduled.",),
)
TEXT = """\
Deployment to Cloud
  App:     blog
  Account: dev@example.com
  Files:   1 new, 1 changed
  Steps:   1 to run, 1 already done
  Cost:    about $7.50 a month

File 1 of 2: create start
  how it starts
--- /dev/null
+++ b/start
@@ -0,0 +1 @@
+web: serve

File 2 of 2: modify needs.txt
  what it needs
--- a/needs.txt
+++ b/needs.txt
@@ -1,2 +1,2 @@
--- old
 Django
+gunicorn

Steps
  1. Create the app (already done: found it)
  2. Create a database
     Why: data must last
     Creates: a database
     Costs: at most $7.50 a month
     cloud add "a b" SECRET_KEY=********

Total cost: about $7.50 a month, for as long as the app exists.

Notes
  - mail is only printed.

Not done by this run
  - No backups are scheduled.
"""


def test_a_plan_for_people() -> None:
    assert "".join(f"{line.text}\n" for line in preview(PLAN)) == TEXT


def test_a_removed_line_that_looks_like_a_diff_header() -> None:
    roles = {line.text: line.role for line in preview(PLAN)}
    assert (roles["--- a/needs.txt"], roles["--- old"], roles["+gunicorn"]) == ("file", "old", "new")


def test_a_kept_binary_file_has_a_diff() -> None:
    kept = FileChange(path=".environment", before=b"\x00\xff\n", after=b"export A=1\n", why="a key")
    assert diff(kept) == "--- a/.environment\n+++ b/.environment\n@@ -1 +1 @@\n-\x00\ufffd\n+export A=1\n"


def test_the_same_plan_as_json_matches_its_schema() -> None:
    value = as_json(Outcome(status="previewed", plan=PLAN))
    jsonschema.validate(value, SCHEMA)
    assert value["not_done"] == ["No backups are scheduled."]
    assert "k3y-V4lue" not in json.dumps(value)
    for broken in (
        {**value, "status": "perhaps"},
        {**value, "extra": 1},
        {k: v for k, v in value.items() if k != "app"},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, SCHEMA)


def test_the_json_of_every_kind_of_run_matches_its_schema(on_heroku: OnPlatform) -> None:
    checkout = on_heroku.checkout
    runs = [
        checkout.deployer("--json", "--dry-run"),
        on_heroku.deploy("--json", "--dry-run"),
        checkout.deployer("--json", "--deployed-project-name", "-"),
        checkout.deployer("--json"),
        on_heroku.deploy("--json"),
    ]
    on_heroku.state.add_fault({"command": "auth:whoami", "returncode": 1, "stderr": "network is down\n"})
    runs.append(on_heroku.deploy("--json"))
    said: list[dict[str, Any]] = [json.loads(ended.stdout) for ended in runs]
    for value in said:
        jsonschema.validate(value, SCHEMA)
    assert [value["status"] for value in said] == [
        "previewed",
        "previewed",
        "failed",
        "configured",
        "deployed",
        "failed",
    ]
    assert [said[0]["account"], said[1]["account"]] == [None, "dev@example.com"]


def _on_terminal(checkout: Checkout, *options: str, width: int = 80, **env: str) -> str:
    """The output of a dry run on a terminal of that width."""
    from matrix.sandbox.terminals import converse

    argv = [sys.executable, "manage.py", "simple_deploy", "--platform", "heroku", "--dry-run", "--no-trial", *options]
    env = {**checkout.env, "TERM": "xterm-256color", "COLUMNS": str(width), **env}
    expect = "This was a dry run: nothing was changed."
    status, shown = converse(argv, (expect, ""), cwd=checkout.root, env=env)
    assert status == 0, shown
    return shown.replace("\r\n", "\n")


def _without_color(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


@pytest.mark.long
@posix
def test_colours_on_a_terminal_unless_disabled(checkout: Checkout) -> None:
    shown = _on_terminal(checkout)
    assert "\x1b[32m+gunicorn>=22\x1b[0m\n" in shown
    assert "\x1b[1;36mDeployment to Heroku\x1b[0m\n" in shown
    for plain in (_on_terminal(checkout, NO_COLOR="1"), _on_terminal(checkout, "--no-color")):
        assert "\n+gunicorn>=22\n" in plain
        assert "\x1b" not in plain


def test_piped_lines_are_unfolded_and_plain_unless_colour_is_forced(checkout: Checkout) -> None:
    argv = ("manage.py", "simple_deploy", "--platform", "heroku", "--dry-run", "--no-trial")
    piped = checkout.python(*argv, COLUMNS="40").stdout
    assert "\x1b" not in piped
    assert "\n  how Heroku starts the site and migrates the database before each release\n" in piped
    forced = checkout.python(*argv, "--force-color", COLUMNS="40", NO_COLOR="1").stdout
    assert "\x1b[32m+gunicorn>=22\x1b[0m\n" in forced
    assert _without_color(forced) == piped


@posix
def test_forty_columns_fold_prose_and_leave_commands_whole(checkout: Checkout) -> None:
    shown = _on_terminal(checkout, "--no-color", width=40)
    overview, _, rest = shown.partition("File 1 of 4")
    assert overview
    assert "\n  how Heroku starts the site and\n  migrates the database before each\n  release\n" in rest
    assert re.search(r"\n     git commit --quiet --message \"Configure .*\" -- .* requirements\.txt\n", rest)
    prose = [line for line in rest.split("\n") if line.startswith(("  - ", "    ")) and " -- " not in line]
    assert prose


@posix
def test_a_legacy_code_page_gets_no_character_that_it_lacks(checkout: Checkout) -> None:
    checkout.write("Procfile", "worker: echo käse ✓\n")
    checkout.commit_all("Not only ASCII")
    shown = _on_terminal(checkout, PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert "\n worker: echo k?se ?\n" in _without_color(shown)


def test_a_configuring_run_does_not_import_rich(checkout: Checkout) -> None:
    argv = ("-X", "importtime", "manage.py", "simple_deploy", "--platform", "heroku")
    drawn = checkout.python(*argv, "--dry-run", "--force-color").stderr
    assert re.search(r"\| +rich\.console$", drawn, re.MULTILINE)
    configured = checkout.python(*argv, "--no-color").stderr
    assert re.search(r"\| +simple_deploy\.effects\.terminal$", configured, re.MULTILINE)
    assert not re.search(r"\| +(rich|simple_deploy\.progress)\b", configured)


def test_the_preview_lists_what_is_not_done(checkout: Checkout) -> None:
    checkout.write("mine.txt", "mine\n")
    checkout.write("requirements.txt", "Django\n# mine\n")
    settings = checkout.read("blog/settings.py")
    checkout.write("blog/settings.py", settings.replace("ALLOWED_HOSTS = []", "ALLOWED_HOSTS = ['www.my-blog.org']"))
    checkout.git("add", "blog")
    checkout.git("commit", "--quiet", "-m", "A domain")
    said = checkout.deployer("--dry-run", "--ignore-unclean-git").stdout
    assert "  - Your uncommitted changes are neither committed nor deployed: mine.txt\n" in said
    assert "  - your uncommitted changes in requirements.txt will be committed together with ours.\n" in said
    assert "  - www.my-blog.org (ALLOWED_HOSTS) is not connected; the site only answers at Heroku's address.\n" in said
    assert "  - The data in your local database is not copied; the site starts with an empty database.\n" in said


def test_what_does_not_work_yet_comes_before_the_notes() -> None:
    lines = [line.text for line in preview(replace(PLAN, not_working=("No mail is sent.",)))]
    first = lines.index("Does not work yet")
    assert lines[first + 1] == "  - No mail is sent."
    assert first < lines.index("Not done by this run")
    assert as_json(Outcome(status="previewed", plan=replace(PLAN, not_working=("No mail.",))))["not_working"] == [
        "No mail."
    ]


@pytest.mark.parametrize(("count", "shown"), [(150, 150), (151, 41), (2000, 41)])
def test_a_long_diff_is_cut(count: int, shown: int) -> None:
    lines = shown_diff([f"+{number}" for number in range(count)])
    assert len(lines) == shown
    assert (lines[-1] == f"... {count - 40} more lines; --json has all of them") is (shown == 41)


def test_a_brief_preview_has_a_line_for_each_file_and_step() -> None:
    shown = "".join(f"{line.text}\n" for line in preview(PLAN, brief=True))
    assert "create start: how it starts\nmodify needs.txt: what it needs\n" in shown
    assert "  2. Create a database - at most $7.50 a month\n" in shown
    assert "+gunicorn" not in shown
    assert "Why:" not in shown


def test_a_long_preview_ends_with_its_overview() -> None:
    lines = [line.text for line in preview(replace(PLAN, notes=("note",) * 40))]
    assert lines[:6] == lines[-6:]
    assert [line.text for line in preview(PLAN)].count(lines[0]) == 1
