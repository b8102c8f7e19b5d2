"""Which secrets stand in the code of the settings."""

from __future__ import annotations

import pytest

from simple_deploy.inspect.settings_modules import modules
from simple_deploy.inspect.written_secrets import written_secrets


def found(text: str, **files: str) -> tuple[str, ...]:
    content = {"blog/settings.py": text, **{f"blog/{name}.py": source for name, source in files.items()}}
    return written_secrets(
        modules({path: source.encode() for path, source in content.items()}.get, ["blog.settings"], ".")
    )


DATABASE = "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', %s'PASSWORD': 'k9-Tr3e-house'}}\n"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("EMAIL_HOST_PASSWORD = 'abcd efgh ijkl mnop'\n", ["EMAIL_HOST_PASSWORD"]),
        ("AWS_SECRET_ACCESS_KEY: str = 'wJalrXUtnFEMI/K7MDENG'\n", ["AWS_SECRET_ACCESS_KEY"]),
        ("CLOUDINARY_STORAGE = {'CLOUD_NAME': 'blog', 'API_SECRET': 'a1b2c3d4e5f6'}\n", ["CLOUDINARY_STORAGE"]),
        ("EXTRA['MAIL']['PASSWORD'] = 'abcd efgh ijkl mnop'\n", ["EXTRA"]),
        ("BROKER_URL = 'amqps://blog:k9-Tr3e-house@mq.example.org/1'\n", []),
        ("BROKER_URL = 'amqps://blog:k9-Tr3e-house@mq.rabbits.org/1'\n", ["BROKER_URL"]),
        ("BROKER_URL = 'amqp://guest:k9-Tr3e-house@localhost/1'\n", []),
        (DATABASE % "'HOST': 'db.hosting.org', ", ["DATABASES"]),
        (DATABASE % "'HOST': os.environ['DB_HOST'], ", ["DATABASES"]),
        (DATABASE % "'HOST': 'localhost', ", []),
        (DATABASE % "'HOST': 'db', ", []),
        (DATABASE % "'HOST': '', ", []),
        (DATABASE % "", []),
        (
            "DATABASES = {'default': dj_database_url.parse('postgres://me:k9-Tr3e-house@db.hosting.org/x')}\n",
            ["DATABASES"],
        ),
        ("DATABASES = {'default': env.db(default='postgres://me:k9-Tr3e-house@db.hosting.org/x')}\n", ["DATABASES"]),
        ("DATABASES = {'default': env.db(default='postgres://me:k9-Tr3e-house@localhost/x')}\n", []),
        # The settings block replaces this one.
        ("SECRET_KEY = 'django-x5!k2#v9z@w7q4m1'\n", []),
        # No secrets.
        ("STRIPE_PUBLISHABLE_KEY = 'pk_live_a1b2c3d4e5f6'\nRECAPTCHA_PUBLIC_KEY = '6LcR4nQUAAAAA'\n", []),
        ("EMAIL_HOST_PASSWORD = 'your-email-password'\nAPI_KEY = '<enter it>'\n", []),
        ("TOKEN = ''\nCACHE_KEY = 'notes_of_today'\nENV_SECRET_KEY = 'DJANGO_SECRET_KEY'\n", []),
        ("PASSWORD_RESET_TIMEOUT = 600\nAUTH_USER_MODEL = 'blog.User'\nCSRF_COOKIE_NAME = 'csrftoken2'\n", []),
        # A variable with a default has a note of its own.
        ("import os\nEMAIL_HOST_PASSWORD = os.environ.get('MAIL_PASSWORD', 'abcd efgh ijkl mnop')\n", []),
        ("SECRET_CHARS = 'abcdefghij0123456789'\n", []),
        ("class Own(Base):\n    db_url: str = 'postgres://me:k9-Tr3e-house@localhost/x'\n", []),
        ("def mail():\n    password = 'abcd efgh ijkl mnop'\n", []),
    ],
)
def test_a_secret_that_production_uses_is_found(text: str, names: list[str]) -> None:
    assert found(text) == tuple(f"{name} (blog/settings.py:1)" for name in names)


def test_an_address_with_a_password_is_found_under_any_name() -> None:
    address = "'postgres://me:k9-Tr3e-house@db.hosting.org/x'"
    text = f"db_url = {address}\nclass Own(Base):\n    database: str = {address}\n"
    assert found(text) == ("db_url (blog/settings.py:1)", "database (blog/settings.py:3)")


def test_a_secret_is_found_in_every_module_that_the_settings_import() -> None:
    mail = "\nEMAIL_HOST_PASSWORD = 'abcd efgh ijkl mnop'\n"
    assert found("from .mail import *\n", mail=mail, other=mail) == ("EMAIL_HOST_PASSWORD (blog/mail.py:2)",)
