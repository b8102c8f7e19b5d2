"""The CI workflows: their jobs are computed, and every command in them exists."""

import ast
import json
import re
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from results_samples import FLAT

from matrix.cells import ANYWHERE, load_axes, select
from matrix.places import SYSTEMS, Where, everywhere
from matrix.verbs.ci import RUNNERS, cell_jobs, finish_jobs, outputs
from matrix.verbs.planning import Planned
from matrix.verbs.shards import MOST_JOBS, parse
from matrix.walls import KINDS

ROOT = Path(__file__).resolve().parents[2]
FILES = ("ci", "matrix")
WORKFLOWS = {
    name: yaml.safe_load((ROOT / f".github/workflows/{name}.yml").read_text(encoding="utf-8")) for name in FILES
}
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
JOBS = [(workflow, name, job) for workflow in FILES for name, job in WORKFLOWS[workflow]["jobs"].items()]
STEPS = [(name, step) for _, name, job in JOBS for step in job["steps"]]
COMMANDS = [
    step["run"] for _, step in (*STEPS, *(("action", step) for step in ACTION["runs"]["steps"])) if "run" in step
]
AXES = load_axes()
UNRESTRICT = "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"


def sessions() -> set[str]:
    """The nox sessions in the source."""
    tree = ast.parse((ROOT / "noxfile.py").read_text(encoding="utf-8"))
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    return {node.name for node in functions if "nox.session" in map(ast.unparse, node.decorator_list)}


def unknown_words(command: str) -> list[str]:
    """The parts of a command that do not exist: a program, a nox session, a verb."""
    words = shlex.split(command)
    if words[:3] == ["python", "noxfile.py", "-s"]:
        cut = words.index("--") if "--" in words else len(words)
        verbs = words[cut + 1 : cut + 2] if words[3:cut] == ["matrix"] else []
        unknown = [verb for verb in verbs if not (ROOT / f"matrix/verbs/{verb}.py").is_file() and verb != "ci"]
        return [word for word in words[3:cut] if word not in sessions()] + unknown
    if words[0].startswith((".ci/", "$ACTION_PATH/.ci/")):
        return [] if (ROOT / words[0].removeprefix("$ACTION_PATH/")).stat().st_mode & 0o100 else words[:1]
    known = ("python -m matrix ci", "mkdir -p new", UNRESTRICT)
    return [] if " ".join(words).startswith(known) else words


@pytest.mark.parametrize("command", sorted(set(COMMANDS)))
def test_every_command_exists(command: str) -> None:
    assert unknown_words(command) == []


def test_a_command_that_does_not_exist_is_found() -> None:
    assert unknown_words("python noxfile.py -s lint tpyes -- --x") == ["tpyes"]
    assert unknown_words("python noxfile.py -s matrix -- paln --json") == ["paln"]
    assert unknown_words("make test") == ["make", "test"]


def test_the_jobs_are_printed_for_the_workflow(tmp_path: Path) -> None:
    output = tmp_path / "output"
    argv = [sys.executable, "-m", "matrix", "ci", "--github-output", str(output)]
    subprocess.run(argv, cwd=ROOT, check=True)
    lines = dict(line.split("=", 1) for line in output.read_text(encoding="utf-8").splitlines())
    assert {name: json.loads(value) for name, value in lines.items()} == outputs(AXES, ())
    assert lines["any_cells"] == "false"


def planned(cells: int = 0) -> list[Planned]:
    """A plan of everything, or of that many cells."""
    pairs = list(everywhere(AXES, {}, systems=SYSTEMS, isolations=KINDS, halves=True))
    if cells:
        where = Where(system="Linux", isolation="bubblewrap")
        pairs = [(replace(FLAT, django=str(number)), where) for number in range(cells)]
    entry = {"fingerprint": "", "sources": "", "action": "run", "why": "", "seconds": 30.0}
    return [Planned(cell=cell, where=where, **entry) for cell, where in pairs]


def test_a_job_takes_its_matrix_from_the_plan_with_every_value_it_uses() -> None:
    made = outputs(AXES, planned())
    computed = [(workflow, name, job) for workflow, name, job in JOBS if "strategy" in job]
    assert [(workflow, name) for workflow, name, _ in computed] == [
        ("ci", "tests"),
        ("matrix", "cells"),
        ("matrix", "finish"),
    ]
    for workflow, name, job in computed:
        assert job["strategy"]["matrix"] == f"${{{{ fromJSON(needs.plan.outputs.{name}) }}}}"
        assert "plan" in job["needs"]
        assert WORKFLOWS[workflow]["jobs"]["plan"]["outputs"][name] == f"${{{{ steps.jobs.outputs.{name} }}}}"
        known = set(made[name]["include"][0]) if "include" in made[name] else set(made[name])
        assert set(re.findall(r"\bmatrix\.(\w+)", json.dumps(job))) <= known


def test_windows_serves_no_platform_not_even_that_of_a_plug_in() -> None:
    platform = replace(AXES.values["platform"], default=(*AXES.values["platform"].default, "acme"))
    axes = replace(AXES, values={**AXES.values, "platform": platform})
    for halves, platforms in ((False, set()), (True, set(platform.known))):
        found = everywhere(axes, {}, systems=["Windows"], isolations=KINDS, halves=halves)
        assert {cell.platform for cell, _ in found} == platforms


def test_every_planned_cell_is_in_a_job_of_its_system() -> None:
    entries = planned()
    jobs = cell_jobs(entries)
    groups = {(job["os"], job["isolation"], job["halves"]) for job in jobs}
    wanted = {(RUNNERS[e.where.system], e.where.isolation, "--halves" if e.where.conditions else "") for e in entries}
    assert groups == wanted
    assert ("windows-latest", "folder", "--halves") in groups
    assert not [job for job in jobs if job["os"] == "windows-latest" and not job["halves"]]
    for group in groups:
        shards = [parse(job["shard"]) for job in jobs if (job["os"], job["isolation"], job["halves"]) == group]
        assert shards == [(number, len(shards)) for number in range(1, len(shards) + 1)]
    assert len({job["name"] for job in jobs}) == len(jobs)
    assert finish_jobs(entries)


def test_known_cells_need_no_job_and_thousands_stay_within_github_limits() -> None:
    known = [replace(entry, action="reuse") for entry in planned()]
    assert outputs(AXES, known) | {"tests": None} == {
        "tests": None,
        "cells": {"include": []},
        "finish": {"include": []},
        "any_cells": False,
        "any_halves": False,
    }
    assert len(cell_jobs(planned(720))) == 24
    assert len(cell_jobs(planned(20_000))) == MOST_JOBS


def test_only_the_job_that_publishes_may_write() -> None:
    for workflow, name, job in JOBS:
        allowed = {"contents": "write", "pages": "write", "id-token": "write"} if name == "publish" else None
        assert job.get("permissions") == allowed, (workflow, name)
        assert "timeout-minutes" in job
    assert all(workflow["permissions"] == {"contents": "read"} for workflow in WORKFLOWS.values())


def test_every_job_that_installs_environments_of_cells_has_a_cache_for_them() -> None:
    cache = WORKFLOWS["matrix"]["env"]["SIMPLE_DEPLOY_MATRIX_CACHE"].rpartition("/")[2]
    cached = {name for name, step in STEPS if step.get("with", {}).get("path") == cache}
    running = ("-s matrix -- run", "-s matrix -- finish")
    assert cached == {name for name, step in STEPS if any(verb in step.get("run", "") for verb in running)}


def test_every_action_is_pinned_to_a_commit() -> None:
    used = [step["uses"] for _, step in STEPS if "uses" in step]
    used += [step["uses"] for step in ACTION["runs"]["steps"] if "uses" in step]
    assert [action for action in used if not re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}", action)] == []


def test_every_exclusion_matches_an_existing_combination() -> None:
    # A plug-in's platform is known where it is installed.
    plug_ins = {path.parent.name for path in ROOT.glob("plugins/*/pyproject.toml")}
    for exclusion in AXES.exclusions:
        for axis, values in exclusion.values.items():
            more = plug_ins if axis == "platform" else {"3.10", "3.11", "3.12", "3.13", "3.14"}
            assert set(values) <= set(AXES.values[axis].known) | more
        assert set(exclusion.places.get("system", ())) <= set(RUNNERS)
    assert select(AXES, {}, ANYWHERE)


@pytest.mark.parametrize("name", FILES)
def test_only_pull_request_runs_are_cancelled(name: str) -> None:
    workflow = WORKFLOWS[name]
    assert workflow["concurrency"]["cancel-in-progress"] == "${{ github.event_name == 'pull_request' }}"
    assert "github.run_id" in workflow["concurrency"]["group"]
    assert workflow[True]["schedule"]  # YAML 1.1 parses the key "on" like this


def test_the_clock_is_set_ahead_every_week() -> None:
    steps = WORKFLOWS["ci"]["jobs"]["other-days"]["steps"]
    assert "python noxfile.py -s other_days" in [step.get("run") for step in steps]


def test_bubblewrap_is_allowed_wherever_cells_or_tests_need_it_on_ubuntu() -> None:
    allowing = {name for name, step in STEPS if step.get("run") == UNRESTRICT}
    assert allowing == {"tests", "other-days", "long-tests", "real-cli", "real-images", "cells", "finish"}
    (step,) = [s for name, s in STEPS if name == "cells" and s.get("run") == UNRESTRICT]
    assert "matrix.isolation == 'bubblewrap'" in step["if"]


def test_the_action_requires_a_platform_and_passes_every_input_on() -> None:
    assert [name for name, given in ACTION["inputs"].items() if given.get("required")] == ["platform"]
    used = set(re.findall(r"inputs\.([\w-]+)", json.dumps(ACTION)))
    assert used == set(ACTION["inputs"])
    script = (ROOT / ".ci/rehearse").read_text(encoding="utf-8")
    (step,) = [step for step in ACTION["runs"]["steps"] if step.get("id") == "rehearse"]
    assert [name for name in step["env"] if name != "ACTION_PATH" and f"${name}" not in script.replace("{", "")] == []
