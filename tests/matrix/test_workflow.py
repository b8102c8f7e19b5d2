"""The CI workflow: its jobs are those of axes.toml, and every command in it exists."""

import ast
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from matrix.cells import ANYWHERE, NothingLeft, load_axes, read_axes, select
from matrix.ci import RUNNERS, jobs

ROOT = Path(__file__).resolve().parents[2]
WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
TRIGGERS = WORKFLOW[True]  # YAML 1.1 reads the key "on" so
STEPS = [(name, step) for name, job in WORKFLOW["jobs"].items() for step in job["steps"]]
COMMANDS = [step["run"] for _, step in STEPS if "run" in step]
AXES = load_axes()


def sessions() -> set[str]:
    """The nox sessions, as the source has them."""
    tree = ast.parse((ROOT / "noxfile.py").read_text(encoding="utf-8"))
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    return {node.name for node in functions if "nox.session" in map(ast.unparse, node.decorator_list)}


def unknown_words(command: str) -> list[str]:
    """What of a command does not exist: a program, a nox session, an option of a session."""
    words = shlex.split(command)
    if words[:3] == ["python", "noxfile.py", "-s"]:
        return [word for word in words[3 : words.index("--") if "--" in words else None] if word not in sessions()]
    known = ("echo jobs=$(python -m matrix ci) >>", "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0")
    return [] if " ".join(words).startswith(known) else words


@pytest.mark.parametrize("command", sorted(set(COMMANDS)))
def test_every_command_exists(command: str) -> None:
    assert unknown_words(command) == []


def test_a_command_that_does_not_exist_is_found() -> None:
    assert unknown_words("python noxfile.py -s lint tpyes -- --x") == ["tpyes"]
    assert unknown_words("make test") == ["make", "test"]


def test_the_jobs_are_printed_for_the_workflow() -> None:
    argv = [sys.executable, "-m", "matrix", "ci"]
    printed = subprocess.run(argv, cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stdout
    assert json.loads(printed) == jobs(AXES)
    assert printed.count("\n") == 1, "a second line would not be part of the step's output"


def test_the_jobs_that_have_a_matrix_take_it_from_there_and_have_every_value_they_name() -> None:
    computed = {name: job for name, job in WORKFLOW["jobs"].items() if "strategy" in job}
    assert set(computed) == set(jobs(AXES))
    for name, job in computed.items():
        assert job["strategy"]["matrix"] == f"${{{{ fromJSON(needs.plan.outputs.jobs).{name} }}}}"
        assert job["needs"] == "plan"
        values = jobs(AXES)[name]
        known = set(values["include"][0]) if "include" in values else set(values)
        assert set(re.findall(r"\bmatrix\.(\w+)", json.dumps(job))) <= known


def works(platform: str, place: dict[str, str]) -> bool:
    try:
        return bool(select(AXES, {"platform": [platform]}, place))
    except NothingLeft:
        return False


def test_every_platform_runs_wherever_axes_toml_lets_it() -> None:
    places = [{"system": system, "isolation": "folder"} for system in RUNNERS]
    places.append({"system": "Linux", "isolation": "bubblewrap"})
    wanted = {
        (RUNNERS[place["system"]], place["isolation"], platform)
        for place in places
        for platform in AXES.values["platform"].default
        if works(platform, place)
    }
    listed = [(job["os"], job["isolation"], job["platform"]) for job in jobs(AXES)["integration"]["include"]]
    assert len(listed) == len(set(listed))
    assert set(listed) == wanted
    assert ("ubuntu-latest", "bubblewrap", "fly_io") in wanted
    assert not [job for job in wanted if job[0] == "windows-latest"]


def test_an_exclusion_takes_its_jobs_away() -> None:
    axes = {name: {"default": list(axis.default)} for name, axis in AXES.values.items()}
    never = {"platform": ["heroku"], "system": ["macOS"], "reason": "none"}
    everywhere, without = (jobs(read_axes({"axes": axes, "exclusions": exclusions})) for exclusions in ([], [never]))
    missing = [job for job in everywhere["integration"]["include"] if job not in without["integration"]["include"]]
    assert missing == [{"os": "macos-latest", "isolation": "folder", "platform": "heroku"}]


def test_every_reason_is_for_a_combination_that_exists() -> None:
    for exclusion in AXES.exclusions:
        for axis, values in exclusion.values.items():
            assert set(values) <= set(AXES.values[axis].known) | {"3.10", "3.11", "3.12", "3.13", "3.14"}
        assert set(exclusion.places.get("system", ())) <= set(RUNNERS)
    assert select(AXES, {}, ANYWHERE)


def test_only_runs_of_a_pull_request_are_cancelled_and_the_clock_is_set_ahead_every_week() -> None:
    assert WORKFLOW["concurrency"]["cancel-in-progress"] == "${{ github.event_name == 'pull_request' }}"
    assert "github.run_id" in WORKFLOW["concurrency"]["group"]
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert TRIGGERS["schedule"]
    assert "python noxfile.py -s other_days" in [step.get("run") for step in WORKFLOW["jobs"]["other-days"]["steps"]]


def test_bubblewrap_is_allowed_wherever_cells_or_tests_need_it_on_ubuntu() -> None:
    allowing = {name for name, step in STEPS if "apparmor_restrict" in step.get("run", "")}
    assert allowing == {"tests", "other-days", "long-tests", "integration", "real-cli", "real-images"}
    (step,) = [s for name, s in STEPS if name == "integration" and "apparmor_restrict" in s.get("run", "")]
    assert "matrix.isolation == 'bubblewrap'" in step["if"]
