"""Requirements for a project that also allows Pythons older than production's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from test_claims import make

from simple_deploy.production.older_pythons import where_available
from simple_deploy.production.requirements import requirements

OURS = ["gunicorn>=22", "dj-database-url>=2.1", "psycopg[binary]>=3.1.18"]
SINCE_3_7, SINCE_3_8 = '; python_version >= "3.7"', '; python_version >= "3.8"'


@pytest.mark.parametrize(
    ("needs", "allowed", "marker"),
    [
        (">=3.10", ">=3.9", '; python_version >= "3.10"'),
        (">=3.10,!=3.10.0", "<4,>=3.8", '; python_version >= "3.10"'),
        (">=3.10", ">=3.10", ""),
        (">=3.10", ">=3.12", ""),
        (">=3.10", "", ""),
        ("", ">=3.8", ""),
        ("no version", ">=3.8", ""),
        # Production has one of these, and the package has no version for it.
        (">=3.10", ">=3.8,<3.10", ""),
    ],
)
def test_a_marker_where_the_project_allows_an_older_python(needs: str, allowed: str, marker: str) -> None:
    assert where_available("x~=2.0", needs, allowed, None) == f"x~=2.0{marker}"


def test_no_marker_where_production_itself_is_older() -> None:
    assert where_available("x~=2.0", ">=3.10", ">=3.8", (3, 9)) == "x~=2.0"


@pytest.mark.parametrize(
    ("allowed", "named", "wanted"),
    [
        (">=3.8", b"", OURS),
        (">=3.6", b"3.7", [f"{OURS[0]}{SINCE_3_7}", OURS[1], f"{OURS[2]}{SINCE_3_7}"]),
        (">=3.6", b"", [one + since for one, since in zip(OURS, (SINCE_3_7, SINCE_3_8, SINCE_3_7), strict=True)]),
    ],
)
def test_the_tools_own_requirements(allowed: str, named: bytes, wanted: list[str], tmp_path: Path) -> None:
    made = make(tmp_path, files={".python-version": named} if named else {})
    made = replace(made, dependencies=replace(made.dependencies, python=allowed))
    assert [*requirements(made)] == wanted


def test_a_missing_django(tmp_path: Path) -> None:
    made = make(tmp_path)
    made = replace(made, dependencies=replace(made.dependencies, python=">=3.9", lacks_django=True))
    made = replace(made, settings=replace(made.settings, django_version=(5, 2)))
    assert requirements(made)[0] == 'Django~=5.2.0; python_version >= "3.10"'
