"""The settings block where production takes another branch than the developer's machine.

Each block is created from the settings with DEBUG on, and run with DEBUG off as each platform would run it.
"""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest
from test_settings_block import FILES, MANIFEST, SECURITY, WHITENOISE, a_project

from simple_deploy.platforms import installed, load
from simple_deploy.production.settings_block import render
from simple_deploy.production.settings_file import with_block

ORDINARY = "django.middleware.common.CommonMiddleware"
BUCKET = "storages.backends.s3.S3Storage"
START = "import os\nDEBUG = os.environ.get('DEBUG') == 'on'\nINSTALLED_APPS = ['django.contrib.staticfiles']\n"
WHOLE = (
    f"MIDDLEWARE = ['{SECURITY}', '{ORDINARY}']\nALLOWED_HOSTS = []\nCSRF_TRUSTED_ORIGINS = []\n"
    f"DATABASES = {{'default': {{'ENGINE': 'x'}}}}\nSTORAGES = {{}}\nSTATIC_URL = '/s/'\n"
)
URL = "postgres://u:p@127.0.0.1:5432/db"


def encoded(value: Any) -> str:
    return base64.b64encode(json.dumps(value).encode()).decode()


# The variables of each platform with which both parts of the block take effect.
_ROUTES = {"https://own.host/": {"type": "upstream"}}
_LOGIN = {"username": "u", "password": "p", "host": "127.0.0.1", "port": 5432, "path": "db"}
RUNNING = {
    "heroku": {"DYNO": "web.1", "SECRET_KEY": "k", "DATABASE_URL": URL, "HEROKU_APP_DEFAULT_DOMAIN_NAME": "own.host"},
    "fly_io": {"FLY_APP_NAME": "own", "SECRET_KEY": "k", "DATABASE_URL": URL},
    "upsun": {"PLATFORM_APPLICATION_NAME": "app", "PLATFORM_ENVIRONMENT": "main", "SECRET_KEY": "k"}
    | {"PLATFORM_ROUTES": encoded(_ROUTES), "PLATFORM_RELATIONSHIPS": encoded({"database": [_LOGIN]})},
}
RUNNING["platform_sh"] = RUNNING["upsun"]


def indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


# Settings after START → the required values of some of them in production.
SHAPES: dict[str, tuple[str, dict[str, Any]]] = {
    "nothing is set": (
        "",
        {
            "MIDDLEWARE": [SECURITY, WHITENOISE],
            "STORAGES": {"default": {"BACKEND": FILES}, "staticfiles": {"BACKEND": MANIFEST}},
            "STATIC_URL": "static/",
        },
    ),
    "everything is set while debugging only": (
        f"if DEBUG:\n{indented(WHOLE)}",
        {"MIDDLEWARE": [SECURITY, WHITENOISE], "STATIC_URL": "static/"},
    ),
    "everything is set in production only": (
        f"if not DEBUG:\n{indented(WHOLE)}",
        {"MIDDLEWARE": [SECURITY, WHITENOISE, ORDINARY], "STATIC_URL": "/s/"},
    ),
    "everything is set if a variable is": (f"if os.environ.get('LOCAL'):\n{indented(WHOLE)}", {}),
    "everything is deleted": (f"{WHOLE}if not DEBUG:\n    del MIDDLEWARE, ALLOWED_HOSTS, DATABASES, STORAGES\n", {}),
    "everything is None": (
        "MIDDLEWARE = ALLOWED_HOSTS = CSRF_TRUSTED_ORIGINS = DATABASES = STORAGES = STATIC_URL = None\n",
        {},
    ),
    "tuples": (
        f"MIDDLEWARE = ('{SECURITY}', '{ORDINARY}')\nALLOWED_HOSTS = ('a.example',)\n"
        "CSRF_TRUSTED_ORIGINS = ('https://a.example',)\n",
        {"MIDDLEWARE": [SECURITY, WHITENOISE, ORDINARY], "ALLOWED_HOSTS": ["a.example"]}
        | {"CSRF_TRUSTED_ORIGINS": ["https://a.example"]},
    ),
    "hosts for production only": (
        "ALLOWED_HOSTS = []\nif not DEBUG:\n    ALLOWED_HOSTS = ['a.example']\n"
        "    CSRF_TRUSTED_ORIGINS = ['https://a.example']\n",
        {"ALLOWED_HOSTS": ["a.example"], "CSRF_TRUSTED_ORIGINS": ["https://a.example"]},
    ),
    "every host, and one": ("ALLOWED_HOSTS = ['*', 'a.example']\n", {"ALLOWED_HOSTS": ["a.example"]}),
    "a middleware for production only": (
        f"MIDDLEWARE = ['{ORDINARY}']\nif not DEBUG:\n    MIDDLEWARE = ['{SECURITY}', '{WHITENOISE}', *MIDDLEWARE]\n",
        {"MIDDLEWARE": [SECURITY, WHITENOISE, ORDINARY]},
    ),
    "a middleware for debugging only": (
        f"MIDDLEWARE = ['{ORDINARY}']\nif DEBUG:\n    MIDDLEWARE = ['{SECURITY}', '{WHITENOISE}', *MIDDLEWARE]\n",
        {"MIDDLEWARE": [SECURITY, WHITENOISE, ORDINARY]},
    ),
    "a bucket in production only": (
        f"if not DEBUG:\n    STORAGES = {{'default': {{'BACKEND': '{BUCKET}'}}, 'x': {{'BACKEND': 'y'}},\n"
        f"        'staticfiles': {{'BACKEND': '{BUCKET}'}}}}\n",
        {"STORAGES": {name: {"BACKEND": BUCKET} for name in ("default", "staticfiles")} | {"x": {"BACKEND": "y"}}},
    ),
    "storages with keys of their own": (
        f"STORAGES = {{'default': {{'BACKEND': '{BUCKET}'}}, 'x': {{'BACKEND': 'y'}}}}\n",
        {"STORAGES": {"default": {"BACKEND": BUCKET}, "x": {"BACKEND": "y"}, "staticfiles": {"BACKEND": MANIFEST}}},
    ),
    "no default database": ("DATABASES = {'old': {'ENGINE': 'x'}}\n", {"DATABASES": {"old", "default"}}),
    "logging in production only": (
        "if not DEBUG:\n    LOGGING = {'version': 1, 'mine': True}\n",
        {"LOGGING": {"version": 1, "mine": True}},
    ),
    "logging while debugging only": (
        "if DEBUG:\n    LOGGING = {'version': 1, 'mine': True}\n",
        {"LOGGING": ["console"]},
    ),
    "a base module": ("from shape_base import *\n", {"MIDDLEWARE": [SECURITY, WHITENOISE, ORDINARY]}),
}
# Expectations for parts of settings: the names in DATABASES, the hosts before ours, the log's destination.
PARTS = {
    "ALLOWED_HOSTS": lambda value: value[:1],
    "CSRF_TRUSTED_ORIGINS": lambda value: value[:1],
    "DATABASES": set,
    "LOGGING": lambda value: value["root"]["handlers"] if "root" in value else value,
    "MIDDLEWARE": lambda value: [name for name in value if "_healthz" not in name],
}


@pytest.fixture
def base_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shape_base.py").write_text(START + WHOLE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)


def values(text: str) -> dict[str, Any]:
    """The settings from this text in this process's environment."""
    names: dict[str, Any] = {"__name__": "blog.settings", "__file__": "/app/blog/settings.py"}
    exec(compile(text, "settings.py", "exec"), names)
    return names


def block(text: str, platform: str, **facts: Any) -> str:
    """The text with the block generated from the current settings."""
    here = values(text)
    project = a_project(
        middleware=tuple(here.get("MIDDLEWARE") or ()),
        allowed_hosts=tuple(here.get("ALLOWED_HOSTS") or ()),
        static_url=here.get("STATIC_URL"),
        **facts,
    )
    return with_block(text, platform, render(project, load(platform).production, platform=load(platform).name))


def in_production(text: str, platform: str, monkeypatch: pytest.MonkeyPatch, **facts: Any) -> dict[str, Any]:
    monkeypatch.setenv("DEBUG", "on")
    configured = block(text, platform, **facts)
    monkeypatch.setenv("DEBUG", "")
    for name, value in RUNNING[platform].items():
        monkeypatch.setenv(name, value)
    return values(configured)


@pytest.mark.parametrize("platform", installed())
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.usefixtures("base_module")
def test_the_block_works_in_the_branch_that_production_takes(
    platform: str, shape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, expected = SHAPES[shape]
    running = in_production(START + text, platform, monkeypatch)
    for name, value in expected.items():
        assert PARTS.get(name, lambda whole: whole)(running[name]) == value, name
    assert SECURITY in running["MIDDLEWARE"]
    assert running["DATABASES"]["default"]["HOST"] == "127.0.0.1"
    assert running["DEBUG"] is False
    assert running["ALLOWED_HOSTS"][-1].startswith("own.")
    assert running["CSRF_TRUSTED_ORIGINS"][-1].startswith("https://own.")


@pytest.mark.parametrize("platform", installed())
def test_no_expression_names_a_setting_that_may_be_missing(platform: str) -> None:
    """Each is looked up instead, except INSTALLED_APPS, which every project has."""
    for static in (("django.contrib.staticfiles",), ()):
        text = render(a_project(installed_apps=static), load(platform).production, platform=load(platform).name)
        assigned = set()
        for line in text.splitlines():
            code = line.partition("#")[0]
            name, equals, expression = code.strip().partition(" = ")
            read = set(re.findall(r"(?<![\w.\"'])[A-Z][A-Z_]{3,}(?![\w\"'])", expression if equals else code))
            assert read <= assigned, line
            assigned |= {name} if equals else set()


@pytest.mark.parametrize(
    ("version", "text", "older", "newer"),
    [
        ((3, 2), "", MANIFEST, None),
        ((3, 2), "if not DEBUG:\n    STATICFILES_STORAGE = 'bucket.Static'\n", "bucket.Static", None),
        ((4, 2), "", None, MANIFEST),
        ((4, 2), "if not DEBUG:\n    DEFAULT_FILE_STORAGE = 'bucket.Media'\n", MANIFEST, None),
        ((4, 2), "STATICFILES_STORAGE = 'bucket.Static'\n", "bucket.Static", None),
        ((5, 1), "if not DEBUG:\n    DEFAULT_FILE_STORAGE = 'bucket.Media'\n", None, MANIFEST),
    ],
)
def test_the_older_storage_setting_if_django_needs_it(
    version: tuple[int, int], text: str, older: str | None, newer: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = in_production(START + text, "heroku", monkeypatch, django_version=version)
    assert running.get("STATICFILES_STORAGE") == older
    assert running.get("STORAGES", {}).get("staticfiles", {}).get("BACKEND") == newer


@pytest.mark.parametrize(
    ("text", "folder"), [("", "/app/out"), ("if DEBUG:\n    STATIC_ROOT = '/app/out'\n", "/app/out")]
)
def test_a_static_root_that_is_set_only_while_debugging(
    text: str, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = in_production(START + text, "heroku", monkeypatch, static_root="out")
    assert Path(running["STATIC_ROOT"]) == Path("/app/out").resolve()


@pytest.mark.parametrize(
    ("backend", "sent"),
    [
        ("django.core.mail.backends.console.EmailBackend", True),
        ("django.core.mail.backends.smtp.EmailBackend", False),
        ("mail.service.Backend", False),
    ],
)
def test_a_mailer_that_sends_in_production_is_kept(backend: str, sent: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"{START}if not DEBUG:\n    MAILERS = {{'default': {{'BACKEND': '{backend}'}}, 'x': 1}}\n"
    mailers = in_production(text, "heroku", monkeypatch, prints_mail=True)["MAILERS"]
    assert mailers["x"] == 1
    assert ("OPTIONS" in mailers["default"]) is sent
