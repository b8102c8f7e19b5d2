"""A configuration-only run for Fly.io: its files, its settings, and Django's response to the health check."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from matrix.sandbox.processes import Ran

if TYPE_CHECKING:
    from conftest import Checkout

HOST = "my-blog.fly.dev"
BUILD = {"ON_FLY_IO": "1", "SECRET_KEY": "k" * 40 + "0123456789"}
RUN = {**BUILD, "FLY_APP_NAME": "my-blog"}
URL = "postgres://my_blog:pw@my-blog-db.flycast:5432/my_blog?sslmode=disable"
SHOW = """
import json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "blog.settings"
from django.conf import settings
settings.DEBUG
names = [name for name in dir(settings) if name.isupper()]
print(json.dumps({name: getattr(settings, name) for name in names}, default=str))
"""
# The response of the site, as served by gunicorn, to a visitor or to Fly.io's check.
ASK = """
import json, os, sys
from django.test import Client
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "blog.settings"
django.setup()
client = Client(raise_request_exception=False)
for path, host, scheme in json.loads(sys.argv[1]):
    try:
        answer = client.get(path, headers={"host": host, "x-forwarded-proto": scheme})
    except Exception as error:
        print("the server's own 500", error)
        continue
    print(answer.status_code, "ok" if answer.content == b"ok" else "something else")
"""
BROKEN = "raise RuntimeError('these URL patterns cannot be loaded')\n"
OWN = """
from django.http import HttpResponse
from django.urls import path
urlpatterns = [path("healthz", lambda request: HttpResponse(status=503))]
"""


def configure(checkout: Checkout, *options: str) -> Ran:
    return checkout.deployer("--platform", "fly_io", "--deployed-project-name", "my-blog", *options)


@pytest.fixture
def configured(checkout: Checkout) -> Checkout:
    ended = configure(checkout)
    assert (ended.returncode, ended.stderr) == (0, "")
    return checkout


def settings_of(checkout: Checkout, env: dict[str, str]) -> dict[str, Any]:
    ended = checkout.python("-W", "ignore", "-c", SHOW, **env)
    assert ended.returncode == 0, ended.stderr
    return dict(json.loads(ended.stdout))


def answers(checkout: Checkout, *questions: tuple[str, str, str]) -> list[str]:
    """The responses, then the logged lines."""
    ended = checkout.python("-W", "ignore", "-c", ASK, json.dumps(questions), **RUN)
    assert ended.returncode == 0, ended.stderr
    return [*ended.stdout.splitlines(), *ended.stderr.splitlines()]


@pytest.mark.long
def test_a_project_is_configured_once(checkout: Checkout) -> None:
    ended = configure(checkout)
    assert (ended.returncode, ended.stderr) == (0, "")
    first = checkout.contents()
    assert {"Dockerfile", ".dockerignore", "fly.toml"} <= set(first)
    assert "whitenoise" in checkout.read("requirements.txt")
    again = configure(checkout)
    assert (again.returncode, checkout.contents()) == (0, first)


@pytest.mark.long
def test_the_settings_in_each_environment(configured: Checkout) -> None:
    here = settings_of(configured, {})
    assert here["DEBUG"] is True
    building = settings_of(configured, {"ON_FLY_IO": "1"})
    assert building["DEBUG"] is False
    assert building["STATIC_ROOT"] == str(configured.root / "staticfiles")
    assert building["STORAGES"]["staticfiles"]["BACKEND"] == "whitenoise.storage.CompressedStaticFilesStorage"
    assert (building["ALLOWED_HOSTS"], building["SECURE_SSL_REDIRECT"]) == ([], False)
    running = settings_of(configured, {**RUN, "DATABASE_URL": URL})
    assert running["SECRET_KEY"] == RUN["SECRET_KEY"]
    assert (running["DEBUG"], running["ALLOWED_HOSTS"]) == (False, [HOST])
    assert running["CSRF_TRUSTED_ORIGINS"] == [f"https://{HOST}"]
    assert (running["SECURE_SSL_REDIRECT"], running["SESSION_COOKIE_SECURE"]) == (True, True)
    assert "simple_deploy" not in running["INSTALLED_APPS"]
    database = running["DATABASES"]["default"]
    # The address itself shows that there is no TLS on Fly.io's private network.
    assert (database["HOST"], database["OPTIONS"]) == ("my-blog-db.flycast", {"sslmode": "disable"})
    assert (database["CONN_MAX_AGE"], database["CONN_HEALTH_CHECKS"]) == (300, True)
    # With --database none, the project's own one.
    assert settings_of(configured, RUN)["DATABASES"]["default"] == here["DATABASES"]["default"]


def test_check_deploy_reports_only_hsts(configured: Checkout) -> None:
    ended = configured.python("manage.py", "check", "--deploy", **RUN)
    found = {line.split(")")[0].rpartition(".")[2] for line in ended.stderr.splitlines() if line.startswith("?: (")}
    assert (ended.returncode, found) == (0, {"W004"}), ended.stderr


@pytest.mark.long
def test_the_health_check(configured: Checkout) -> None:
    as_fly_toml_asks = ("/healthz", HOST, "https")
    # A missing page is healthy, and nothing is logged. The same if the visitor is redirected.
    assert answers(configured, as_fly_toml_asks, ("/healthz", HOST, "http")) == ["200 ok", "200 ok"]
    # Other pages are unchanged; a rejected host is unhealthy.
    private = ("/healthz", "172.19.17.130:8080", "https")
    others = answers(configured, ("/admin/", HOST, "https"), private, ("/elsewhere", HOST, "https"))
    assert others[:3] == ["302 something else", "400 something else", "404 something else"]
    configured.write("blog/urls.py", BROKEN)
    assert answers(configured, as_fly_toml_asks)[0].startswith("the server's own 500 these URL")
    configured.write("blog/urls.py", OWN)
    assert answers(configured, as_fly_toml_asks)[0] == "503 something else"


@pytest.mark.long
def test_the_users_own_text_is_kept(checkout: Checkout) -> None:
    checkout.write("Dockerfile", 'FROM python:3.12-slim\nCMD ["./run"]\n')
    checkout.write("fly.toml", "app = 'their-blog'\nprimary_region = 'syd'\n\n[http_service]\n  internal_port = 3000\n")
    checkout.commit_all("A way of their own")
    before = checkout.contents()
    ended = checkout.deployer("--platform", "fly_io")
    assert ended.returncode == 0, ended.stderr
    assert checkout.contents()["Dockerfile"] == before["Dockerfile"]
    text = checkout.read("fly.toml")
    assert text.startswith("app = 'their-blog'\nprimary_region = 'syd'\n")
    assert "  PORT = '3000'\n" in text
    assert "--deployed-project-name" not in ended.stdout
    assert "fly apps create their-blog\n" in ended.stdout
    assert "Your own Dockerfile is kept" in checkout.page(".md")
    checkout.commit_all()
    replaced = checkout.deployer("--platform", "fly_io", "--replace-files")
    assert replaced.returncode == 0, replaced.stderr
    assert "gunicorn" in checkout.read("Dockerfile")


def test_another_image_in_fly_toml_prevents_a_dockerfile(checkout: Checkout) -> None:
    checkout.write("fly.toml", "[build]\n  image = 'ghcr.io/me/blog:1'\n")
    checkout.commit_all("An image that is built elsewhere")
    ended = configure(checkout)
    assert ended.returncode == 0, ended.stderr
    assert "Dockerfile" not in checkout.contents()
    assert "because fly.toml has image = 'ghcr.io/me/blog:1'" in checkout.page(".md")


TROUBLE = """
[[statics]]
  guest_path = '/code/static'
  url_prefix = '/static/'
[http_service]
  [[http_service.checks]]
    path = '/up/'
"""


def test_possible_problems_are_noted(checkout: Checkout) -> None:
    checkout.write("fly.toml", TROUBLE)
    checkout.commit_all("A health check of their own")
    assert configure(checkout).returncode == 0
    page = checkout.page(".md")
    assert "A health check in fly.toml sends no Host header" in page
    assert "in fly.toml is served before requests reach Django" in page
    assert checkout.read("fly.toml").count("checks") == 1


@pytest.mark.parametrize("text", ["app = ", "http_service = { internal_port = 1 }\n", "app = 'ä'\n"])
def test_a_file_that_cannot_be_extended(text: str, checkout: Checkout) -> None:
    (checkout.root / "fly.toml").write_bytes(text.encode("latin-1"))
    checkout.commit_all("A strange file")
    before = checkout.contents()
    ended = configure(checkout)
    assert ended.returncode == 1
    first = re.match(r"Stopped: Nothing was changed\. Fix this problem first:\n\n1\. (.*)\n", ended.stderr)
    assert first
    assert "fly.toml" in first[1]
    assert checkout.contents() == before


def test_impossible_options_are_refused(checkout: Checkout) -> None:
    before = checkout.contents()
    named = ("--deployed-project-name", "My Blog", "--region", "europe", "--database", "mysql")
    ended = checkout.deployer("--platform", "fly_io", *named)
    assert ended.returncode == 1
    for found in (
        '"My Blog" is not a valid app name on Fly.io.',
        '"europe" is not a Fly.io region: region codes have three letters.',
        "mysql",
    ):
        assert found in ended.stderr
    assert checkout.contents() == before


def test_the_nested_layout(nested: Checkout) -> None:
    ended = configure(nested)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "release_command = 'python site/manage.py migrate --noinput'" in nested.read("fly.toml")
    assert '"--chdir", "site"' in nested.read("Dockerfile")
    assert not {"site/Dockerfile", "site/fly.toml"} & set(nested.contents())


def test_an_app_that_no_run_created_is_not_destroyed(checkout: Checkout) -> None:
    ended = checkout.deployer("--platform", "fly_io", "--destroy", "--deployed-project-name", "my-blog")
    assert ended.returncode == 1
    assert "remove it yourself: fly apps destroy my-blog\n" in ended.stderr
