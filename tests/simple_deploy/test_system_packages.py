"""What Heroku is said to lack of the system packages that a project needs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from test_claims import make, wanted

from simple_deploy.contract import Site
from simple_deploy.model import EVERY
from simple_deploy.platforms.heroku.checks import notes
from simple_deploy.production.native import native
from simple_deploy.production.requirements import requirements

LACKS = "may need system packages that Heroku does not have: "


@pytest.mark.parametrize(
    ("packages", "lacking"),
    [
        ({"mysqlclient", "psycopg2", "pycairo", "python-ldap", "python-magic"}, ""),
        ({"weasyprint"}, "libharfbuzz-subset0"),
        ({"xmlsec"}, "libxmlsec1-dev, libxmlsec1-openssl"),
        ({"cairosvg", "pdf2image", "wand"}, ""),
        ({"opencv-python", "pytesseract", "pyzbar"}, "libgl1, tesseract-ocr, libzbar0"),
    ],
)
@pytest.mark.parametrize("from_source", [set(), {"cffi", "lxml", "pillow", "pyyaml"}])
def test_only_what_the_stack_lacks_is_named(
    tmp_path: Path, packages: set[str], from_source: set[str], lacking: str
) -> None:
    project = make(tmp_path)
    dependencies = replace(project.dependencies, declared=frozenset(packages), from_source=frozenset(from_source))
    said = " ".join(notes(Site(project=replace(project, dependencies=dependencies), options=wanted())))
    assert said.partition(LACKS)[2].partition(". If")[0] == lacking


def test_the_libraries_of_a_package_that_another_one_requires_are_known_from_the_resolution(tmp_path: Path) -> None:
    made = make(tmp_path)
    made = replace(made, tried=replace(made.tried, installed=("django-weasyprint", "weasyprint")))
    assert [*native(made).why] == ["weasyprint"]


def test_only_packages_that_need_more_than_a_compiler_are_named(tmp_path: Path) -> None:
    made = make(tmp_path)
    made = replace(made, tried=replace(made.tried, installed=("psycopg2", "uwsgi", "wand")))
    needs = native(made)
    assert needs.needing(needs.all) == "psycopg2, wand"
    assert needs.needing(["imagemagick"]) == "wand"


def test_a_package_that_another_one_requires_gets_its_libraries_where_it_is_compiled(tmp_path: Path) -> None:
    made = make(tmp_path)
    made = replace(made, tried=replace(made.tried, compiled=("pycairo==1.28.0", "unknown==1.0")))
    needs = native(made)
    assert needs.build == ("build-essential", "libcairo2-dev", "pkg-config") and needs.run == ("libcairo2",)


@pytest.mark.parametrize("rejected", [EVERY, "psycopg-binary"])
def test_the_driver_is_one_that_can_be_built_from_source(rejected: str, tmp_path: Path) -> None:
    made = make(tmp_path)
    made = replace(made, dependencies=replace(made.dependencies, from_source=frozenset({rejected})))
    (driver,) = (wanted for wanted in requirements(made) if "psycopg" in wanted)
    assert driver.startswith("psycopg[c]")
    before = native(made)
    assert {"build-essential", "libpq-dev"} <= set(before.build) and "libpq5" in before.run
    added = frozenset({*made.dependencies.declared, "psycopg"})
    known = {**made.dependencies.versions, "psycopg": "", "psycopg-c": ""}
    after = native(replace(made, dependencies=replace(made.dependencies, declared=added, versions=known)))
    assert (after.build, after.run) == (before.build, before.run)


@pytest.mark.parametrize(
    ("rejected", "wanted"),
    [
        (set(), "dj-database-url>=2.1"),
        ({"cffi"}, "dj-database-url>=2.1"),
        ({EVERY}, "dj-database-url>=2.1,<3.1"),
        ({"dj-database-url"}, "dj-database-url>=2.1,<3.1"),
    ],
)
def test_what_is_built_from_source_needs_no_rust(rejected: set[str], wanted: str, tmp_path: Path) -> None:
    made = make(tmp_path)
    made = replace(made, dependencies=replace(made.dependencies, from_source=frozenset(rejected)))
    assert wanted in requirements(made)
