"""The settings block for both products: while the site is built, while it runs, and elsewhere."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Checkout  # type: ignore[attr-defined]

ENTROPY = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABCDEFGHIJKLMNOPQRSTUVWX"
HOST = "main-bvxea6i-abcdefghijkl2.eu-5.platformsh.site"
# Upsun docs, "Use variables": those available while building, and those added at run time.
BUILD = {
    "PLATFORM_APPLICATION_NAME": "app",
    "PLATFORM_APP_DIR": "/app",
    "PLATFORM_PROJECT": "abcdefghijkl2",
    "PLATFORM_PROJECT_ENTROPY": ENTROPY,
    "PLATFORM_TREE_ID": "9851a01081a9",
    "CI": "true",
    "SECRET_KEY": "build-only",
}
PASSWORD = "p@ss:w/ord %41&"
DATABASE = {
    "username": "main",
    "password": PASSWORD,
    "scheme": "pgsql",
    "service": "database",
    "host": "database.internal",
    "hostname": "abc.database.service._.eu-5.platformsh.site",
    "ip": "246.0.0.1",
    "port": 5432,
    "path": "main",
    "query": {"is_master": True},
    "rel": "postgresql",
    "type": "postgresql:17",
    "fragment": None,
    "public": False,
}
ROUTES = {
    f"https://{HOST}/": {"primary": True, "type": "upstream", "upstream": "app", "original_url": "https://{default}/"},
    f"http://{HOST}/": {"type": "redirect", "to": f"https://{HOST}/"},
    f"https://www.{HOST}/": {"type": "redirect", "to": f"https://{HOST}/"},
    "https://www.example.com/": {"type": "upstream", "upstream": "app", "original_url": "https://{default}/"},
}
SHOW = """
import json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "blog.settings"
from django.conf import settings
settings.DEBUG
names = [name for name in dir(settings) if name.isupper()]
print(json.dumps({name: getattr(settings, name) for name in names}, default=str))
"""


def encoded(value: Any) -> str:
    return base64.b64encode(json.dumps(value).encode()).decode()


RUN = {
    **{name: value for name, value in BUILD.items() if name not in ("CI", "SECRET_KEY")},
    "PLATFORM_ENVIRONMENT": "main-bvxea6i",
    "PLATFORM_BRANCH": "main",
    "PLATFORM_ROUTES": encoded(ROUTES),
    "PLATFORM_RELATIONSHIPS": encoded({"database": [DATABASE]}),
    "PORT": "8888",
}


def settings_of(checkout: Checkout, env: dict[str, str]) -> dict[str, Any]:
    ended = checkout.python("-W", "ignore", "-c", SHOW, **env)
    assert ended.returncode == 0, ended.stderr
    return dict(json.loads(ended.stdout))


def configure(checkout: Checkout, platform: str) -> Checkout:
    ended = checkout.deployer("--platform", platform)
    assert (ended.returncode, ended.stderr) == (0, "")
    return checkout


@pytest.fixture
def configured(nested: Checkout) -> Checkout:
    return configure(nested, "upsun")


@pytest.mark.parametrize("platform", ["upsun", "platform_sh"])
def test_settings_while_the_site_runs(platform: str, nested: Checkout) -> None:
    configured = configure(nested, platform)
    running = settings_of(configured, RUN)
    assert running["SECRET_KEY"] == ENTROPY
    assert running["ALLOWED_HOSTS"] == [HOST, "www.example.com"]
    assert running["CSRF_TRUSTED_ORIGINS"] == [f"https://{HOST}", "https://www.example.com"]
    assert running["STATIC_ROOT"] == str(configured.root / "site" / "staticfiles")
    database = running["DATABASES"]["default"]
    found = [database[name] for name in ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")]
    engine = "django.db.backends.postgresql"
    assert found == [engine, "main", "main", PASSWORD, "database.internal", 5432]
    assert (database["CONN_MAX_AGE"], database["CONN_HEALTH_CHECKS"]) == (600, True)
    assert (running["DEBUG"], running["SECURE_SSL_REDIRECT"]) == (False, True)


def test_variables_that_come_first(configured: Checkout) -> None:
    url = "pgsql://other:secret@elsewhere.internal:5433/db"
    running = settings_of(configured, {**RUN, "SECRET_KEY": "own", "DATABASE_URL": url, "ALLOWED_HOSTS": "a.example"})
    database = running["DATABASES"]["default"]
    assert (running["SECRET_KEY"], database["HOST"], database["PORT"]) == ("own", "elsewhere.internal", 5433)
    assert running["ALLOWED_HOSTS"][-1] == "a.example"


def test_a_build_needs_nothing_of_the_running_site(configured: Checkout) -> None:
    building = settings_of(configured, BUILD)
    assert building["STATIC_ROOT"] == str(configured.root / "site" / "staticfiles")
    assert building["DATABASES"]["default"]["ENGINE"] == "django.db.backends.sqlite3"
    assert building["ALLOWED_HOSTS"] == []
    # If a variable that the platform promises is missing, the site must not run with an invented value.
    incomplete = {name: value for name, value in RUN.items() if name != "PLATFORM_ROUTES"}
    ended = configured.python("-W", "ignore", "-c", SHOW, **incomplete)
    assert ended.returncode == 1
    assert "KeyError: 'PLATFORM_ROUTES'" in ended.stderr


def test_nothing_changes_elsewhere(configured: Checkout) -> None:
    settings = settings_of(configured, {})
    assert settings["DEBUG"] is True
    assert "simple_deploy" in settings["INSTALLED_APPS"]
