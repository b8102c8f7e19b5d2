"""plan and run as commands, on a record of every cell. Nothing is deployed."""

import json
from dataclasses import replace

import pytest
from results_samples import result

from matrix import __main__ as command
from matrix.record.results import load, save
from matrix.verbs.planning import from_json


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
