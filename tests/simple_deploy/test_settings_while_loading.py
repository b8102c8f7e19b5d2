"""Settings that fail in unusual ways in a fresh clone, until a variable has a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Checkout

# Django has them in part when they fail.
ASKING = """
import os

from django.conf import settings

PAGE_SIZE = 5 if settings.DEBUG else 50
MAIL_KEY = os.environ["MAIL_KEY"]
"""
# The default does not fit.
UNFIT = """
import os

HOSTS = os.environ.get("SITE_HOSTS", []).split(",")
"""


@pytest.mark.long
@pytest.mark.parametrize(("lines", "variable"), [(ASKING, "MAIL_KEY"), (UNFIT, "SITE_HOSTS")])
def test_settings_are_loaded_again_with_the_variable(lines: str, variable: str, checkout: Checkout) -> None:
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + lines)
    checkout.commit_all("Read a variable")
    ended = checkout.python("-m", "simple_deploy", "--platform", "heroku", "--yes")
    assert ended.returncode == 0, ended.stderr
    assert variable in ended.stdout
