"""Environment variables that code outside the settings reads."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from test_claims import make
from test_trial import ORDER, SEEN

from simple_deploy.model import Variable
from simple_deploy.trial import code_variables, verdict
from simple_deploy.trial.case import Case

if TYPE_CHECKING:
    from conftest import Checkout


@pytest.mark.parametrize(
    ("line", "fails"),
    [
        ("x = os.getenv('OWNER_MAIL')", False),
        ("x = [environ.get('OWNER_MAIL', )]", False),
        ("x = os.environ['OWNER_MAIL']", True),
        ("x = config('OWNER_MAIL')", True),
        ("x = os.getenv('OWNER_MAIL', 'me@example.com')", None),
        ("x = config('OWNER_MAIL', default='me')", None),
        ("x = os.getenv('OWNER_MAIL') or 'me'", None),
        ("x = 'me' if os.getenv('OWNER_MAIL') else ''", None),
        ("x = os.getenv('OWNER_MAIL') == 'me'", None),
        ("os.environ['OWNER_MAIL'] = 'me'", None),
        ("x = names['OWNER_MAIL']", None),
        ("x = int(os.getenv('OWNER_MAIL'))", True),
        ("x = os.getenv('OWNER_MAIL').split()", True),
        ("x = os.getenv('OWNER_MAIL', None)", False),
        ("x = os.getenv('OWNER_MAIL', 'me').split()", None),
    ],
)
def test_what_a_view_reads(checkout: Checkout, line: str, fails: bool | None) -> None:
    text = checkout.read("blog/urls.py") + "import os\nfrom os import environ\n"
    # The trial does not call it, so the package need not be here.
    view = f"def view(request):\n    from decouple import config\n    {line}\n"
    checkout.write("blog/urls.py", text + view)
    answer = checkout.tried("settings", "URLs", "loaded code")
    assert (answer["unfinished"], answer["failed"]) == ([], None)
    assert "blog/settings.py" not in answer["code"]
    found = code_variables.variables(checkout.root, answer["code"]).get("OWNER_MAIL")
    number = text.count("\n") + 3
    assert found == (None if fails is None else {"place": f"blog/urls.py:{number}", "fails": fails})


def test_the_settings_know_better(tmp_path: Path) -> None:
    project = replace(make(tmp_path), variables=(Variable(name="KNOWN", place="blog/settings.py:1", needed="no"),))
    read = {
        "KNOWN": {"place": "a.py:1", "fails": True},
        "MAIL": {"place": "a.py:2", "fails": False},
        "KEY": {"place": "a.py:3", "fails": True},
    }
    tried, problems = verdict.read(Case({**SEEN, "variables": read}, project, ORDER, "Heroku"))
    assert not problems
    assert [(one.name, one.place, one.needed, one.absent) for one in tried.variables] == [
        ("MAIL", "a.py:2", "no", True),
        ("KEY", "a.py:3", "perhaps", False),
    ]
