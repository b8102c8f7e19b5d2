"""Cells as pytest items, run in a separate pytest."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from matrix.record.again import cell_command
from matrix.record.results import load
from matrix.sandbox import environments

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
GIT_THAT_CANNOT_PUSH = """\
#!/bin/sh
if [ "$1" = push ]; then echo "fatal: the platform is closed today" >&2; exit 128; fi
exec {git} "$@"
"""


def run_matrix(*options, path=None):
    argv = [sys.executable, "-m", "pytest", "matrix/test_cells.py", "-p", "no:cacheprovider", *options]
    env = {**os.environ, "PATH": path or os.environ["PATH"]}
    return subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, encoding="utf-8", check=False)


@pytest.mark.skipif(os.name == "nt", reason="the git that cannot push is a shell script")
def test_a_failing_stage_fails_its_cell_and_leaves_the_reason_and_the_log(tmp_path):
    git = tmp_path / "bin" / "git"
    git.parent.mkdir()
    git.write_text(GIT_THAT_CANNOT_PUSH.format(git=shutil.which("git")), encoding="utf-8")
    git.chmod(0o755)
    results = tmp_path / "results"
    path = f"{git.parent}{os.pathsep}{os.environ['PATH']}"
    cell = ("--platform", "heroku", "--layout", "flat", "--package-manager", "pip")
    completed = run_matrix(*cell, "--results", str(results), path=path)
    assert completed.returncode == 1
    (result,) = load(results)
    log = results / f"{result.cell.id}.{result.isolation}.log"
    statuses = {stage.name: stage.status for stage in result.stages}
    passed = {"generate", "configure", "check", "teardown"}
    assert statuses == {name: "pass" if name in passed else "skip" for name in statuses} | {"deploy": "fail"}
    assert result.status == "fail"
    assert f"{result.cell.id}: deploy failed" in completed.stdout
    kept = results / f"{result.cell.id}.{result.isolation}"
    assert f"{result.cell.id} failed, see {kept}" in completed.stdout
    told = (kept / "failure.txt").read_text(encoding="utf-8")
    assert f"{result.cell.id}: {told}" in completed.stdout
    assert cell_command(result.cell, result.isolation) in told
    assert {path.name for path in kept.iterdir()} == {"deployer", "failure.txt", "harness.log", "platform"}
    assert "the platform is closed today" in told
    assert "the platform is closed today" in log.read_text(encoding="utf-8")
    assert f"{result.cell.id}  deploy     fail" in completed.stderr


def test_two_cells_run_on_each_processor():
    completed = run_matrix("-n", "auto", "-k", "no_such_cell")
    assert f"{2 * (os.cpu_count() or 1)} workers [0 items]" in completed.stdout


def test_a_run_whose_cells_are_all_excluded_passes_and_gives_the_reason():
    completed = run_matrix("--django", "6.0", "--python", "3.10")
    assert completed.returncode == pytest.ExitCode.OK
    assert "No cell is left: Django 6.0 and 6.1 need Python 3.12 or newer." in completed.stdout


def test_a_run_whose_cells_this_machine_cannot_run_fails(tmp_path):
    missing = next((version for version in ("3.14", "3.13", "3.12") if environments.python(version) is None), None)
    if missing is None:
        pytest.skip("this machine has every Python")
    one = ("--platform", "heroku", "--layout", "flat", "--package-manager", "pip", "--python", missing)
    completed = run_matrix(*one, "--results", str(tmp_path))
    assert completed.returncode == pytest.ExitCode.TESTS_FAILED
    assert f"There is no Python {missing} on this machine." in completed.stdout


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--django", "1.0"), "ERROR: Unknown django: 1.0. Known: 5.2, 3.2, 4.2, 6.0, 6.1."),
        (("--keep", "-n", "2"), "ERROR: --keep holds one site after the other: leave out -n."),
        (("--keep-failed", "-n", "2"), "ERROR: --keep-failed holds one site after the other: leave out -n."),
    ],
)
def test_meaningless_options_are_a_usage_error(options, message):
    completed = run_matrix(*options)
    assert completed.returncode == pytest.ExitCode.USAGE_ERROR
    assert message in completed.stderr
