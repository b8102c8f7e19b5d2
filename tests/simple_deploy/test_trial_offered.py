"""Variables that a failure does not name: the code puts the name together, or its default does not fit."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from simple_deploy import receipt
from simple_deploy.model import Secret, Step

if TYPE_CHECKING:
    from conftest import Checkout

# Each loads a site in a process of its own.
pytestmark = pytest.mark.long

MADE_UP = """
import os
from django.core.exceptions import ImproperlyConfigured

def variable(name):
    return os.environ.get("BLOG_" + name, "")

if os.environ.get("BLOG_MODE") != "development" and not variable("TITLE"):
    raise ImproperlyConfigured("The site needs a title")
"""


def made_up(checkout: Checkout) -> str:
    """Have the settings make up the names of their variables; returns the place of the error."""
    text = checkout.read("blog/settings.py") + MADE_UP
    checkout.write("blog/settings.py", text)
    return f"blog/settings.py:{text.count(chr(10))}"


@pytest.mark.parametrize(
    ("values", "refused", "said"),
    [
        ("BLOG_TITLE=Hello\n", False, "BLOG_TITLE ({place}): your value"),
        ("BLOG_SUBTITLE=Hello\n", True, "ImproperlyConfigured: The site needs a title"),
    ],
)
def test_the_site_is_tried_with_what_the_file_offers(values: str, refused: bool, said: str, checkout: Checkout) -> None:
    place = made_up(checkout)
    checkout.write("production.txt", values)
    checkout.commit_all()
    ran = checkout.deployer("--dry-run", "--env-file", "production.txt", trial=True, BLOG_MODE="development")
    assert (bool(ran.returncode), said.format(place=place) in ran.stdout + ran.stderr) == (refused, True), (
        ran.stdout + ran.stderr
    )


@pytest.mark.parametrize(("platform", "file"), [("fly_io", "Dockerfile"), ("upsun", ".upsun/config.yaml")])
def test_a_build_that_lacks_the_given_value_gets_a_placeholder(platform: str, file: str, checkout: Checkout) -> None:
    made_up(checkout)
    checkout.commit_all()
    options = ("--platform", platform, "--dry-run", "--json", "--env", "BLOG_TITLE=Hello")
    ran = checkout.deployer(*options, trial=True, BLOG_MODE="development")
    outcome = json.loads(ran.stdout)
    [diff] = [one["diff"] for one in outcome["files"] if one["path"] == file]
    assert "BLOG_TITLE=build-only" in diff and "Hello" not in diff


@pytest.mark.parametrize(("name", "loads"), [("BLOG_TITLE", True), ("BLOG_SUBTITLE", False)])
def test_a_later_run_is_tried_with_the_variables_that_the_app_has(name: str, loads: bool, checkout: Checkout) -> None:
    place = made_up(checkout)
    checkout.commit_all()
    run = receipt.begun("deploy", datetime(2006, 1, 2), "heroku", "blog", None)
    secret = Step(id="variables", title="", why="", argv=(), sets={name: Secret("x")})
    receipt.Writer(checkout.root, run).step(secret, "done")
    ran = checkout.deployer("--dry-run", "--deployed-project-name", "blog", trial=True, BLOG_MODE="development")
    assert ran.returncode == 0, ran.stderr
    assert (f"{name} ({place}): already set on the platform" in ran.stdout) == loads
    assert ("not tested here: settings: ImproperlyConfigured" in ran.stdout) != loads


# The developer's shell has the variable; production lacks it, and the default is no text.
CAST = """
import os

def switch(name, default):
    return os.environ.get(name, default).lower() == "true"

TLS = switch("BLOG_TLS", True)
"""
# No value helps.
BROKEN = """
import os

def length(value):
    return value + (1 if "DYNO" in os.environ else "")

TITLE = length(os.environ.get("BLOG_TITLE", "Blog"))
"""


def test_a_default_that_a_function_of_the_settings_does_not_take(checkout: Checkout) -> None:
    text = checkout.read("blog/settings.py") + CAST
    checkout.write("blog/settings.py", text)
    checkout.commit_all()
    outcome = json.loads(checkout.deployer("--dry-run", "--json", trial=True, BLOG_TLS="true").stdout)
    [found] = [one for one in outcome["variables"] if one["name"] == "BLOG_TLS"]
    assert (found["source"], found["place"]) == ("missing", f"blog/settings.py:{text.count(chr(10))}")


def test_a_function_of_the_settings_that_fails_with_any_value(checkout: Checkout) -> None:
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + BROKEN)
    checkout.commit_all()
    error = json.loads(checkout.deployer("--dry-run", "--json", trial=True).stdout)["error"]
    assert error["problems"] == ["trial-failed"]
    assert "TypeError: can only concatenate str" in error["message"]
