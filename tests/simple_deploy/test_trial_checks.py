"""System checks in the trial that write files, as packages have them that generate static files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from test_claims import make
from test_trial import ORDER, SEEN

from simple_deploy.trial import verdict
from simple_deploy.trial.case import Case

if TYPE_CHECKING:
    from conftest import Checkout

# Each loads a site in a process of its own.
pytestmark = pytest.mark.long

CHECK = """
from pathlib import Path

from django.core.checks import register

@register({tags})
def generated(app_configs, **kwargs):
    {body}
    return []
"""
WRITE = '(Path(__file__).parent / "generated.js").write_bytes(b"x")'


def tried(checkout: Checkout, body: str = WRITE, tags: str = "", *, read_only: bool = True) -> dict[str, Any]:
    checkout.write("blog/models.py", CHECK.format(body=body, tags=tags))
    text = checkout.read("blog/settings.py").replace("INSTALLED_APPS = [", "INSTALLED_APPS = [\n    'blog',")
    checkout.write("blog/settings.py", text + "\nSILENCED_SYSTEM_CHECKS = ['mail.E001']\n")
    return checkout.tried("settings", "checks", read_only=read_only, complete=True, withheld={})


def test_a_check_that_writes_stops_the_run_where_the_release_cannot_write(checkout: Checkout) -> None:
    answer = tried(checkout)
    assert answer["failed"]["part"] == "checks" and answer["failed"]["place"] == "blog/models.py:8"
    _, problems = verdict.read(Case({**SEEN, **answer}, make(checkout.root), ORDER, "Upsun"))
    assert [one.code for one in problems] == ["read-only-folder"]
    assert "blog/models.py:8" in problems[0].found


@pytest.mark.parametrize(
    ("body", "tags", "read_only"),
    [
        (WRITE, "", False),
        # The build has run it, and could write.
        (WRITE, '"staticfiles"', True),
        # No command of a deployment runs it.
        (WRITE, "deploy=True", True),
        (f"try:\n        {WRITE}\n    except OSError:\n        pass", "", True),
        ("Path(__file__).read_bytes()", "", True),
    ],
)
def test_checks_that_do_not_fail_in_the_release(body: str, tags: str, read_only: bool, checkout: Checkout) -> None:
    answer = tried(checkout, body, tags, read_only=read_only)
    assert (answer["failed"], answer["errors"]) == (None, [])
    assert "checks" in answer["tried"]


def test_a_check_that_comes_with_the_urls_is_not_run_by_the_release(checkout: Checkout) -> None:
    checkout.write("blog/urls.py", CHECK.format(body=WRITE, tags="") + "\nurlpatterns = []\n")
    order = {"application": "blog.wsgi", "read_only": True, "complete": True, "withheld": {}}
    answer = checkout.tried("settings", "application", "checks", **order)
    assert (answer["failed"], answer["tried"]) == (None, ["settings", "application", "checks"])
