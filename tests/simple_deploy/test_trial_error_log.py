"""Whether the platform's log shows errors of requests, and what else of the site the trial sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from test_plan import notes

from simple_deploy.model import Tried

if TYPE_CHECKING:
    from conftest import Checkout

CONSOLE = "'c': {'class': 'logging.StreamHandler'%s}"
FILTER = "'filters': {'d': {'()': 'django.utils.log.RequireDebugTrue'}}, "
MAIL = "'c': {'class': 'django.utils.log.AdminEmailHandler'}"
FILE = "'c': {'class': 'logging.FileHandler', 'filename': os.devnull, 'encoding': 'utf-8'}"
ROOT = "'root': {'handlers': ['c']}"
REQUESTS = "'loggers': {'django.request': {'handlers': ['c'], 'propagate': False}}"


@pytest.mark.parametrize(
    ("logging", "silent"),
    [
        ("", False),
        (f"'handlers': {{{CONSOLE % ''}}}, {ROOT}", False),
        (f"'handlers': {{{CONSOLE % ''}}}, {REQUESTS}", False),
        (f"'handlers': {{{MAIL}}}, {REQUESTS}", True),
        (f"'handlers': {{{MAIL}}}, {ROOT}", True),
        (f"'handlers': {{{FILE}}}, {ROOT}", True),
        (f"{FILTER}'handlers': {{{CONSOLE % ', %r: [%r]' % ('filters', 'd')}}}, {ROOT}", True),
        (f"'handlers': {{{CONSOLE % ', %r: %r' % ('level', 'CRITICAL')}}}, {ROOT}", True),
    ],
)
def test_errors_that_reach_no_console(checkout: Checkout, logging: str, silent: bool) -> None:
    own = f"LOGGING = {{'version': 1, 'disable_existing_loggers': False, {logging}}}\n" if logging else ""
    checkout.write("blog/settings.py", f"import os\n{checkout.read('blog/settings.py')}{own}")
    answer = checkout.tried("settings", "error log")
    assert (answer["unfinished"], answer["failed"], answer["silent"]) == ([], None, silent)


def test_what_the_trial_saw_of_the_settings_is_noted() -> None:
    [silent] = notes(tried=Tried(silent=True))
    assert silent.startswith("your LOGGING sends errors of requests to no console")
    [hsts] = notes(tried=Tried(hsts=31_536_000))
    assert hsts.startswith("your settings turn on HSTS for 365 days (SECURE_HSTS_SECONDS)")
    assert notes(tried=Tried(hsts=3600)) == []


@pytest.mark.parametrize(
    ("code", "takes"),
    [
        ("x = 1", False),
        ("def view(request):\n    return request.FILES['a']", True),
        ("from django.forms import ImageField", True),
    ],
)
def test_a_site_may_take_no_uploads(checkout: Checkout, code: str, takes: bool) -> None:
    checkout.write("blog/urls.py", f"{checkout.read('blog/urls.py')}{code}\n")
    own = checkout.read("blog/settings.py")
    checkout.write("blog/settings.py", f"{own}ASGI_APPLICATION = None\n")
    for parts in (("settings", "URLs", "services"), ("settings", "collectstatic", "services")):
        answer = checkout.tried(*parts, asynchronous=False, read_only=False)
        assert (answer["failed"], answer["unfinished"]) == (None, [])
        assert answer["takes_uploads"] == takes
