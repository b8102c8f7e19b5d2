"""The configurations that the emulated Upsun accepts, and its messages about others."""

import json
from pathlib import Path
from typing import Any

import pytest
from upsun_project import APPLICATION, ROUTES, SERVICES, configuration

from matrix.emulators._upsun.addresses import described, relationship_variables, routes_of
from matrix.emulators._upsun.configuration import Configuration, InvalidConfiguration, read
from matrix.emulators._upsun.flavour import FIXED, FLEX, Flavour
from matrix.emulators._upsun.gateway.locations import Locations
from matrix.sandbox.http_server import Request, Response


def written(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def errors(flavour: Flavour, folder: Path, files: dict[str, str]) -> list[str]:
    with pytest.raises(InvalidConfiguration) as invalid:
        read(flavour, written(folder, files))
    return invalid.value.errors


@pytest.mark.parametrize("flavour", [FLEX, FIXED], ids=lambda flavour: flavour.name)
def test_the_configuration_of_the_tests_is_valid(tmp_path: Path, flavour: Flavour) -> None:
    found = read(flavour, written(tmp_path, configuration(flavour)))
    assert (found.name, found.root, found.services.keys()) == ("app", "", SERVICES.keys())
    assert found.relationships == {"database": ("db", "postgresql")}
    assert found.variables() == {"FROM_CONFIGURATION": "yes"}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"type": "python:3.9"}, "applications.app.type: 'python:3.9' is not a valid application type."),
        ({"type": "php:8.4"}, "applications.app.type: 'php:8.4' is not a valid application type."),
        ({"tpye": "x"}, "applications.app.tpye: Extra keys not allowed."),
        ({"hooks": {"biuld": "x"}}, "applications.app.hooks.biuld: Extra keys not allowed."),
        ({"hooks": "x"}, "applications.app.hooks: a mapping is expected."),
        ({"workers": {}}, "applications.app.workers: this emulation does not know what to do with it."),
        ({"disk": 512}, "applications.app.disk: Extra keys not allowed."),
        ({"web": {"commands": {}}}, "applications.app.web.commands.start: required key not provided"),
        (
            {"web": {"commands": {"start": "x"}, "upstream": {"socket_family": "udp"}}},
            "applications.app.web.upstream.socket_family: neither tcp nor unix.",
        ),
        (
            {"web": {"commands": {"start": "x"}, "locations": {"/static": {"root": "/app/static"}}}},
            "applications.app.web.locations./static.root: a root is relative to the application.",
        ),
        ({"mounts": {"m": {"source": "local"}}}, "applications.app.mounts.m.source: 'local' is not a valid source."),
        ({"relationships": {"db": None, "x": "y:z"}}, "applications.app.relationships.x: there is no service 'y'."),
        (
            {"relationships": {"db": "db:mysql"}},
            "applications.app.relationships.db: the service 'db' has no endpoint 'mysql'.",
        ),
        ({"source": {"root": "inner"}}, "applications.app.source.root: there is no folder 'inner'."),
        (
            {"dependencies": {"python3": {"uv; rm": "*"}}},
            "applications.app.dependencies.python3.uv; rm: a name and a version are expected.",
        ),
    ],
)
def test_an_error_in_the_application_is_reported(tmp_path: Path, changed: dict[str, Any], message: str) -> None:
    assert errors(FLEX, tmp_path, configuration(**changed)) == [message]


@pytest.mark.parametrize(
    ("section", "content", "message"),
    [
        ("services", {"db": {"type": "postgresql:9"}}, "services.db.type: 'postgresql:9' is not a valid service type."),
        (
            "services",
            {"db": {"type": "redis:7"}},
            "services.db.type: 'redis:7' is a service that this emulation lacks.",
        ),
        (
            "routes",
            {"https://{default}/": {"type": "upstream", "upstream": "blog:http"}},
            "routes.https://{default}/.upstream: there is no endpoint 'blog:http'.",
        ),
        ("routes", {"{default}": ROUTES["https://{default}/"]}, "a URL that ends with '/' is expected."),
        ("routes", {"https://x/": {"type": "redirect"}}, "routes.https://x/.to: required key not provided"),
        ("route", {}, "route: Extra keys not allowed."),
    ],
)
def test_an_error_elsewhere_is_reported(tmp_path: Path, section: str, content: object, message: str) -> None:
    whole = json.loads(configuration()[".upsun/config.yaml"]) | {section: content}
    assert any(message in error for error in errors(FLEX, tmp_path, {".upsun/config.yaml": json.dumps(whole)}))


def test_missing_files_and_invalid_yaml_are_reported(tmp_path: Path) -> None:
    assert errors(FLEX, tmp_path, {}) == [": Configuration directory '.upsun' not found."]
    assert errors(FIXED, tmp_path, {}) == ["applications: No application configuration (.platform.app.yaml) found."]
    assert errors(FLEX, tmp_path, {".upsun/config.yaml": "a: [\n"})[0].startswith(".upsun/config.yaml: while parsing")
    assert errors(FLEX, tmp_path, {".upsun/config.yaml": "- a\n"}) == [".upsun/config.yaml: a mapping is expected."]


def test_the_fixed_flavour_requires_disks_and_a_name(tmp_path: Path) -> None:
    application = {**APPLICATION, "mounts": {"media": {"source": "local"}}}
    files = {".platform.app.yaml": json.dumps(application), ".platform/services.yaml": json.dumps(SERVICES)}
    assert errors(FIXED, tmp_path, files) == [
        "applications.None.name: required key not provided",
        "services.db.disk: required key not provided",
        "applications.None.disk: required for a mount that is local.",
    ]


@pytest.mark.parametrize("value", ["db:postgresql", {"service": "db", "endpoint": "postgresql"}, {"service": "db"}])
def test_a_relationship_can_be_written_in_three_ways(value: object) -> None:
    found = Configuration(
        name="app", root="", application={"relationships": {"d": value}}, services=SERVICES, routes={}
    )
    assert found.relationships == {"d": ("db", "postgresql")}


def test_relationships_become_variables_in_capitals() -> None:
    endpoint = {
        **{"username": "u", "password": "p", "scheme": "pgsql", "host": "h", "port": 5, "path": "d"},
        **{"type": "postgresql:17", "rel": "postgresql"},
    }
    variables = relationship_variables({"main-db": [endpoint]})
    assert variables["MAIN_DB_URL"] == "pgsql://u:p@h:5/d"
    assert (variables["MAIN_DB_NAME"], variables["MAIN_DB_PORT"]) == ("d", "5")


def test_there_is_a_default_route() -> None:
    routes = routes_of({"name": "app", "routes": {}}, "h")
    assert described(routes, "app") == [
        "http://h/ redirects to https://h/",
        "https://h/ is served by application `app`",
    ]


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/a", "application /a"),
        ("/static/page.css", "body {}"),
        ("/static/", "index"),
        ("/static/none", "application /static/none"),
        ("/static/..%2fsecret", "application /static/..%2fsecret"),
        ("/statics", "application /statics"),
        ("/closed/page.css", "403"),
        ("/only/none", "404"),
        ("/other", "application /index"),
    ],
)
def test_locations_select_files_or_the_application(tmp_path: Path, path: str, answer: str) -> None:
    written(tmp_path, {"files/page.css": "body {}", "files/index.html": "index", "secret": "secret"})
    places: dict[str, dict[str, Any]] = {
        "/": {"passthru": True},
        "/static": {"root": "files", "index": ["index.html"], "passthru": True},
        "/closed": {"root": "files", "allow": False},
        "/only": {"root": "files"},
        "/other": {"passthru": "/index"},
    }
    locations = Locations(places, str(tmp_path), lambda request: Response(status=200, body=request.target.encode()))
    request = Request(method="GET", target=path, headers=(), body=b"", client="", connect_host="")
    found = locations.answer(request)
    prefix = "application " if answer.startswith("application") else ""
    assert answer == (prefix + found.body.decode() if found.status == 200 else str(found.status))


def test_rules_and_ages_set_headers(tmp_path: Path) -> None:
    written(tmp_path, {"a.0123456789ab.css": "", "b.css": ""})
    rule = {"headers": {"Cache-Control": "immutable"}, "expires": -1}
    location = {"root": "", "expires": "2d", "rules": {r"\.[0-9a-f]{12}\.": rule}}
    locations = Locations({"/": location}, str(tmp_path), lambda request: Response(status=500))
    ages = {}
    for name in ("a.0123456789ab.css", "b.css"):
        request = Request(method="GET", target=f"/{name}", headers=(), body=b"", client="", connect_host="")
        ages[name] = dict(locations.answer(request).headers)["Cache-Control"]
    assert ages == {"a.0123456789ab.css": "immutable", "b.css": "max-age=172800"}
