"""fly.toml: the content of a new one, and that nothing in an existing one is lost."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from simple_deploy.platforms.fly_io.fly_toml import edited, loads, port

SCHEMA = Path(__file__).resolve().parents[2] / "schemas" / "fly.json"
# Every key that flyctl supports (flyctl source, appconfig) and that a new file may use.
KEYS = {
    "": "app primary_region kill_signal kill_timeout console_command build deploy env http_service vm",
    "build": "dockerfile",
    "deploy": "release_command",
    "env": "PORT",
    "http_service": "internal_port force_https auto_stop_machines auto_start_machines min_machines_running checks",
    "http_service.checks": "method path grace_period interval timeout headers",
    "http_service.checks.headers": "Host X-Forwarded-Proto",
    "vm": "size memory",
}
# The output of `fly launch` for a Django project (flyctl source, scanner/django.go).
LAUNCHED = """# fly.toml app configuration file generated for blog on 2006-08-01T10:00:00Z
#
# See https://fly.io/docs/reference/configuration/ for information about how to use this file.
#

app = 'blog-prod'   # the live one
primary_region = 'iad'
console_command = '/code/manage.py shell'

[build]

[deploy]
  strategy = 'rolling'

# what the site reads
[env]
  PORT = '8000'

[http_service]
  internal_port = 8000
  force_https = false
  processes = ['app']

  [http_service.concurrency]
    type = 'requests'

# the machine
[[vm]]
  memory = '1gb'
  cpus = 1

[[statics]]
  guest_path = '/code/static'
  url_prefix = '/static/'
"""


def new(text: str | None = None, *, app: str = "my-blog", region: str | None = None, manage: str = "manage.py") -> str:
    values = {"shell": f"python {manage} shell", "migrate": f"python {manage} migrate --noinput"}
    return edited(text, app=app, region=region, values=values)


def unknown(part: Any, path: str = "") -> list[str]:
    found = []
    for key, value in part.items():
        inner = f"{path}.{key}".lstrip(".")
        if key not in KEYS[path].split():
            found.append(inner)
        for table in value if isinstance(value, list) else [value]:
            found += unknown(table, inner) if isinstance(table, dict) else []
    return found


def test_a_new_file() -> None:
    text = new(region="fra")
    document = loads(text)
    assert unknown(document) == []
    assert (document["app"], document["primary_region"]) == ("my-blog", "fra")
    assert document["deploy"] == {"release_command": "python manage.py migrate --noinput"}
    service = document["http_service"]
    assert document["env"] == {"PORT": str(service["internal_port"])}
    [check] = service["checks"]
    assert check["headers"] == {"Host": "my-blog.fly.dev", "X-Forwarded-Proto": "https"}
    assert (document["kill_signal"], document["kill_timeout"]) == ("SIGTERM", "30s")
    assert new(text, region="fra") == text


@pytest.mark.parametrize("before", [None, LAUNCHED])
def test_it_matches_the_schema(before: str | None) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.validate(loads(new(before, region="fra")), schema)
    wrong = new(before).replace("release_command", "release_comand")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(loads(wrong), schema)


def test_the_allow_list_finds_a_wrong_key() -> None:
    assert unknown(loads(new().replace("interval =", "every ="))) == ["http_service.checks.every"]


def test_no_region_is_written_until_one_is_known() -> None:
    text = new()
    assert "primary_region" not in loads(text)
    with_region = new(text, region="ams")
    assert loads(with_region)["primary_region"] == "ams"
    assert with_region.replace("primary_region = 'ams'\n", "") == text


@pytest.mark.parametrize("manage", ["site/manage.py", "'my site/manage.py'", '"it\'s/manage.py"'])
def test_every_path_can_be_written(manage: str) -> None:
    assert loads(new(manage=manage))["deploy"]["release_command"] == f"python {manage} migrate --noinput"


def test_lines_are_only_added_to_the_users_file() -> None:
    text = new(LAUNCHED, app="blog-prod")
    lines = iter(text.splitlines())
    assert all(line in lines for line in LAUNCHED.splitlines())
    document, before = loads(text), loads(LAUNCHED)
    same = {key: value for key, value in before.items() if key not in ("deploy", "http_service")}
    assert {key: document[key] for key in same} == same
    assert document["deploy"] == {"strategy": "rolling", "release_command": "python manage.py migrate --noinput"}
    assert document["http_service"]["force_https"] is False
    assert document["http_service"]["checks"][0]["headers"]["Host"] == "blog-prod.fly.dev"
    assert (document["kill_signal"], document["env"]) == ("SIGTERM", {"PORT": "8000"})
    assert document["vm"] == [{"memory": "1gb", "cpus": 1}]
    assert new(text, app="blog-prod") == text


def test_where_the_lines_are_put() -> None:
    text = new(
        "app = 'a'\n\n[deploy]\n  strategy = 'rolling'\n\n# about env\n[env]\n  A = '1'\n[[services]]\n", app="a"
    )
    assert "  strategy = 'rolling'\n  # Runs before each new version starts;" in text
    assert "noinput'\n\n# about env\n[env]\n  A = '1'\n  # Where gunicorn listens" in text
    assert text.startswith("app = 'a'\n# On SIGTERM, gunicorn finishes")
    # Services in the other form belong to the user.
    assert "http_service" not in loads(text)


def test_a_new_name_replaces_every_old_one() -> None:
    text = new(new(region="iad"), app="other", region="syd")
    document = loads(text)
    assert (document["app"], document["primary_region"]) == ("other", "syd")
    assert document["http_service"]["checks"][0]["headers"]["Host"] == "other.fly.dev"
    assert "my-blog" not in text
    assert "app = 'other'   # the live one" in new(LAUNCHED, app="other")


@pytest.mark.parametrize("text", ["app = 'x'", "", "\n\n", "# nothing\n", "app = 'x'\n[env]"])
def test_files_with_any_ending(text: str) -> None:
    after = new(text, app="x")
    assert loads(after)["http_service"]["internal_port"] == 8080
    assert new(after, app="x") == after


def test_a_form_that_cannot_be_extended_is_refused() -> None:
    with pytest.raises(ValueError, match="inserted"):
        new("http_service = { internal_port = 3000 }\n")


def test_a_table_in_dotted_keys_gains_dotted_keys() -> None:
    text = new("deploy.strategy = 'rolling'\n")
    assert "deploy.strategy = 'rolling'\n# Runs before each new version" in text
    assert loads(text)["deploy"] == {"strategy": "rolling", "release_command": "python manage.py migrate --noinput"}


PORTS = {
    "[http_service]\ninternal_port = 3000\n": 3000,
    "[[services]]\ninternal_port = 4000\n[env]\nPORT = '5000'\n": 4000,
    "[env]\nPORT = '5000'\n": 5000,
    "": 8080,
}


@pytest.mark.parametrize("text", PORTS)
def test_the_users_port_takes_precedence(text: str) -> None:
    assert port(loads(text)) == PORTS[text]
    if "services" not in text:
        document = loads(new(text))
        assert document["env"]["PORT"] == str(document["http_service"]["internal_port"]) == str(PORTS[text])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("http_service = 3\n", "http_service is a number, and must be a table"),
        ("[[http_service]]\n", "http_service is a list, and must be a table"),
        ("services = 3\n", "services is a number, and must be a table or a list"),
        ("env = 'x'\n", "env is a string, and must be a table"),
        ("[env]\nPORT = 'x'\n", "PORT in [env] is not a number: x"),
    ],
)
def test_a_value_of_the_wrong_type_is_reported(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        new(text)


def test_an_invalid_port_is_refused() -> None:
    with pytest.raises(ValueError, match="web"):
        new("[env]\n  PORT = 'web'\n")
