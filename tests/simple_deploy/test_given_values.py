"""A project whose settings cannot be loaded without variables, deployed to each platform in turn."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import OnPlatform

DEMANDS = """
import os
STRIPE_KEY = os.environ["STRIPE_KEY"]
SITE_TITLE = os.environ["SITE_TITLE"]
DATABASES["default"]["NAME"] = os.environ["DB_NAME"]
SECRET_KEY = os.environ["DJANGO_KEY"]
ALLOWED_HOSTS = os.environ["HOSTS"].split(",")
"""
HERE = {"STRIPE_KEY": "x", "SITE_TITLE": "x", "DB_NAME": "db.sqlite3", "DJANGO_KEY": "x", "HOSTS": "localhost"}
VALUE = "sk_live_0123456789"


def test_a_site_that_needs_variables_is_served(on_any: OnPlatform) -> None:
    checkout = on_any.checkout
    checkout.env.update(HERE)
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + DEMANDS)
    checkout.commit_all("Take values from the environment")
    refused = on_any.deploy("--dry-run", "--json", trial=True)
    failure = json.loads(refused.stdout)["error"]
    assert failure["problems"] == ["variables-missing"], failure
    assert not [call for call in on_any.state.calls() if "create" in " ".join(call["argv"])]
    given = ("--env", f"STRIPE_KEY={VALUE}", "--env", "SITE_TITLE=My site")
    ended = on_any.deploy("--json", *given, trial=True)
    assert ended.returncode == 0, ended.stderr
    assert on_any.get(json.loads(ended.stdout)["url"]) == 404  # it has no pages
    assert VALUE not in ended.stdout + ended.stderr + checkout.logs() + checkout.git("log", "-p")


@pytest.mark.long
def test_missing_values_and_what_only_a_trial_finds_are_told_together(on_heroku: OnPlatform) -> None:
    checkout = on_heroku.checkout
    checkout.env.update(HERE)
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + DEMANDS)
    checkout.write("blog/urls.py", checkout.read("blog/urls.py") + "urlpatterns += not_defined\n")
    checkout.commit_all("Take values from the environment")
    refused = on_heroku.deploy("--dry-run", "--json", trial=True)
    assert json.loads(refused.stdout)["error"]["problems"] == ["variables-missing", "trial-failed"]


SWITCHED = """
import os

DEBUG = os.environ.get("DEBUG", "True") == "True"
if DEBUG:
    INSTALLED_APPS += ["django.contrib.humanize"]
"""


def test_a_configuring_run_knows_the_variables_that_a_deployment_set(on_any: OnPlatform) -> None:
    checkout = on_any.checkout
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + SWITCHED)
    checkout.commit_all("DEBUG chooses the apps")
    ended = on_any.deploy("--env", "DEBUG=False")
    assert ended.returncode == 0, ended.stderr
    before = checkout.contents()
    again = checkout.deployer("--platform", on_any.platform, *on_any.named)
    assert (again.returncode, checkout.contents()) == (0, before)


BROKER = """
import os

BROKER_URL = os.environ.get("BROKER_URL", "redis://localhost:6379/0")
"""


def test_the_default_of_a_variable_that_the_site_has_is_no_news(on_any: OnPlatform) -> None:
    checkout = on_any.checkout
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + BROKER)
    checkout.commit_all("A queue")
    preview = on_any.deploy("--dry-run", trial=True)
    assert "production cannot reach these addresses" in " ".join(preview.stdout.split()), preview.stdout
    ended = on_any.deploy("--env", "BROKER_URL=redis://redis.example.com:6379/0")
    assert ended.returncode == 0, ended.stderr
    again = on_any.deploy("--dry-run", trial=True)
    assert again.returncode == 0, again.stderr
    assert "production cannot reach" not in " ".join(again.stdout.split())
