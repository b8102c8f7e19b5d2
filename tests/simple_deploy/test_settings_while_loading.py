"""Settings that fail in unusual ways in a fresh clone, until a variable has a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Checkout

ASKING = """
import os

from django.conf import settings

PAGE_SIZE = 5 if settings.DEBUG else 50
MAIL_KEY = os.environ["MAIL_KEY"]
"""


def test_settings_that_django_has_in_part_are_loaded_again_with_the_variable(checkout: Checkout) -> None:
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + ASKING)
    checkout.commit_all("Ask for settings")
    ended = checkout.python("-m", "simple_deploy", "--platform", "heroku", "--yes")
    assert ended.returncode == 0, ended.stderr
    assert "MAIL_KEY" in ended.stdout


UNFIT = """
import os

HOSTS = os.environ.get("SITE_HOSTS", []).split(",")
"""


def test_settings_whose_default_does_not_fit_are_loaded_with_the_variable(checkout: Checkout) -> None:
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + UNFIT)
    checkout.commit_all("Read hosts")
    ended = checkout.python("-m", "simple_deploy", "--platform", "heroku", "--yes")
    assert ended.returncode == 0, ended.stderr
    assert "SITE_HOSTS" in ended.stdout
