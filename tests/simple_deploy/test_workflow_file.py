"""--ci: a workflow that deploys every push."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from test_claims import make, wanted

from matrix import grammar
from simple_deploy import workflow as written
from simple_deploy.contract import Platform, Remote, Site
from simple_deploy.plan import plan
from simple_deploy.platforms import installed, load

if TYPE_CHECKING:
    from conftest import OnPlatform

# `nox -s lint` checks these files. `python tests/simple_deploy/test_workflow_file.py` writes them again.
FOLDER = Path(__file__).with_name("workflows")
WITH_CI = [name for name in installed() if load(name).workflow]


def planned(platform: Platform, **given: Any) -> Any:
    project = make(Path("/srv/blog"), files=given.pop("files", {}))
    project = replace(project, git=replace(project.git, branch=given.pop("branch", "main")))
    remote = Remote(surveyed=True, account="dev@example.com", app="my-blog")
    return plan(Site(project=project, options=wanted(workflow="github", **given), remote=remote), platform, {})


def workflow(platform: Platform, **given: Any) -> str:
    path = written.path(platform)
    return next(change.after.decode() for change in planned(platform, **given).plan.changes if change.path == path)


def job(text: str) -> Any:
    return yaml.safe_load(text)["jobs"]["deploy"]


@pytest.mark.parametrize("name", WITH_CI)
def test_the_workflow_is_the_one_that_lint_checks(name: str) -> None:
    platform = load(name)
    assert workflow(platform) == (FOLDER / Path(written.path(platform)).name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", WITH_CI)
def test_the_token_is_in_one_step_only_and_the_note_names_it(name: str) -> None:
    platform = load(name)
    secret = platform.workflow(
        Site(project=make(Path("/srv/blog")), options=wanted(), remote=Remote(app="blog"))
    ).secret
    assert secret in platform.cli.tokens
    holders = [step.get("name") for step in job(workflow(platform))["steps"] if secret in str(step)]
    assert holders == ["Deploy"]
    notes = [note for note in planned(platform).plan.notes if secret in note]
    assert len(notes) == 1
    assert f"gh secret set {secret}" in notes[0]


@pytest.mark.skipif(sys.platform == "win32", reason="the lines are for bash")
@pytest.mark.parametrize("name", WITH_CI)
def test_bash_can_read_the_lines(name: str) -> None:
    lines = "\n".join(step.get("run", "") for step in job(workflow(load(name)))["steps"])
    ended = subprocess.run(["bash", "-n"], input=lines, capture_output=True, encoding="utf-8", check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize("name", WITH_CI)
def test_every_command_is_known_to_the_vendor_s_reference(name: str) -> None:
    platform = load(name)
    site = Site(project=make(Path("/srv/blog")), options=wanted(), remote=Remote(app="blog"))
    told = platform.workflow(site).token.format(app="blog").rpartition(": ")[2]
    lines = "\n".join((*platform.workflow(site).deploy, told)).replace("$(git rev-parse HEAD)", "HEAD")
    commands = re.findall(rf"(?:^|\$\()({platform.cli.executable} [^|()\n]+)", lines, re.MULTILINE)
    assert commands
    refused = [grammar.refusal(shlex.split(command)) for command in commands]
    assert not any(refused), refused


def test_a_second_run_keeps_the_workflow_and_your_own_changes() -> None:
    platform = load("heroku")
    path, text = written.path(platform), workflow(platform)
    again = planned(platform, files={path: text.encode()})
    assert path not in {change.path for change in again.plan.changes}
    yours = planned(platform, files={path: f"{text}# mine\n".encode()})
    assert [change.path for change in yours.plan.kept] == [path]


def test_a_branch_is_matched_as_it_is_written() -> None:
    assert job(workflow(load("heroku"), branch="v1+x")) is not None
    triggers = yaml.safe_load(workflow(load("heroku"), branch="v1+[x]"))[True]
    assert triggers["push"]["branches"] == [r"v1\+\[x\]"]


def test_a_platform_without_a_workflow_is_refused() -> None:
    problems = planned(replace(load("heroku"), workflow=None)).problems
    assert [problem.code for problem in problems] == ["workflow-unknown"]


@pytest.mark.skipif(sys.platform == "win32", reason="the lines are for bash")
def test_the_workflow_deploys_and_undo_removes_it(on_any: OnPlatform) -> None:
    checkout, platform = on_any.checkout, load(on_any.platform)
    path = written.path(platform)
    ended = on_any.deploy("--ci", "github")
    assert ended.returncode == 0, ended.stderr
    assert path in checkout.git("ls-files", ".github").split()
    second = on_any.deploy("--ci", "github")
    assert second.returncode == 0, second.stderr
    assert checkout.git("status", "--porcelain") == ""
    (checkout.root / "blog" / "urls.py").write_text("# changed\nurlpatterns = []\n", encoding="utf-8")
    checkout.commit_all("A change")
    pushed(on_any, path)
    shown = checkout.python("manage.py", "simple_deploy", "status").stdout
    assert "which is HEAD\n" in shown, shown
    undone = checkout.python("manage.py", "simple_deploy", "--undo", "--yes")
    assert undone.returncode == 0, undone.stderr
    assert not (checkout.root / ".github").exists()


def pushed(machine: OnPlatform, path: str) -> None:
    """What GitHub does after a push: the deploying step, in a shell without the folder's link to the app."""
    step = job(machine.checkout.read(path))["steps"][-1]
    variable, _ = step["env"]
    shown = json.loads(machine.checkout.python("manage.py", "simple_deploy", "status", "--json").stdout)
    identity = shown["id"] if "PROJECT" in variable else shown["app"]
    lines = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    env = {**machine.checkout.env, variable: identity}
    ended = subprocess.run(
        lines, cwd=machine.checkout.root, env=env, capture_output=True, encoding="utf-8", check=False, timeout=300
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name in WITH_CI:
        platform = load(name)
        file = FOLDER / Path(written.path(platform)).name
        file.write_text(workflow(platform), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
