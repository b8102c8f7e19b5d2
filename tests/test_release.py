"""docs/release.py: tag, version and changelog must match before anything is published."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
METADATA = {"pyproject.toml": '[project]\nversion = "1.2.0"\n'}
CHANGELOG = (
    "# Changelog\n\n## [Unreleased]\n\n## [1.2.0] - 2006-01-02\n\n### Added\n\n- One.\n\n## [1.1.0] - 2005-01-02\n"
)
RELEASE = runpy.run_path(str(ROOT / "docs" / "release.py"))
complaints = RELEASE["complaints"]


def test_a_consistent_release() -> None:
    assert complaints("v1.2.0", "1.2.0", METADATA, CHANGELOG) == []


def test_every_distribution_of_the_repository_has_the_version() -> None:
    older = {**METADATA, "plugins/x/pyproject.toml": '[project]\nversion = "1.1.0"\n'}
    assert complaints("v1.2.0", "1.2.0", older, CHANGELOG) == [
        "plugins/x/pyproject.toml does not have the version 1.2.0."
    ]
    released = {ROOT / path for path in RELEASE["METADATA"]}
    assert released == {
        ROOT / "pyproject.toml",
        *ROOT.glob("packages/*/pyproject.toml"),
        *ROOT.glob("plugins/*/pyproject.toml"),
    }


def test_a_page_that_denies_the_release_is_reported() -> None:
    pages = {"README.md": "There is no release on the\npackage index yet, so", "docs/index.md": "A release."}
    assert RELEASE["outdated"](pages) == ['README.md still says "no release on the package index yet".']


@pytest.mark.parametrize(
    ("tag", "version", "changelog", "said"),
    [
        ("v1.2.1", "1.2.0", CHANGELOG, "The tag is v1.2.1, but"),
        ("v1.3.0", "1.3.0", CHANGELOG, "pyproject.toml does not have"),
        (
            "v1.2.0",
            "1.2.0",
            CHANGELOG.replace("[1.2.0] - 2006-01-02", "[1.2.0]"),
            "CHANGELOG.md has no section [1.2.0]",
        ),
        ("v1.2.0", "1.2.0", CHANGELOG.replace("- One.\n", ""), "The section [1.2.0] of CHANGELOG.md is empty."),
    ],
)
def test_inconsistencies_are_reported(tag: str, version: str, changelog: str, said: str) -> None:
    assert any(line.startswith(said) for line in complaints(tag, version, METADATA, changelog))
