"""The versions that production keeps, and those that give way to what the plan adds."""

from __future__ import annotations

import json

import pytest

from simple_deploy.package_managers import Known, load, names_engine
from simple_deploy.package_managers.versions import too_old

LOCK = json.dumps({"default": {name: {"version": "==0.4"} for name in ("dj-database-url", "django-on-heroku")}})


@pytest.mark.parametrize("line", ["", 'dj-database-url = "*"\n'])
def test_a_version_that_is_only_locked_for_another_package_gives_way(line: str) -> None:
    manifest = f'[packages]\ndjango-on-heroku = "*"\n{line}'
    files = {"Pipfile": manifest.encode(), "Pipfile.lock": LOCK.encode()}
    dependencies, problems = load("pipenv").read(Known(files))
    assert dependencies is not None and not problems
    assert names_engine(dependencies) is bool(line)
    assert [problem.code for problem in too_old(dependencies)] == (["version-too-old"] if line else [])
