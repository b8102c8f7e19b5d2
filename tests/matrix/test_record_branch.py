"""The record of the workflow, on a branch of its own that several runs write to."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from results_samples import FLAT, NESTED, result

from matrix.record.results import load, save

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the scripts of the workflow run on Linux")
LATER = {"when": "2006-11-23T10:00:00Z", "commit": "ba9876543210"}
# What nox starts, without its environment.
PYTHON = f'#!/bin/sh\nshift 4\nexec "{sys.executable}" -m matrix "$@"\n'


def git(folder, *words):
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def origin(tmp_path):
    """A repository with the scripts and a record of one cell."""
    folder = tmp_path / "origin"
    shutil.copytree(ROOT / ".ci", folder / ".ci")
    save(result(FLAT), folder / "matrix" / "results")
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder)
    return folder


def commit(folder):
    git(folder, "add", "--all")
    git(folder, "-c", "user.name=Test", "-c", "user.email=test@example.com", "commit", "--quiet", "-m", "Record")


def clone(origin, name):
    git(origin.parent, "clone", "--quiet", str(origin), name)
    return origin.parent / name


def script(folder, *words):
    """Run a script of the workflow in a clone, and return the record that it leaves."""
    programs = folder.parent / "programs"
    programs.mkdir(exist_ok=True)
    (programs / "python").write_text(PYTHON, encoding="utf-8")
    (programs / "python").chmod(0o755)
    env = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(words, cwd=folder, env=env, capture_output=True, encoding="utf-8", check=False)
    assert ended.returncode == 0, ended.stderr
    return {one.cell.id: one.when for one in load(folder / "record")}


@pytest.mark.long
def test_a_run_keeps_what_another_run_has_added_since_it_began(origin):
    first, second = clone(origin, "first"), clone(origin, "second")
    save(result(FLAT, **LATER), first / "new" / "results-1")
    save(result(NESTED), second / "new" / "results-1")
    script(first, ".ci/keep_record", "new")
    both = {FLAT.id: LATER["when"], NESTED.id: result(NESTED).when}
    assert script(second, ".ci/keep_record", "new") == both
    assert script(clone(origin, "third"), ".ci/record") == both


def test_logs_are_in_the_record_of_a_run_that_reuses_the_result(origin):
    first = clone(origin, "first")
    save(result(NESTED), first / "new" / "results-1")
    (first / "new" / "results-1" / f"{NESTED.id}.bubblewrap.log").write_text("$ git push", encoding="utf-8")
    script(first, ".ci/keep_record", "new")
    second = clone(origin, "second")
    script(second, ".ci/record")
    (log,) = (second / "record" / "logs").rglob("*.log")
    assert (log.parents[1].name, log.read_text(encoding="utf-8")) == (result(NESTED).name, "$ git push")


@pytest.mark.long
def test_results_and_figures_that_were_committed_later_are_in_the_record(origin):
    script(clone(origin, "first"), ".ci/keep_record", "matrix/results")
    save(result(FLAT, **LATER), origin / "matrix" / "results")
    figures = origin / "matrix" / "results" / "shapes" / "vite.json"
    figures.parent.mkdir()
    figures.write_text("{}", encoding="utf-8")
    commit(origin)
    third = clone(origin, "third")
    assert script(third, ".ci/record") == {FLAT.id: LATER["when"]}
    assert (third / "record" / "shapes" / "vite.json").is_file()
