"""Variables of a project with values that are unsafe in production: what is found, reported and done about them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from matrix.emulators._upsun.lifecycle import variable
from simple_deploy.contract import Remote, Site
from simple_deploy.model import Project, Secret
from simple_deploy.platforms import load
from simple_deploy.platforms._upsun.variables import Found as UpsunFound
from simple_deploy.platforms._upsun.variables import seen

if TYPE_CHECKING:
    from conftest import Machine  # type: ignore[attr-defined]

GOOD = "1c5f0e7a-3b9d2468+Qx_8642d9b3%a7e0f5c1ZkLmN0pRsTu"
ON = "it is on, so visitors can see code and settings"
PLACEHOLDER = "it is a well-known placeholder"
FACTS = UpsunFound(id="abcdefghijkl2", region="eu-5.platform.sh")


@pytest.mark.parametrize(
    ("rows", "levels", "unseen"),
    [
        ([["env:DEBUG", "project", "True", ""]], {"DEBUG": "project"}, ""),
        ([["env:DEBUG", "project", "1", ""], ["env:DEBUG", "environment", "0", "true"]], {}, ""),
        ([["env:DEBUG", "project", "0", ""], ["env:DEBUG", "environment", "on", "true"]], {"DEBUG": "environment"}, ""),
        ([["env:DEBUG", "environment", "on", "false"]], {}, ""),
        ([["DEBUG", "project", "1", ""]], {}, ""),
        ([["env:SECRET_KEY", "project", GOOD, ""]], {}, ""),
        (
            [["env:SECRET_KEY", "project", "mine", ""], ["env:SECRET_KEY", "environment", "changeme", "true"]],
            {"SECRET_KEY": "environment project"},
            "",
        ),
        ([["env:SECRET_KEY", "project", "committed" + GOOD, ""]], {"SECRET_KEY": "project"}, ""),
        ([["env:SECRET_KEY", "project", "", ""], ["env:DEBUG", "project", "", ""]], {}, "DEBUG, SECRET_KEY"),
        ([["env:SECRET_KEY", "project", "mine", ""], ["env:SECRET_KEY", "environment", "", "true"]], {}, "SECRET_KEY"),
    ],
)
def test_the_value_in_effect_counts(rows: list[list[str]], levels: dict[str, str], unseen: str) -> None:
    found = seen(rows, [Secret("committed" + GOOD)], {})
    said = {name: " ".join(found_at) for name, found_at in found.levels.items()}
    assert (said, ", ".join(found.unseen), set(found.unsafe)) == (levels, unseen, set(levels))


def steps(project: Project, options: Any, **facts: str) -> list[tuple[str, str | None]]:
    unsafe = {name: ON if name == "DEBUG" else PLACEHOLDER for name in facts}
    found = replace(FACTS, levels={name: tuple(levels.split()) for name, levels in facts.items()})
    remote = Remote(
        surveyed=True, app="blog", exists=True, deployed="0" * 40, release="succeeded", facts=found,
        git_remote="upsun", unsafe=unsafe,
    )  # fmt: skip
    project = type(project)(**{**vars(project), "git": type(project.git)(**{**vars(project.git), "head": "0" * 40})})
    return [
        (step.id, step.already_done)
        for step in load("upsun").steps(Site(project=project, options=options, remote=remote))
    ][2:]


def test_repaired_variables_cause_a_deployment(project: Callable[..., Project], options: Callable[..., Any]) -> None:
    assert steps(project(), options()) == [("push", "the project runs this commit"), ("deploy-hook", "it has")]
    assert steps(project(), options(), DEBUG="environment project", SECRET_KEY="environment project") == [
        *(("debug", None), ("secret-key-environment", None), ("secret-key-project", None)),
        *(("redeploy", None), ("deploy-hook", None)),
    ]


def test_a_secret_key_without_a_replacement_is_kept(
    project: Callable[..., Project], options: Callable[..., Any]
) -> None:
    own = project(files={".environment": b"export PATH\n"})
    assert [name for name, _ in steps(own, options(), SECRET_KEY="project")] == ["push", "deploy-hook"]
    remote = Remote(surveyed=True, app="blog", exists=True, facts=FACTS, unsafe={"SECRET_KEY": PLACEHOLDER})
    (note,) = (
        note
        for note in load("upsun").notes(Site(project=own, options=options(), remote=remote))
        if "SECRET_KEY" in note
    )
    assert note.startswith(f"the variable SECRET_KEY is unsafe: {PLACEHOLDER}. It is not replaced, because your own ")
    assert not any(
        "SECRET_KEY" in note for note in load("upsun").notes(Site(project=project(), options=options(), remote=remote))
    )


def test_unsafe_values_are_repaired_and_sensitive_ones_noted(either: Machine) -> None:
    assert either.deploy().returncode == 0
    (made,) = either.projects
    held = [
        variable("env:DEBUG", "True"),
        variable("env:SECRET_KEY", "your-secret-key-here"),
        variable("env:SECRET_KEY", "mine-and-short", "environment"),
    ]
    with either.state.change() as platform:
        platform["projects"][made["id"]]["variables"] = held
    planned = json.loads(either.plan("--json").stdout)
    argvs = [step["argv"] for step in planned["steps"] if step["state"] == "planned"]
    at = ["--project", made["id"]]
    assert argvs[:4] == [
        [either.cli, "variable:update", "env:DEBUG", "--value=False", "--level", "project", *at],
        *(
            [either.cli, "variable:delete", "env:SECRET_KEY", "--level", level, *at, *where, "--yes"]
            for level, where in (("environment", ["--environment", "."]), ("project", []))
        ),
        [either.cli, "environment:redeploy", "--environment", ".", "--wait", "--yes"],
    ]
    ended = either.deploy()
    assert ended.returncode == 0, ended.stderr
    assert either.projects[0]["variables"] == [variable("env:DEBUG", "False")]
    said = ended.stdout + ended.stderr + either.logs()
    assert "your-secret-key-here" not in said and "mine-and-short" not in said
    assert "variable:" not in str([step["argv"] for step in json.loads(either.plan("--json").stdout)["steps"]])
    with either.state.change() as platform:
        platform["projects"][made["id"]]["variables"] = [variable("env:SECRET_KEY", "mine", sensitive=True)]
    assert "does not show sensitive values, so SECRET_KEY could not be checked." in either.plan().stdout
    either.state.add_fault({"command": "variable:list", "returncode": 6, "stderr": "Permission denied."})
    assert "so DEBUG, SECRET_KEY could not be checked." in either.plan().stdout
