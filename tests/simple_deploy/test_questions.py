"""What a run asks for on a terminal: values of variables, and the package manager."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import pytest

if os.name == "nt":
    pytest.skip("needs a pseudo terminal of POSIX", allow_module_level=True)

from matrix.sandbox.terminals import converse

if TYPE_CHECKING:
    from conftest import Checkout, OnPlatform

ASKED = "Value in production:"
TOLD = "The settings require MAIL_ONE (blog/settings.py:"
READS = """
import os

{read}
"""
# How the settings read MAIL_ONE -> whether the code shows its name.
FOUND = {
    "in the code": 'MAIL = os.environ["MAIL_ONE"]',
    "by the trial": 'MAIL = {part: os.environ[f"MAIL_{part}"] for part in ("ONE",)}',
}


def deployed(on_heroku: OnPlatform, read: str, *talk: tuple[str, str]) -> tuple[int, str]:
    """The end of a deployment on a terminal, of settings that read MAIL_ONE, which the developer's shell has."""
    checkout = on_heroku.checkout
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + READS.format(read=read))
    checkout.commit_all("Read a variable")
    argv = [sys.executable, "manage.py", "simple_deploy", "--platform", "heroku", "--automate-all", "--no-open"]
    env = {**checkout.env, "MAIL_ONE": "the-developer's"}
    return converse([*argv, *on_heroku.named], *talk, cwd=checkout.root, env=env)


@pytest.mark.parametrize("read", FOUND.values(), ids=FOUND)
def test_a_variable_without_a_value_is_asked_for(on_heroku: OnPlatform, read: str) -> None:
    ended, shown = deployed(on_heroku, read, (ASKED, "the-site's\n"), ("Go ahead? [y/N]", "y\n"))
    assert ended == 0, shown
    assert shown.count(ASKED) == 1
    assert TOLD in shown
    assert "the-site's" not in shown
    assert on_heroku.state.read()["apps"]["my-blog"]["config"]["MAIL_ONE"] == "the-site's"


@pytest.mark.parametrize("read", FOUND.values(), ids=FOUND)
def test_it_is_asked_for_once_and_then_named(on_heroku: OnPlatform, read: str) -> None:
    ended, shown = deployed(on_heroku, read, (ASKED, "\n"))
    assert ended == 1, shown
    assert shown.count(ASKED) == 1
    assert "--env MAIL_ONE=VALUE" in shown
    assert on_heroku.state.read()["apps"] == {}


def _with_two_package_managers(checkout: Checkout) -> None:
    checkout.write("Pipfile", '[packages]\ndjango = "*"\n')
    checkout.write("Pipfile.lock", json.dumps({"_meta": {"sources": []}, "default": {}, "develop": {}}))
    checkout.commit_all("Two package managers")


@pytest.mark.parametrize(
    ("answer", "status", "changed"), [("1\n", 0, True), ("pip\n", 0, True), ("\n", 1, False), ("\x04", 1, False)]
)
def test_the_user_chooses_one_of_several_package_managers(
    checkout: Checkout, answer: str, status: int, changed: bool
) -> None:
    _with_two_package_managers(checkout)
    argv = [sys.executable, "manage.py", "simple_deploy", "--platform", "fly_io", "--no-trial", "--no-color"]
    question = "Enter a number from 1 to 2, a name, or nothing to cancel:"
    talk = [(question, answer), *([("Write these files? [y/N]", "y\n")] if changed else [])]
    ended, shown = converse(argv, *talk, cwd=checkout.root, env={**checkout.env, "TERM": "dumb"})
    assert ended == status, shown
    assert "requirements.txt (pip), Pipfile.lock (Pipenv). Which one installs production?" in shown
    assert ("gunicorn" in checkout.read("requirements.txt")) is changed


def test_without_a_terminal_nothing_is_asked(checkout: Checkout) -> None:
    _with_two_package_managers(checkout)
    ended = checkout.deployer("--platform", "fly_io", "--json")
    assert json.loads(ended.stdout)["error"]["problems"] == ["several-package-managers"]


@pytest.mark.long
def test_a_site_can_be_looked_at_and_removed_without_that_choice(on_heroku: OnPlatform) -> None:
    assert on_heroku.deploy().returncode == 0
    _with_two_package_managers(on_heroku.checkout)
    assert on_heroku.checkout.python("manage.py", "simple_deploy", "status").returncode == 0
    ended = on_heroku.checkout.python("manage.py", "simple_deploy", "--destroy", "--yes", *on_heroku.named)
    assert ended.returncode == 0, ended.stderr
    assert on_heroku.state.read()["apps"] == {}
