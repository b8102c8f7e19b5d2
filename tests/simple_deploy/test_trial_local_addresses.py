"""Settings with a web address of the developer's computer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from test_claims import make
from test_trial import ORDER, SEEN

from simple_deploy.model import Variable
from simple_deploy.plan.not_working import of_trial
from simple_deploy.trial import verdict
from simple_deploy.trial.case import Case

if TYPE_CHECKING:
    from conftest import Checkout


@pytest.mark.long
@pytest.mark.parametrize(
    ("assigned", "setting", "address"),
    [
        ("SITE_URL = 'http://localhost:8000'", "SITE_URL", "http://localhost:8000"),
        ("SITE_URL = ENV.get('X', 'https://127.0.0.1/')", "SITE_URL", "https://127.0.0.1/"),
        ("PAYMENT_HOST = 'localhost:8000'", "PAYMENT_HOST", "localhost:8000"),
        ("FRONT_END = 'http://localhost:5173/app'", "FRONT_END", "http://localhost:5173/app"),
        ("SMTP_HOST = 'localhost'", "", ""),
        ("SITE_URL = 'https://localhost.example.com'", "", ""),
        ("SITE_URL = 'https://example.com/?from=http://localhost'", "", ""),
        ("AUTH_REDIS = 'redis://me:secret@127.0.0.1:6379/0'", "AUTH_REDIS", "redis://127.0.0.1:6379/0"),
        ("SITE_URL = 'http://localhost' + ':9'", "SITE_URL", "http://localhost:9"),
        ("ROOT = 'file:///srv/localhost'", "", ""),
        ("site_url = 'http://localhost:8000'", "", ""),
        ("CORS_ALLOWED_ORIGINS = ['http://localhost:5173']", "CORS_ALLOWED_ORIGINS", "http://localhost:5173"),
        ("CORS_ALLOWED_ORIGINS = ['http://localhost:5173', 'https://shop.example.com']", "", ""),
        ("CSRF_TRUSTED_ORIGINS = ['http://localhost:5173']", "", ""),
        ("INTERNAL_IPS = ['127.0.0.1']", "", ""),
        ("ORIGINS = []", "", ""),
        ("WAGTAILADMIN_BASE_URL = 'http://example.com'", "WAGTAILADMIN_BASE_URL", "http://example.com"),
    ],
)
def test_only_web_addresses_of_this_computer_are_noted(
    assigned: str, setting: str, address: str, checkout: Checkout
) -> None:
    text = checkout.read("blog/settings.py")
    checkout.write("blog/settings.py", f"{text}ENV = {{}}\n{assigned}\n")
    answer = checkout.tried("settings", "local addresses")
    assert (answer["unfinished"], answer["failed"]) == ([], None)
    line = text.count("\n") + 2
    names = ["ENV"] if "ENV" in assigned else []
    found = {"setting": setting, "address": address, "place": f"blog/settings.py:{line}", "names": names}
    assert answer["local_addresses"] == ([found] if setting else [])


@pytest.mark.long
def test_a_placeholder_is_no_address_of_the_code(checkout: Checkout) -> None:
    """SQLAlchemy's scheme is another one than that of the variable."""
    env = {**checkout.env, "DATABASE_URL": "postgres://user:password@localhost:5432/site"}
    broker = "CELERY_BROKER_URL = os.environ['DATABASE_URL'].replace('postgres:', 'sqla+postgresql:')"
    checkout.write("blog/settings.py", f"import os\n{checkout.read('blog/settings.py')}{broker}\n")
    answer = replace(checkout, env=env).tried("settings", "local addresses")
    assert (answer["failed"], answer["local_addresses"]) == (None, [])


@pytest.mark.parametrize(
    ("variables", "change"),
    [
        ((), "read it from an environment variable"),
        ((Variable(name="OTHER", place="blog/settings.py:7", needed="no", setting="OTHER"),), "read it from an envir"),
        (
            (Variable(name="URL", place="blog/settings.py:7", needed="no", setting="SITE_URL"),),
            "set it with --env URL=",
        ),
        ((Variable(name="URL", place="blog/settings.py:9", needed="no"),), "set it with --env URL=VALUE"),
        ((Variable(name="FRONT_END", place="a.py:1", needed="no"),), "set it with --env FRONT_END=VALUE"),
        ((Variable(name="UI", place="a.py:1", needed="no", setting="FRONT_END"),), "set it with --env UI=VALUE"),
    ],
)
def test_the_note_says_how_to_change_the_address(tmp_path: Path, variables: tuple[Variable, ...], change: str) -> None:
    project = replace(make(tmp_path), variables=variables)
    place, names = "blog/settings.py:9", ["FRONT_END"]
    found = {"setting": "SITE_URL", "address": "http://localhost:8000", "place": place, "names": names}
    tried, problems = verdict.read(Case({**SEEN, "local_addresses": [found]}, project, ORDER, "Heroku"))
    assert not problems
    [note] = [note for note in of_trial(tried, project.settings) if "SITE_URL" in note]
    start = "settings or code have an address of your computer, or a made-up one, so what uses it fails in production: "
    assert note.startswith(f"{start}SITE_URL is http://localhost:8000 (blog/settings.py:9; {change}")
