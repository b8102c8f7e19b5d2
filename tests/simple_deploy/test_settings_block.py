"""The settings block in projects of many shapes: the resulting settings on Heroku, and elsewhere."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
import pytest
from sample_settings import SETTINGS

from simple_deploy.model import Settings
from simple_deploy.platforms import load
from simple_deploy.production import database
from simple_deploy.production.settings_block import render

if TYPE_CHECKING:
    from conftest import Checkout

SECURITY = "django.middleware.security.SecurityMiddleware"
WHITENOISE = "whitenoise.middleware.WhiteNoiseMiddleware"
MANIFEST = "whitenoise.storage.CompressedManifestStaticFilesStorage"
FILES = "django.core.files.storage.FileSystemStorage"
HOST = "blog-0123456789ab.herokuapp.com"
BUILD = {"ON_HEROKU": "1", "SECRET_KEY": "k" * 40 + "0123456789", "DATABASE_URL": "postgres://u:p@127.0.0.1:5432/db"}
RUN = {**BUILD, "DYNO": "web.1", "HEROKU_APP_DEFAULT_DOMAIN_NAME": HOST}
SHOW = """
import json, os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "blog.settings")
from django.conf import settings
settings.DEBUG
names = [n for n in dir(settings) if n.isupper()]
print(json.dumps({n: getattr(settings, n) for n in names}, default=str))
"""


BUCKET = """from django.contrib.staticfiles.storage import StaticFilesStorage


class Static(StaticFilesStorage):
    pass
"""


def configured(checkout: Checkout, *edits: tuple[str, str], extra: str = "") -> Checkout:
    """The project with its settings edited, committed and configured."""
    text = checkout.read("blog/settings.py")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    checkout.write("blog/settings.py", text + extra)
    if "'django.contrib.admin'" not in text:
        urls = [line for line in checkout.read("blog/urls.py").splitlines(keepends=True) if "admin" not in line]
        checkout.write("blog/urls.py", "".join(urls))
    checkout.write("blog/bucket.py", BUCKET)
    checkout.commit_all("A shape of its own")
    ended = checkout.deployer(trial=True)
    assert (ended.returncode, ended.stderr) == (0, "")
    return checkout


def settings_of(checkout: Checkout, env: dict[str, str]) -> dict[str, Any]:
    ended = checkout.python("-W", "ignore", "-c", SHOW, **env)
    assert ended.returncode == 0, ended.stderr
    return dict(json.loads(ended.stdout))


def test_production_settings_of_a_new_project(checkout: Checkout) -> None:
    running = settings_of(configured(checkout), RUN)
    assert running["SECRET_KEY"] == RUN["SECRET_KEY"]
    assert running["DEBUG"] is False
    assert running["ALLOWED_HOSTS"] == [HOST]
    assert running["CSRF_TRUSTED_ORIGINS"] == [f"https://{HOST}"]
    assert running["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
    assert running["SECURE_SSL_REDIRECT"] is True
    assert (running["SESSION_COOKIE_SECURE"], running["CSRF_COOKIE_SECURE"]) == (True, True)
    assert running["MIDDLEWARE"][:2] == [SECURITY, WHITENOISE]
    assert running["STATIC_ROOT"] == str(checkout.root / "staticfiles")
    assert running["STORAGES"] == {"default": {"BACKEND": FILES}, "staticfiles": {"BACKEND": MANIFEST}}
    assert running["LOGGING"]["root"] == {"handlers": ["console"], "level": "INFO"}
    assert "simple_deploy" not in running["INSTALLED_APPS"]
    database = running["DATABASES"]["default"]
    assert (database["HOST"], database["CONN_MAX_AGE"], database["CONN_HEALTH_CHECKS"]) == ("127.0.0.1", 600, True)
    assert database["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.long
@pytest.mark.parametrize(
    ("own", "text"), [("'static_out'", True), ("BASE_DIR / '..' / 'out'", False), ("None", False), ("''", False)]
)
def test_the_folder_of_static_files_is_text_where_the_projects_is(own: str, text: bool, checkout: Checkout) -> None:
    """Code of the project, or of a package, adds text to it, or another path."""
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + f"STATIC_ROOT = {own}\n")
    checkout.commit_all("A folder that a build cannot use")
    settings_of(configured(checkout), RUN)
    ours = 'Path(__file__).resolve().parent.parent / "staticfiles"'
    assert f"    STATIC_ROOT = {f'str({ours})' if text else ours}\n" in checkout.read("blog/settings.py")


@pytest.mark.long
def test_the_block_has_no_effect_elsewhere(checkout: Checkout) -> None:
    before = settings_of(checkout, {})
    after = settings_of(configured(checkout), {})
    assert after == before
    assert "simple_deploy" in after["INSTALLED_APPS"]


@pytest.mark.long
def test_the_build_gets_only_what_static_files_need(checkout: Checkout) -> None:
    building = settings_of(configured(checkout), BUILD)
    assert building["STORAGES"]["staticfiles"]["BACKEND"] == MANIFEST
    assert building["DEBUG"] is False
    assert building["SECURE_SSL_REDIRECT"] is False
    assert building["DATABASES"]["default"]["ENGINE"] == "django.db.backends.sqlite3"


SERVER = {"ENGINE": "blog.mysql", "NAME": "site", "OPTIONS": {"charset": "utf8mb4"}}
OWN_ENGINE = """
from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite

class DatabaseWrapper(SQLite):
    vendor = "mysql"
"""
# What the end of the settings says -> the engine while building.
ENGINES = {
    "SQLite": ("", "sqlite3"),
    "a server": (f"DATABASES['default'] = {SERVER}\n", "postgresql"),
    "a server in a branch that is not taken here": (
        f"import os\nif 'ON_HEROKU' in os.environ:\n    DATABASES['default'] = {SERVER}\n",
        "postgresql",
    ),
    "a server in a comment": ("# 'ENGINE': 'django.db.backends.mysql'\n", "sqlite3"),
}


@pytest.mark.long
@pytest.mark.parametrize(("end", "engine"), ENGINES.values(), ids=ENGINES)
def test_a_build_needs_no_driver_of_another_server(checkout: Checkout, end: str, engine: str) -> None:
    # Here it can be imported; in a build, its driver would be missing.
    checkout.write("blog/mysql/base.py", OWN_ENGINE)
    building = settings_of(configured(checkout, extra=end), BUILD)
    assert building["DATABASES"]["default"]["ENGINE"] == f"django.db.backends.{engine}"
    running = settings_of(checkout, RUN)["DATABASES"]["default"]
    assert (running["ENGINE"], running["OPTIONS"]) == ("django.db.backends.postgresql", {"sslmode": "require"})


def test_debug_and_more_hosts_come_from_the_environment(checkout: Checkout) -> None:
    running = settings_of(configured(checkout), {**RUN, "DEBUG": "True", "ALLOWED_HOSTS": "a.example, b.example,"})
    assert running["DEBUG"] is True
    assert running["ALLOWED_HOSTS"] == [HOST, "a.example", "b.example"]
    assert "https://b.example" in running["CSRF_TRUSTED_ORIGINS"]


def test_check_deploy_reports_only_hsts(checkout: Checkout) -> None:
    ended = configured(checkout).python("manage.py", "check", "--deploy", **RUN)
    found = {line.split(")")[0].rpartition(".")[2] for line in ended.stderr.splitlines() if line.startswith("?: (")}
    assert (ended.returncode, found) == (0, {"W004"}), ended.stderr


def test_check_deploy_finds_problems_without_the_block(checkout: Checkout) -> None:
    ended = checkout.python("manage.py", "check", "--deploy", **RUN)
    assert "W018" in ended.stderr
    assert "W009" in ended.stderr


MIDDLEWARE = "    'django.middleware.security.SecurityMiddleware',\n"
SHAPES = {
    "tuples": (
        [("MIDDLEWARE = [", "MIDDLEWARE = ("), ("XFrameOptionsMiddleware',\n]", "XFrameOptionsMiddleware',\n)")],
        "ALLOWED_HOSTS = ('www.example.com', '.example.org')\n",
        {"MIDDLEWARE": lambda v: v[:2] == [SECURITY, WHITENOISE]}
        | {"ALLOWED_HOSTS": lambda v: v == ["www.example.com", ".example.org", HOST]},
    ),
    "every host": ([], "ALLOWED_HOSTS = ['*']\n", {"ALLOWED_HOSTS": lambda v: v == [HOST]}),
    "no SecurityMiddleware": (
        [(MIDDLEWARE, "")],
        "",
        {"MIDDLEWARE": lambda v: v[:2] == [SECURITY, WHITENOISE] and v.count(SECURITY) == 1},
    ),
    "WhiteNoise is there": (
        [(MIDDLEWARE, f"{MIDDLEWARE}    '{WHITENOISE}',\n")],
        f"STORAGES = {{'default': {{'BACKEND': '{FILES}'}}, 'staticfiles': {{'BACKEND': '{MANIFEST}'}}}}\n",
        {"MIDDLEWARE": lambda v: v.count(WHITENOISE) == 1, "STORAGES": lambda v: len(v) == 2},
    ),
    "trusted origins": (
        [],
        "CSRF_TRUSTED_ORIGINS = ['https://shop.example.com']\n",
        {"CSRF_TRUSTED_ORIGINS": lambda v: v == ["https://shop.example.com", f"https://{HOST}"]},
    ),
    "static URL": (
        [("STATIC_URL = 'static/'", "STATIC_URL = '/assets/'")],
        "",
        {"STATIC_URL": lambda v: v == "/assets/"},
    ),
    "no static URL": ([("STATIC_URL = 'static/'", "")], "", {"STATIC_URL": lambda v: v == "/static/"}),
    "static root of one's own": (
        [],
        "STATIC_ROOT = BASE_DIR / 'out'\n",
        {"STATIC_ROOT": lambda v: v.endswith("/blog/out") or v.endswith("\\blog\\out")},
    ),
    "static root collides": (
        [],
        "STATIC_ROOT = BASE_DIR / 'staticfiles'\nSTATICFILES_DIRS = [STATIC_ROOT, ('x', BASE_DIR / 'x')]\n",
        {"STATIC_ROOT": lambda v: v.endswith("collected_static")},
    ),
    "static root on the server": ([], "STATIC_ROOT = '/var/www/static'\n", {"STATIC_ROOT": lambda v: "blog" in v}),
    "relative static root": ([], "STATIC_ROOT = 'static_out'\n", {"STATIC_ROOT": lambda v: v.endswith("staticfiles")}),
    "media storage": (
        [],
        "STORAGES = {'default': {'BACKEND': 'django.core.files.storage.InMemoryStorage'}, 'x': {'BACKEND': 'y'}, "
        "'staticfiles': {'BACKEND': 'django.contrib.staticfiles.storage.StaticFilesStorage'}}\n",
        {
            "STORAGES": lambda v: (
                v
                == {
                    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
                    "x": {"BACKEND": "y"},
                    "staticfiles": {"BACKEND": MANIFEST},
                }
            )
        },
    ),
    "storages without default": (
        [],
        "STORAGES = {'staticfiles': {'BACKEND': 'django.contrib.staticfiles.storage.ManifestStaticFilesStorage'}}\n",
        {"STORAGES": lambda v: v == {"default": {"BACKEND": FILES}, "staticfiles": {"BACKEND": MANIFEST}}},
    ),
    "static files in a bucket": (
        [],
        f"STORAGES = {{'default': {{'BACKEND': '{FILES}'}}, 'staticfiles': {{'BACKEND': 'blog.bucket.Static'}}}}\n",
        {"STORAGES": lambda v: v["staticfiles"]["BACKEND"] == "blog.bucket.Static"},
    ),
    "two databases": (
        [],
        "DATABASES['old'] = {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'old'}\n",
        {"DATABASES": lambda v: set(v) == {"default", "old"} and v["default"]["HOST"] == "127.0.0.1"},
    ),
    "logging of its own": (
        [],
        "LOGGING = {'version': 1, 'disable_existing_loggers': False}\n",
        {"LOGGING": lambda v: v == {"version": 1, "disable_existing_loggers": False}},
    ),
    "a mail server of its own": (
        [],
        "MAILERS = {'default': {'BACKEND': 'blog.bucket.Backend'}}\n",
        {"MAILERS": lambda v: v == {"default": {"BACKEND": "blog.bucket.Backend"}}},
    ),
    "only the admin's static files": (
        [("    'django.contrib.staticfiles',\n", "")],
        "",
        {
            "STATIC_ROOT": lambda v: v is not None,
            "MIDDLEWARE": lambda v: WHITENOISE in v,
            "INSTALLED_APPS": lambda v: v[-1] == "django.contrib.staticfiles",
        },
    ),
    "no static files": (
        [("    'django.contrib.staticfiles',\n", ""), ("    'django.contrib.admin',\n", "")],
        "",
        {"STATIC_ROOT": lambda v: v is None, "MIDDLEWARE": lambda v: WHITENOISE not in v},
    ),
}


@pytest.mark.long
@pytest.mark.parametrize(
    "shape", [*[*SHAPES][:2], *(pytest.param(name, marks=pytest.mark.long) for name in [*SHAPES][2:])]
)
def test_the_loaded_values_of_settings_decide(checkout: Checkout, shape: str) -> None:
    edits, extra, expected = SHAPES[shape]
    running = settings_of(configured(checkout, *edits, extra=extra), RUN)
    for name, holds in expected.items():
        assert holds(running[name]), (name, running[name])


def test_a_separate_production_module_gets_the_block(checkout: Checkout) -> None:
    checkout.write("blog/wsgi.py", checkout.read("blog/wsgi.py").replace("blog.settings", "blog.production"))
    checkout.write("blog/production.py", "from .settings import *\nALLOWED_HOSTS = ['www.example.com']\n")
    checkout.commit_all("Production is another module")
    said = checkout.deployer().stdout
    assert "# >>> simple_deploy: heroku >>>" in checkout.read("blog/production.py")
    assert "simple_deploy: heroku" not in checkout.read("blog/settings.py")
    running = settings_of(checkout, {**RUN, "DJANGO_SETTINGS_MODULE": "blog.production"})
    assert running["ALLOWED_HOSTS"] == ["www.example.com", HOST]
    assert "DJANGO_SETTINGS_MODULE=blog.production" in said


def test_settings_named_on_the_command_line_win(checkout: Checkout) -> None:
    checkout.write("blog/live.py", "from .settings import *\n")
    checkout.commit_all("Live settings")
    said = checkout.deployer("--settings", "blog.live").stdout
    assert "# >>> simple_deploy: heroku >>>" in checkout.read("blog/live.py")
    assert "DJANGO_SETTINGS_MODULE=blog.live" in said


def a_project(**changes: Any) -> Settings:
    sample = replace(SETTINGS, installed_apps=("django.contrib.staticfiles",), static_url="/static/")
    return replace(sample, **changes)


@pytest.mark.skipif(django.VERSION < (6, 1), reason="MAILERS came with Django 6.1")
def test_printing_email_backends_are_replaced(checkout: Checkout) -> None:
    printed = "{'default': {'BACKEND': 'django.core.mail.backends.console.EmailBackend'}, 'x': {}}"
    shape = configured(checkout, extra=f"MAILERS = {printed}\n")
    mailers = settings_of(shape, {**RUN, "EMAIL_HOST": "smtp.example.com"})["MAILERS"]
    assert mailers["default"]["BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert mailers["default"]["OPTIONS"]["host"] == "smtp.example.com"
    assert "x" in mailers
    assert "to an SMTP server; until then, sending mail fails" in shape.deployer("--dry-run").stdout


@pytest.mark.parametrize(
    ("old", "named", "vendor", "engine"),
    [
        (False, "django.db.backends.sqlite3", "", ""),
        (True, "django.db.backends.sqlite3", "", ', engine="django.db.backends.postgresql"'),
        (False, "django.contrib.gis.db.backends.spatialite", "", ', engine="django.contrib.gis.db.backends.postgis"'),
        (False, "django.contrib.gis.db.backends.postgis", "", ', engine="django.contrib.gis.db.backends.postgis"'),
        (True, "psqlextra.backend", "postgresql", ', engine="psqlextra.backend"'),
        # That of django-tenants has no vendor before the apps are loaded.
        (False, "django_tenants.postgresql_backend", "", ', engine="django_tenants.postgresql_backend"'),
        (False, "django.db.backends.postgresql", "", ""),
        (False, "mssql", "microsoft", ""),
    ],
)
def test_the_engine_suits_the_project(old: bool, named: str, vendor: str, engine: str) -> None:
    settings = a_project(database_engine=named, database_vendor=vendor)
    chosen = database.engine(settings, named=old)
    assert chosen == engine
    block = render(settings, load("heroku").production, platform="Heroku", engine=chosen)
    assert f"ssl_require=True{engine})" in block
    assert "conn_health_checks" not in block


@pytest.mark.long
def test_requests_stay_transactions(checkout: Checkout) -> None:
    shape = configured(checkout, extra='DATABASES["default"]["ATOMIC_REQUESTS"] = True\n')
    assert settings_of(shape, RUN)["DATABASES"]["default"]["ATOMIC_REQUESTS"] is True


def test_wagtail_gets_the_app_that_its_search_needs() -> None:
    with_search = render(a_project(installed_apps=("wagtail.search",)), load("heroku").production, platform="Heroku")
    assert '"django.contrib.postgres"]' in with_search
    assert "django.contrib.postgres" not in render(a_project(), load("heroku").production, platform="Heroku")


def executed(block: str, given: dict[str, Any]) -> dict[str, Any]:
    """The settings on a running dyno, below these."""
    running = {"DYNO": "web.1", "ON_HEROKU": "1", "SECRET_KEY": "k", "DATABASE_URL": "postgres://u:p@127.0.0.1:5432/db"}
    with pytest.MonkeyPatch.context() as patched:
        for name, value in running.items():
            patched.setenv(name, value)
        found: dict[str, Any] = {**given, "__file__": "/srv/blog/settings.py"}
        exec(compile(block, "settings.py", "exec"), found)
    return found


@pytest.mark.parametrize(("file_caches", "read_only"), [(True, True), (True, False), (False, True)])
def test_caches_in_files_move_where_they_cannot_be_written(file_caches: bool, read_only: bool) -> None:
    files = {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": "/srv/blog/cache"}
    caches = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}, "pages": files}
    project = a_project(file_caches=file_caches)
    block = render(project, load("heroku").production, platform="Heroku", read_only=read_only)
    found = executed(block, {"MIDDLEWARE": [], "CACHES": caches})["CACHES"]
    moved = {**files, "LOCATION": Path(tempfile.gettempdir()) / "cache-pages"}
    assert found == {**caches, "pages": moved if file_caches and read_only else files}


def test_file_logging_goes_to_the_console() -> None:
    names = {
        "MIDDLEWARE": [],
        "LOGGING": {
            "version": 1,
            "handlers": {
                "file": {"class": "logging.FileHandler", "filename": "logs/debug.txt", "level": "INFO", "mode": "a"},
                "mail": {"class": "django.utils.log.AdminEmailHandler"},
            },
        },
    }
    lines = render(a_project(log_files=("logs/debug.txt",)), load("heroku").production, platform="Heroku")
    found = executed(lines, names)
    assert found["LOGGING"]["handlers"] == {
        "file": {"class": "logging.StreamHandler", "level": "INFO"},
        "mail": {"class": "django.utils.log.AdminEmailHandler"},
    }
    assert (
        "StreamHandler"
        not in render(a_project(), load("heroku").production, platform="Heroku").partition("while running only")[0]
    )
