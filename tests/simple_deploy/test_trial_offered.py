"""Values of --env-file for variables whose names the code puts together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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


@pytest.mark.parametrize(
    ("values", "refused", "said"),
    [
        ("BLOG_TITLE=Hello\n", False, "BLOG_TITLE (blog/settings.py:132): your value"),
        ("BLOG_SUBTITLE=Hello\n", True, "ImproperlyConfigured: The site needs a title"),
    ],
)
def test_the_site_is_tried_with_what_the_file_offers(values: str, refused: bool, said: str, checkout: Checkout) -> None:
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + MADE_UP)
    checkout.write("production.txt", values)
    checkout.commit_all()
    ran = checkout.deployer("--dry-run", "--env-file", "production.txt", trial=True, BLOG_MODE="development")
    assert (bool(ran.returncode), said in ran.stdout + ran.stderr) == (refused, True), ran.stdout + ran.stderr
