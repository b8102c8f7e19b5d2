"""DEBUG, and other values, in files of variables that Git tracks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from test_claims import make
from test_trial import ORDER, SEEN

from simple_deploy.inspect.tracked_values import debug_off, with_values
from simple_deploy.model import Variable
from simple_deploy.trial import verdict
from simple_deploy.trial.case import Case

if TYPE_CHECKING:
    from conftest import Checkout

READ = (Variable(name="SHOP_DEBUG", place="shop/settings.py:1", needed="no", setting="DEBUG"),)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("DEBUG=True\n", {"DEBUG": ("False", ".env")}),
        ("export DEBUG='1'\nSHOP_DEBUG=YES\nOTHER_DEBUG=on\n", {"DEBUG": ("0", ".env"), "SHOP_DEBUG": ("NO", ".env")}),
        ("SHOP_DEBUG=on  # for now\n", {"SHOP_DEBUG": ("off", ".env")}),
        ("DEBUG=False\n", {}),
        ("DEBUG=\n", {}),
        ("DEBUG=app:*\n", {}),
        ("# DEBUG=True\n", {}),
    ],
)
def test_debug_is_turned_off_as_the_file_writes_it(text: str, found: dict[str, object], tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(text, encoding="utf-8")
    (tmp_path / "db.sqlite3").write_text("DEBUG=True\n", encoding="utf-8")
    assert debug_off(tmp_path, ("db.sqlite3", "venv/", ".env", "gone/.env"), READ) == found


def test_a_value_in_a_tracked_env_file_is_a_default(tmp_path: Path) -> None:
    for name, text in ((".env", "A=1\nB=\n"), (".env.dev", "C=1\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    read = [Variable(name=name, place="s.py:1", needed="yes") for name in "ABC"]
    found = with_values(tmp_path, (".env", ".env.dev", "gone/.env"), read)
    assert [one.needed for one in found] == ["no", "yes", "yes"]


@pytest.mark.long
def test_settings_that_read_a_tracked_env_file_need_no_values(checkout: Checkout) -> None:
    """An image has no such file, so the user has to give the values there; so it is if nothing reads the file."""
    lines = "SITE_TITLE = os.environ['SITE_TITLE']\n"
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + LOADED.format(loads=KEEPS) + lines)
    checkout.write(".env", "SITE_TITLE=Mine\n")
    checkout.git("add", "--force", ".env")
    checkout.git("commit", "--quiet", "--all", "--message", "Commit the file of variables")
    for platform, missing in (("heroku", False), ("upsun", False), ("fly_io", True)):
        ran = checkout.deployer("--platform", platform, "--dry-run")
        assert ("the settings require values that only you know: SITE_TITLE" in ran.stdout) is missing, ran.stderr


LOADED = """
import os
for line in (BASE_DIR / ".env").read_text(encoding="utf-8").splitlines():
    name, _, value = line.partition("=")
    {loads}
DEBUG = os.environ.get("DEBUG") == "True"
"""
KEEPS, OVERRIDES = "os.environ.setdefault(name, value)", "os.environ[name] = value"


def run(checkout: Checkout, loads: str, *words: str) -> tuple[int, str]:
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + LOADED.format(loads=loads))
    checkout.write(".env", "DEBUG=True\n")
    checkout.git("add", "--force", ".env")
    checkout.git("commit", "--quiet", "--all", "--message", "Commit the file of variables")
    ran = checkout.deployer("--platform", "heroku", "--dry-run", *words)
    return ran.returncode, ran.stdout + ran.stderr


def test_a_tracked_file_does_not_turn_debug_on_in_production(checkout: Checkout) -> None:
    status, said = run(checkout, KEEPS)
    assert "Your site gets DEBUG=False in case it reads .env, which Git tracks and which turns it on." in said
    assert (status, "ON_HEROKU=1 SECRET_KEY=******** DEBUG=False" in said) == (0, True), said


def test_the_users_value_of_debug_counts(checkout: Checkout) -> None:
    status, said = run(checkout, KEEPS, "--env", "DEBUG=1")
    assert (status, "Your site gets DEBUG" in said, "debug-on" in said) == (0, False, False), said


@pytest.mark.parametrize(("debug", "lacking", "codes"), [(True, [], ["debug-on"]), (False, [], []), (True, ["x"], [])])
def test_debug_that_is_on_all_the_same_stops_the_run(
    debug: bool, lacking: list[str], codes: list[str], tmp_path: Path
) -> None:
    case = Case({**SEEN, "debug": debug}, make(tmp_path), {**ORDER, "lacking": lacking}, "Heroku")
    assert [one.code for one in verdict.read(case)[1]] == codes


@pytest.mark.parametrize(
    ("loads", "given", "debug"), [(KEEPS, "", True), (KEEPS, "False", False), (OVERRIDES, "False", True)]
)
def test_the_trial_sees_whether_debug_is_on(loads: str, given: str, debug: bool, checkout: Checkout) -> None:
    text = LOADED.format(loads=loads)
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + text)
    checkout.write(".env", "DEBUG=True\n")
    there = replace(checkout, env={**checkout.env, **({"DEBUG": given} if given else {})})
    assert there.tried("settings", asynchronous=False, read_only=False)["debug"] == debug
