"""Packages that production installs in another major version than this environment has."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest
from test_claims import make

from simple_deploy.model import Tried
from simple_deploy.trial import verdict
from simple_deploy.trial.other_versions import other_versions
from simple_deploy.trial.resolution import Resolution

HERE = version("pytest")
MAJOR = HERE.partition(".")[0]


@pytest.mark.parametrize(
    ("pin", "said"),
    [
        (f"pytest=={HERE}", []),
        (f"pytest=={MAJOR}.99", []),
        ("pytest==1.0", [f"pytest 1.0 (here {HERE})"]),
        ("pytest==0.1", [f"pytest 0.1 (here {HERE})"]),
        ("no-such-package==1.0", []),
        ("pytest==not a version", []),
    ],
)
def test_what_counts_as_another_version(pin: str, said: list[str]) -> None:
    assert list(other_versions([pin])) == said


def test_a_lock_says_which_versions_production_has(tmp_path: Path) -> None:
    project, found = make(tmp_path), Resolution(installed=("pytest==1.0",))
    tried, _ = verdict.resolved(Tried(), (), found, project, "3.13")
    assert bool(tried.other_versions) != bool(project.dependencies.lock)
