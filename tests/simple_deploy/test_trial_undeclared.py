"""The requirement that is added for a package which is installed here, and declared nowhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from test_claims import make
from test_trial import ORDER, SEEN, failed

from simple_deploy.trial.case import Case
from simple_deploy.trial.undeclared import additions


def added(folder: Path, version: str, *, allowed: str, python: tuple[int, int]) -> list[str]:
    """What is added for a package of this version, which needs Python 3.10."""
    made = make(folder)
    made = replace(made, dependencies=replace(made.dependencies, python=allowed))
    (folder / "shapes.dist-info").mkdir()
    lines = ("Metadata-Version: 2.1", "Name: shapes", f"Version: {version}", "Requires-Python: >=3.10", "")
    (folder / "shapes.dist-info" / "METADATA").write_text("\n".join(lines), encoding="utf-8")
    lacking = failed("ModuleNotFoundError", "No module named 'shapes'", missing="shapes")["failed"]
    answer = {**SEEN, "complete": True, "withheld": {"shapes": "shapes"}, "undeclared": [lacking]}
    return [*additions(Case(answer, made, ORDER, "Heroku", python=python), ())]


@pytest.mark.parametrize(
    ("version", "allowed", "python", "wanted"),
    [
        ("12.1.3", "", (3, 12), "shapes~=12.1"),
        ("12", ">=3.10", (3, 12), "shapes~=12.0"),
        ("12.1.3", ">=3.9", (3, 12), 'shapes~=12.1; python_version >= "3.10"'),
        ("12.1rc1", ">=3.9", (3, 12), 'shapes>=12.1rc1; python_version >= "3.10"'),
        # The newest version that production can have.
        ("12.1.3", ">=3.8", (3, 9), "shapes<13"),
        ("12.1rc1", "", (3, 9), "shapes<=12.1rc1"),
    ],
)
def test_no_version_that_a_python_of_the_project_cannot_have(
    version: str, allowed: str, python: tuple[int, int], wanted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    assert added(tmp_path, version, allowed=allowed, python=python) == [wanted]
