"""Packages that production installs in another version than this environment has."""

from __future__ import annotations

import sys
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest
from test_claims import make, wanted
from test_trial_packages import heard, installer, nothing

from simple_deploy.contract import Remote, Site
from simple_deploy.model import Problem, Tried
from simple_deploy.trial import other_versions, verdict
from simple_deploy.trial.resolution import Resolution

__all__ = ["installer"]
HERE = version("pytest")
MAJOR = HERE.partition(".")[0]
PYTHON = ".".join(map(str, sys.version_info[:2]))
FOUND = Resolution(installed=("django==1.0", "pytest==1.0", f"pluggy=={version('pluggy')}", "new==1", "gunicorn==23.0"))


@pytest.mark.parametrize(
    ("pin", "said", "is_of_another_series"),
    [
        (f"pytest=={HERE}", "", False),
        (f"pytest=={MAJOR}.99", f"pytest {MAJOR}.99 (here {HERE})", False),
        ("pytest==1.0", f"pytest 1.0 (here {HERE})", True),
        ("pytest==0.1", f"pytest 0.1 (here {HERE})", True),
        ("no-such-package==1.0", "", False),
        ("pytest==not a version", "", False),
    ],
)
def test_what_counts_as_another_version(pin: str, said: str, is_of_another_series: bool) -> None:
    found = list(other_versions.others([pin]))
    assert [str(one) for one in found] == ([said] if said else [])
    assert any(one.is_of_another_series for one in found) == is_of_another_series


def site(root: Path, python: str = PYTHON) -> Site:
    project = make(root, files={".python-version": f"{python}\n".encode()})
    return Site(project=project, options=wanted(), remote=Remote())


def test_every_package_of_production_that_differs_is_fetched_alone(installer: Path, tmp_path: Path) -> None:
    """What is the same here, and the server, is not needed."""
    for _ in range(2):
        fetched = other_versions.fetch(FOUND, site(tmp_path), nothing, fetches=True)
        assert fetched and fetched.before and not (fetched.folder or fetched.absent)
    assert heard(installer) == [["django==1.0", "pytest==1.0", "new==1", "--no-deps"]]


def test_a_package_without_a_wheel_is_not_fetched(installer: Path, tmp_path: Path) -> None:
    found = replace(FOUND, sources=("pytest==1.0", "new==1"))
    fetched = other_versions.fetch(found, site(tmp_path), nothing, fetches=True)
    assert fetched and fetched.absent == ("new",)
    assert heard(installer) == [["django==1.0", "--no-deps"]]


@pytest.mark.parametrize(
    ("found", "python"),
    [
        (Resolution(installed=(f"pytest=={HERE}", "new==1")), PYTHON),
        (FOUND, "3.9"),
        (replace(FOUND, large=(("new==1", 300_000_000),)), PYTHON),
        (replace(FOUND, installed=(*FOUND.installed, "unknown==1")), PYTHON),
    ],
)
def test_the_versions_here_are_tried_where_productions_cannot_be(
    found: Resolution, python: str, installer: Path, tmp_path: Path
) -> None:
    assert other_versions.fetch(found, site(tmp_path, python), nothing, fetches=True) is None


def test_a_configuring_run_fetches_nothing(installer: Path, tmp_path: Path) -> None:
    assert other_versions.fetch(FOUND, site(tmp_path), nothing, fetches=False) is None
    assert heard(installer) == []


@pytest.mark.parametrize(
    ("module", "named"), [("", ["django", "pytest"]), ("blog", ["django", "pytest"]), ("_pytest", ["pytest"])]
)
def test_a_failure_names_the_package_that_raised_it_or_those_of_another_series(
    module: str, named: list[str], tmp_path: Path
) -> None:
    found = replace(FOUND, installed=(*FOUND.installed, f"pluggy=={version('pluggy')}.1"))
    failure = Problem(code="trial-failed", found="The settings could not be loaded.", remedy="")
    problem = other_versions.failing(found, site(tmp_path), failure, module)
    assert f"pytest 1.0 (here {HERE})" in problem.found and "could not be loaded" in problem.found
    pins = ", ".join(f"{name}=={version(name)}" for name in named)
    assert problem.remedy.startswith(f"Require what works in requirements.txt: {pins}.")


def test_versions_that_were_not_tried_are_noted(tmp_path: Path) -> None:
    untried = list(other_versions.others(["pytest==1.0", f"pluggy=={version('pluggy')}.1"]))
    for given, noted in ((untried, (f"pytest 1.0 (here {HERE})",)), ([], ())):
        tried, _ = verdict.resolved(Tried(), (), Resolution(), make(tmp_path), PYTHON, given)
        assert tried.other_versions == noted
