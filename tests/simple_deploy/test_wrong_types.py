"""Every value of a manifest, lock or fly.toml replaced with a value of every other type: reported, or harmless."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import tomlkit

from simple_deploy import package_managers
from simple_deploy.model import Problem
from simple_deploy.package_managers import Known
from simple_deploy.platforms.fly_io.fly_toml import edited
from simple_deploy.text import text_file
from simple_deploy.text.shape import WrongType, check_types

PEP_621 = """
[project]
name = "blog"
version = "1"
requires-python = ">=3.11"
dependencies = ["Django"]
optional-dependencies = {production = ["gunicorn"]}
[dependency-groups]
dev = ["pytest"]
"""
BUILT = PEP_621 + '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
UV = PEP_621 + '[tool.uv]\npackage = false\nsources = {other = {path = "other"}, more = [{git = "x"}]}\n'
DYNAMIC = """
[project]
name = "blog"
version = "1"
dynamic = ["dependencies"]
[build-system]
build-backend = "setuptools.build_meta"
[tool.setuptools.dynamic.dependencies]
file = ["requirements.in"]
"""
POETRY = """
[tool.poetry]
package-mode = false
[tool.poetry.dependencies]
python = "^3.11"
django = "^5.2"
one = {version = "*", markers = "sys_platform == 'linux'", optional = false}
two = [{version = "1", platform = "linux"}]
[tool.poetry.group.dev.dependencies]
pytest = "*"
"""
PIPFILE = """
[[source]]
url = "https://index.example/simple"
verify_ssl = true
name = "main"
[packages]
django = "*"
other = {version = "*", sys_platform = "== 'linux'", markers = "python_version > '3'"}
[dev-packages]
pytest = "*"
[requires]
python_version = "3.13"
"""
PIPFILE_LOCK = {
    "_meta": {"hash": {"sha256": "0"}, "pipfile-spec": 6, "requires": {}, "sources": [{"name": "main", "url": "x"}]},
    "default": {"django": {"hashes": ["sha256:0"], "version": "==5.2", "index": "main"}},
    "develop": {"pytest": {"version": "==9", "editable": True}},
}
FLY_TOML = """
app = "my-blog"
primary_region = "fra"
kill_timeout = 30
console_command = "python manage.py shell"
[build]
dockerfile = "Dockerfile"
buildpacks = ["one"]
[deploy]
release_command = "python manage.py migrate"
[env]
PORT = "8000"
[http_service]
internal_port = 8000
force_https = true
min_machines_running = 0
[[http_service.checks]]
path = "/healthz"
headers = {Host = "my-blog.fly.dev"}
[[vm]]
size = "shared-cpu-1x"
"""
NAIVE = datetime(2006, 1, 2, tzinfo=timezone.utc)
TOML_VALUES: list[Any] = ["text", 7, 1.5, True, NAIVE, [], [7], ["text"], {}, {"key": 7}, [{"key": "text"}]]
JSON_VALUES: list[Any] = [value for value in TOML_VALUES if value is not NAIVE] + [None, [None], {"key": None}]


def with_every_value_replaced(document: Any, values: list[Any], place: str = "") -> Iterator[tuple[str, Any]]:
    """The place of the change, and the whole document."""
    if place:
        yield from ((place, value) for value in values)
    items = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    for key, item in items:
        here = f"{place}[{key}]" if isinstance(key, int) else f"{place}.{key}".lstrip(".")
        for changed, inner in with_every_value_replaced(item, values, here):
            whole = document.copy()
            whole[key] = inner
            yield changed, whole


def toml(document: Any) -> bytes:
    return tomlkit.dumps(document).encode()


def as_json(document: Any) -> bytes:
    return json.dumps(document).encode()


def read_whole(content: dict[str, bytes]) -> list[Problem]:
    """As in a run, up to what only the package manager itself can check."""
    files = Known(content)
    dependencies, problems = package_managers.detect(files)
    if dependencies is None:
        return problems
    missing = package_managers.missing(dependencies, ("gunicorn>=22", "psycopg[binary]>=3"))
    module = package_managers.load(dependencies.package_manager)
    package_managers.blocked(dependencies, missing)
    for file_edit in () if dependencies.closed else module.file_edits(dependencies, missing):
        try:
            text_file.edited(file_edit.edit, content.get(file_edit.path), file_edit.path)
        except text_file.ClosedFile as error:
            problems = [*problems, package_managers.errors.closed_file(file_edit.path, str(error))]
    locking = module.locking(dependencies, missing, files)
    if locking and locking.pinning and dependencies.lock:
        text_file.edited(locking.pinning.pins.edit, content[dependencies.manifest], dependencies.manifest)
        locking.pinning.merge(content[dependencies.lock])
    return problems


REQUIREMENTS = {"requirements.in": b"Django\n"}
PROJECTS: dict[str, tuple[str, Any, dict[str, bytes]]] = {
    "pip": ("pyproject.toml", PEP_621, {"requirements.txt": b"-e .[production]\nDjango\n"}),
    "pip-tools": ("pyproject.toml", PEP_621, {"requirements.txt": (
        b"# This file is autogenerated by pip-compile\n#    pip-compile --output-file=requirements.txt pyproject.toml\n"
        b"django==5.2\n")}),
    "poetry": ("pyproject.toml", POETRY, {"poetry.lock": b'content-hash = "00"\n'}),
    "poetry, [project]": ("pyproject.toml", PEP_621, {"poetry.lock": b""}),
    "pipenv": ("Pipfile", PIPFILE, {"Pipfile.lock": as_json(PIPFILE_LOCK)}),
    "pipenv, lock": ("Pipfile.lock", PIPFILE_LOCK, {"Pipfile": PIPFILE.encode()}),
    "uv": ("pyproject.toml", UV, {"uv.lock": b""}),
    "pyproject": ("pyproject.toml", BUILT, {}),
    "pyproject, dynamic": ("pyproject.toml", DYNAMIC, REQUIREMENTS),
}  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("name", PROJECTS)
def test_a_manifest_or_lock_with_a_value_of_another_type(name: str) -> None:
    changed, source, others = PROJECTS[name]
    is_json = not isinstance(source, str)
    document = source if is_json else tomlkit.parse(source).unwrap()
    write: Callable[[Any], bytes] = as_json if is_json else toml
    assert not [p for p in read_whole({**others, changed: write(document)}) if p.code == "wrong-type"]
    refused = 0
    for place, wrong in with_every_value_replaced(document, JSON_VALUES if is_json else TOML_VALUES):
        for problem in read_whole({**others, changed: write(wrong)}):
            if problem.code == "wrong-type":
                refused += 1
                assert problem.found.startswith(f"{changed} has a value of the wrong type: {place}"), (place, problem)
    assert refused > 20


def test_fly_toml_with_a_value_of_another_type() -> None:
    document = tomlkit.parse(FLY_TOML).unwrap()
    values = {"shell": "s", "migrate": "m"}
    edited(toml(document).decode(), app="my-blog", region="fra", values=values)
    refused = 0
    for place, wrong in with_every_value_replaced(document, TOML_VALUES):
        try:
            edited(toml(wrong).decode(), app="my-blog", region="fra", values=values)
        except WrongType as error:
            refused += 1
            assert str(error).startswith(place)
        except ValueError as error:
            assert str(error), place
    assert refused > 50


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"a": [1, "x"]}, "a[1] is a string, and must be a number"),
        ({"a": {}}, "a is a table, and must be a list"),
        ({"b": {"c": True}}, "b.c is true or false, and must be a string or a number"),
        ({"b": None}, "b is null, and must be a table"),
        ([], "the document is a list, and must be a table"),
    ],
)
def test_the_place_is_named_in_the_usual_notation(value: Any, said: str) -> None:
    with pytest.raises(WrongType) as found:
        check_types(value, {"a": [int], "b": {"*": (str, int)}})
    assert str(found.value) == said


def test_a_lock_that_is_not_json() -> None:
    [problem] = read_whole({"Pipfile": PIPFILE.encode(), "Pipfile.lock": b'{"_meta": '})
    assert problem.found.startswith("Pipfile.lock is not valid JSON: ")
    deep = b"[" * 100_000 if sys.version_info < (3, 14) else b"["
    [problem] = read_whole({"Pipfile": PIPFILE.encode(), "Pipfile.lock": deep})
    assert problem.found.startswith("Pipfile.lock is not valid JSON: ")


def test_the_whole_command_names_the_value(checkout: Any) -> None:
    (Path(checkout.root) / "requirements.txt").unlink()
    checkout.write("pyproject.toml", '[project]\nname = "blog"\nversion = "1"\ndependencies = "Django"\n')
    checkout.commit_all("A string for a list")
    ended = checkout.deployer()
    assert ended.returncode == 1
    found = "pyproject.toml has a value of the wrong type: project.dependencies is a string, and must be a list."
    assert f"1. {found}\n   -> Fix that value, commit, and run the command again.\n" in ended.stderr
