"""Requirements that the plan adds because the site loads them."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from test_claims import make
from test_trial import ORDER, SEEN

from simple_deploy.trial import undeclared
from simple_deploy.trial.case import Case

HOME: dict[str, Any] = {"part": "settings", "type": "ModuleNotFoundError", "kinds": ["ModuleNotFoundError"]}
HOME |= {"message": "No module named 'pytest'", "missing": "pytest", "within": "", "apps": [], "is_there": False}
HOME |= {"own_folder": "", "file": "", "folder": False, "read_only": False, "place": "", "places": [], "by": ""}
HOME |= {"causes": [], "by_project": False}


@pytest.mark.parametrize(
    ("allowed", "has_minimum"), [("", True), (">=3.12", True), (">=3.7", False), (">=3.8,<3.9", False)]
)
def test_a_version_that_a_python_of_the_project_cannot_have_is_no_minimum(
    tmp_path: Path, allowed: str, *, has_minimum: bool
) -> None:
    project = make(tmp_path)
    project = replace(project, dependencies=replace(project.dependencies, python=allowed))
    answer = {**SEEN, "undeclared": [HOME], "manage_py": None, "withheld": {"pytest": "pytest"}, "complete": True}
    major, minor = version("pytest").split(".")[:2]
    line = f"pytest~={major}.{minor}" if has_minimum else f"pytest<{int(major) + 1}"
    assert [*undeclared.additions(Case(answer, project, ORDER, "Heroku"), [])] == [line]
