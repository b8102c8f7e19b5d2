"""Mail that the site sends and that is not delivered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import django
import pytest
from test_claims import make
from test_trial import ORDER, SEEN

from simple_deploy.model import Variable
from simple_deploy.plan.not_working import of_trial
from simple_deploy.trial import services, verdict
from simple_deploy.trial.case import Case

if TYPE_CHECKING:
    from conftest import Checkout

# With MAILERS, the trial looks at none of these.
BEFORE_MAILERS = pytest.mark.skipif(django.VERSION >= (6, 1), reason="projects have MAILERS since Django 6.1")
SENDS = "\nfrom django.core.mail import send_mail\n"
LOGIN = "EMAIL_HOST_USER = 'me'\nEMAIL_HOST_PASSWORD = 'word'\n"
BY_DEFAULT = (("EMAIL_HOST", "localhost"), ("EMAIL_HOST_USER", ""), ("EMAIL_HOST_PASSWORD", ""))
CONSOLE = "django.core.mail.backends.console.EmailBackend"


@BEFORE_MAILERS
@pytest.mark.parametrize(
    ("views", "settings", "unsent"),
    [
        (SENDS, "", ("EMAIL_HOST", "localhost", False)),
        (SENDS, f"EMAIL_BACKEND = '{CONSOLE}'\n", ("EMAIL_BACKEND", CONSOLE, True)),
        (SENDS, "EMAIL_HOST = 'mailhog'\n", ("EMAIL_HOST", "mailhog", True)),
        (SENDS, f"EMAIL_HOST = 'sandbox.smtp.mailtrap.io'\n{LOGIN}", ("EMAIL_HOST", "sandbox.smtp.mailtrap.io", True)),
        (SENDS, f"EMAIL_HOST = 'live.smtp.mailtrap.io'\n{LOGIN}", None),
        (SENDS, "EMAIL_HOST = None\n", ("EMAIL_HOST", "", True)),
        (SENDS, f"EMAIL_HOST = 'smtp.example.com'\n{LOGIN}", None),
        (SENDS, f"{LOGIN}EMAIL_HOST = 'smtp.example.com'\nEMAIL_HOST_USER = ''\n", ("EMAIL_HOST_USER", "", True)),
        (SENDS, "EMAIL_HOST = 'smtp.example.com'\n", ("EMAIL_HOST_PASSWORD", "", False)),
        (SENDS, "EMAIL_BACKEND = 'anymail.backends.mailgun.EmailBackend'\n", None),
        (
            "\nfrom django.core import mail as m\ndef tell():\n    m.EmailMessage()\n",
            "",
            ("EMAIL_HOST", "localhost", False),
        ),
        ("\nfrom django.core import mail\n", "", None),
        ("", "", None),
    ],
)
def test_mail_that_is_not_delivered(
    checkout: Checkout, views: str, settings: str, unsent: tuple[str, str, bool] | None
) -> None:
    checkout.write("blog/urls.py", checkout.read("blog/urls.py") + views)
    before = checkout.read("blog/settings.py")
    checkout.write("blog/settings.py", before + settings)
    found = checkout.tried("settings", "URLs", "mail")["unsent"]
    if unsent is None:
        assert found is None
        return
    setting, value, has_place = unsent
    line = before.count("\n") + 1
    assert found == {
        "setting": setting,
        "key": "",
        "value": value,
        "place": f"blog/settings.py:{line}" if has_place else "",
        "by_default": (setting, value) in BY_DEFAULT,
        "fails": setting != "EMAIL_BACKEND" and "mailtrap" not in value,
    }


@pytest.mark.skipif(django.VERSION < (6, 1), reason="MAILERS came with Django 6.1")
@pytest.mark.parametrize(
    ("options", "key", "value"),
    [
        ("", "host", "localhost"),
        ("'host': 'mailhog'", "host", "mailhog"),
        ("'host': 'smtp.example.com'", "password", ""),
        ("'host': 'smtp.example.com', 'password': 'word'", "username", ""),
        ("'host': 'smtp.example.com', 'password': 'word', 'username': 'me'", "", ""),
    ],
)
def test_the_server_in_mailers_may_be_out_of_reach(checkout: Checkout, options: str, key: str, value: str) -> None:
    checkout.write("blog/urls.py", checkout.read("blog/urls.py") + SENDS)
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    added = f"MAILERS = {{'default': {{'BACKEND': '{smtp}', 'OPTIONS': {{{options}}}}}}}\n"
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + added)
    found = checkout.tried("settings", "URLs", "mail")["unsent"]
    assert (found["setting"], found["key"], found["value"]) == ("MAILERS", key, value) if key else found is None


@BEFORE_MAILERS
def test_the_page_for_a_forgotten_password_sends_mail(checkout: Checkout) -> None:
    urls = "\nfrom django.urls import include, path\nurlpatterns += [path('a/', include('django.contrib.auth.urls'))]\n"
    checkout.write("blog/urls.py", checkout.read("blog/urls.py") + urls)
    assert checkout.tried("settings", "URLs", "mail")["unsent"]["setting"] == "EMAIL_HOST"


def test_a_note_names_the_host_in_mailers(tmp_path: Path) -> None:
    mail = {
        "setting": "MAILERS",
        "key": "host",
        "value": "localhost",
        "place": "blog/settings.py:9",
        "by_default": False,
        "fails": True,
    }
    tried, _ = verdict.read(Case({**SEEN, "unsent": mail}, make(tmp_path), ORDER, "Heroku"))
    assert tried.unsent.startswith("the host in MAILERS (blog/settings.py:9) is localhost, so sending mail fails")


@pytest.mark.parametrize(
    ("place", "by_default", "fails", "beginning"),
    [
        ("blog/settings.py:9", True, True, "EMAIL_HOST (blog/settings.py:9) is localhost, so sending mail fails"),
        ("", True, True, "EMAIL_HOST is localhost, the default of Django, so sending mail fails"),
        ("", False, False, "EMAIL_HOST is localhost, so mail is not delivered"),
        ("a.py:9", False, True, "EMAIL_HOST (a.py:9) is empty. Without a login or a host, sending mail fails"),
    ],
)
def test_a_note_names_the_setting(tmp_path: Path, place: str, by_default: bool, fails: bool, beginning: str) -> None:
    project = make(tmp_path)
    value = "" if "empty" in beginning else "localhost"
    mail = {"setting": "EMAIL_HOST", "value": value, "place": place, "by_default": by_default, "fails": fails}
    tried, problems = verdict.read(Case({**SEEN, "unsent": mail}, project, ORDER, "Heroku"))
    assert not problems
    assert any(note.startswith(beginning) for note in of_trial(tried, project.settings))


def test_a_variable_of_the_app_may_change_it() -> None:
    mail = {"setting": "EMAIL_HOST", "value": "localhost", "place": ""}
    read = [Variable(name="SMTP", place="", needed="no", setting="EMAIL_HOST")]
    assert services.unsent(mail, read, frozenset()) == mail
    assert services.unsent(mail, read, {"SMTP"}) is None
    assert services.unsent(mail, [replace(read[0], setting="", kind="mail")], {"SMTP"}) is None
    assert services.unsent(None, read, frozenset()) is None
