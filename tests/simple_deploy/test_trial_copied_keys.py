"""Settings that keep the SECRET_KEY of the code, although the settings block replaces it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from test_claims import HEROKU, make
from test_trial import ORDER, SEEN

from simple_deploy.plan.notes import of_project
from simple_deploy.trial import verdict
from simple_deploy.trial.case import Case

if TYPE_CHECKING:
    from conftest import Checkout

KEY = "kept-in-the-code-where-all-can-read-it"
BLOCK = "SECRET_KEY = 'new'\n"


@pytest.mark.long
@pytest.mark.parametrize(
    ("assigned", "copy", "noted"),
    [
        (f"SECRET_KEY = '{KEY}'", "TOKENS = {'SIGNING_KEY': SECRET_KEY}", 'TOKENS["SIGNING_KEY"]'),
        (f"SECRET_KEY: str = '{KEY}'", "LINK_KEY = f'links-{SECRET_KEY}'.encode()", "LINK_KEY"),
        (f"SECRET_KEY = ENV.get('KEY', '{KEY}')", "SECRET_KEY_FALLBACKS = [SECRET_KEY]", "SECRET_KEY_FALLBACKS[0]"),
        ("SECRET_KEY = ENV.get('NAMED_KEY')", "LINK_KEY = SECRET_KEY", ""),
        ("SECRET_KEY = 'short'", "LINK_KEY = SECRET_KEY", ""),
        (f"SECRET_KEY = '{KEY}'", "LINK_KEY = 'another'", ""),
        ("SECRET_KEY = ENV['NAMED_KEY']", "REQUIRED = ['NAMED_KEY']", ""),
        ("SECRET_KEY = ENV.get('NAMED_KEY', 'secret_key.txt')", "KEY_FILE = '/srv/secret_key.txt'", ""),
    ],
)
def test_settings_with_the_key_of_the_code(assigned: str, copy: str, noted: str, checkout: Checkout) -> None:
    text = checkout.read("blog/settings.py")
    own = f"ENV = {{'NAMED_KEY': 'from the environment'}}\n{assigned}\n"
    checkout.write("blog/settings.py", text + own + copy + "\n" + BLOCK)
    answer = checkout.tried("settings", "copied keys")
    assert (answer["unfinished"], answer["failed"]) == ([], None)
    line = text.count("\n") + own.count("\n") + 1
    assert answer["copied_keys"] == ([f"{noted} (blog/settings.py:{line})"] if noted else [])


def test_a_copied_key_is_noted(tmp_path: Path) -> None:
    project, copied = make(tmp_path), 'TOKENS["SIGNING_KEY"] (blog/settings.py:9)'
    tried, problems = verdict.read(Case({**SEEN, "copied_keys": [copied]}, project, ORDER, "Heroku"))
    assert not problems
    [note] = [note for note in of_project(replace(project, tried=tried), HEROKU) if "SECRET_KEY" in note]
    assert note == (
        f"the SECRET_KEY in your code is also in {copied}: whoever can read the code can forge what is signed with it. "
        "The settings block replaces only SECRET_KEY, so set this again, below the block in "
        f"{project.settings.path}."
    )
