"""plan and run as commands, on a record of every cell. Nothing is deployed."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from results_samples import result

from matrix import __main__ as command
from matrix.record.results import load, save
from matrix.sandbox import environments, room
from matrix.verbs.planning import from_json

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments):
    return command.main([str(word) for word in arguments])


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    """A plan of the everyday cells here, and the record of a run of all of them."""
    folder = tmp_path_factory.mktemp("everything")
    assert run("plan", "--against", folder / "nothing", "--out", folder / "plan.json") == 0
    cells = [from_json(entry) for entry in json.loads((folder / "plan.json").read_text(encoding="utf-8"))["cells"]]
    for entry in cells:
        seen = {"system": entry.where.system, "isolation": entry.where.isolation, "when": "2006-11-22T10:00:00Z"}
        save(result(entry.cell, fingerprint=entry.fingerprint, sources=entry.sources, **seen), folder / "record")
    return folder, cells


def test_trim_removes_what_was_used_least_recently(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv(environments.CACHE_VARIABLE, str(tmp_path))
    (tmp_path / "packages").mkdir()
    (tmp_path / "packages" / "one.whl").write_bytes(b"x" * 20_000)
    folders = [
        environments.cached({"number": str(n)}, lambda f: (f / "x").write_bytes(b"x" * 30_000)) for n in range(3)
    ]
    for age, folder in enumerate(folders):
        os.utime(room.key(folder), (1_000_000_000 - age,) * 2)
    assert run("trim", "0.00009") == 0
    assert [folder.exists() for folder in folders] == [True, True, False]
    assert capsys.readouterr().out == f"The cache has 0.0 GB: {tmp_path}\n"
    assert run("trim", "0.00001") == 1
    assert not any(folder.exists() for folder in folders)


TODAY = ("--today", "2006-11-23")


def test_a_run_of_known_cells_runs_nothing_and_keeps_the_record(everything, capsys, tmp_path):
    folder, cells = everything
    before = load(folder / "record")
    assert run("run", "--against", folder / "record", "--results", tmp_path, *TODAY) == 0
    said = capsys.readouterr().out
    assert (
        said == f"{len(cells)} of {len(cells)} cells are known, the oldest is of 2006-11-22.\nNothing is left to run.\n"
    )
    assert load(folder / "record") == before


def actions(folder, capsys, *arguments):
    assert run("plan", "--against", folder, "--json", *TODAY, *arguments) == 0
    return {entry["id"]: entry["action"] for entry in json.loads(capsys.readouterr().out)["cells"]}


def test_only_the_cells_of_a_platform_whose_sources_have_changed_would_be_run(everything, capsys, tmp_path):
    folder, cells = everything
    for known in load(folder / "record"):
        save(replace(known, sources="x") if known.cell.platform == "fly_io" else known, tmp_path)
    planned = actions(tmp_path, capsys)
    assert {name.split("-")[0] for name, action in planned.items() if action == "run"} == {"fly_io"}
    assert list(planned.values()).count("run") == len([entry for entry in cells if entry.cell.platform == "fly_io"])


def test_fresh_ignores_the_record_and_a_sample_runs_some_of_it(everything, capsys):
    folder, cells = everything
    assert list(actions(folder / "record", capsys).values()) == ["reuse"] * len(cells)
    assert list(actions(folder / "record", capsys, "--fresh").values()) == ["run"] * len(cells)
    sampled = list(actions(folder / "record", capsys, "--sample", "0.1").values())
    assert sampled.count("run") == round(len(cells) / 10)


def test_a_shard_with_existing_results_is_not_run_again(everything, capsys, tmp_path):
    folder, _ = everything
    for number in (1, 2, 3):
        assert run("run", "--plan", folder / "plan.json", "--shard", f"{number}/3", "--results", folder / "record") == 0
    assert capsys.readouterr().out == "Nothing is left to run.\n" * 3


@pytest.fixture
def repository(tmp_path):
    """The sources of this repository as a repository of its own, with one commit."""
    folder = tmp_path / "copy"
    left_out = shutil.ignore_patterns("results", "__pycache__", ".*")
    for name in ("simple_deploy", "matrix", "sample_projects"):
        shutil.copytree(ROOT / name, folder / name, ignore=left_out)
    for name in ("pyproject.toml", "README.md", "noxfile.py"):
        shutil.copyfile(ROOT / name, folder / name)
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.com")
    for words in (("init", "--quiet"), ("add", "."), (*identity, "commit", "--quiet", "-m", "First")):
        subprocess.run(["git", *words], cwd=folder, check=True)
    return folder


def started(folder, *words, **env):
    """The output of a verb, started as a program in a repository."""
    argv = [sys.executable, "-m", "matrix", *words]
    ended = subprocess.run(
        argv, cwd=folder, env={**os.environ, **env}, capture_output=True, encoding="utf-8", check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def append(path, text):
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def since_the_commit(folder):
    """The platforms with each action."""
    said = json.loads(started(folder, "plan", "--changed-since", "HEAD", "--json"))
    return {(entry["action"], entry["cell"]["platform"]) for entry in said["cells"]} - {("skip", "scalingo")}


@pytest.mark.long
def test_only_cells_that_use_a_change_would_be_run_since_a_commit(repository):
    append(repository / "README.md", "More.\n")
    (repository / "simple_deploy/platforms/heroku/README.md").unlink()
    append(repository / "simple_deploy/platforms/fly_io/files.py", "# More.\n")
    assert since_the_commit(repository) == {
        ("run", "fly_io"),
        ("skip", "heroku"),
        ("skip", "platform_sh"),
        ("skip", "upsun"),
    }


def test_a_run_counts_no_skipped_cell_as_known(everything, capsys, tmp_path):
    text = (everything[0] / "plan.json").read_text(encoding="utf-8")
    (tmp_path / "plan.json").write_text(text.replace('"action": "run"', '"action": "skip"'), encoding="utf-8")
    assert run("run", "--plan", tmp_path / "plan.json") == 0
    assert capsys.readouterr().out == "Nothing is left to run.\n"


@pytest.mark.long
def test_every_cell_uses_the_declared_requirements(repository):
    text = (repository / "pyproject.toml").read_text(encoding="utf-8")
    more = text.replace("\nharness = [\n", '\nharness = [\n    "attrs>=1",\n')
    (repository / "pyproject.toml").write_text(more, encoding="utf-8")
    assert {action for action, platform in since_the_commit(repository)} == {"run"}


def test_a_plan_needs_no_other_program(tmp_path):
    said = started(ROOT, "plan", "--platform", "heroku", PATH=str(tmp_path), HOME=str(tmp_path))
    assert "of 12 cells would be run" in said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("run", "--shard", "4/3"), "A shard is written i/n, from 1/n to n/n, not 4/3."),
        (("plan", "--platform", "geocities"), "Unknown platform: geocities. Known: heroku"),
        (("plan", "--changed-since", "no-such-commit"), "Git knows no commit no-such-commit."),
        (("run", "--plan", "no-such-plan.json"), "no-such-plan.json is not a plan of the matrix"),
        (("finish", "no-such-folder"), "There is no hand-off in these folders."),
    ],
)
def test_a_run_that_cannot_begin_gives_the_reason_and_exits_with_2(arguments, message, capsys):
    assert run(*arguments) == 2
    assert message in capsys.readouterr().err
