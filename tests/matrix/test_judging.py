import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from results_samples import FLAT, NESTED, result

from matrix import __main__ as command
from matrix.record import spurious
from matrix.record.judging import judge, regressed
from matrix.record.judging_reports import counts, junit, markdown, text
from matrix.record.results import StageResult, Verdict, load, merge, save

NOW = {"when": "2006-11-23T10:00:00Z", "commit": "ba9876543210", "fingerprint": "e" * 64}
PASSED, FAILED = result(FLAT), result(FLAT, failed="deploy")
FAILED_ATTEMPT = Verdict(**NOW, status="fail")


def verdict(new, *record):
    (one,) = judge([new], {known.name: known for known in record})
    return one.kind


@pytest.mark.parametrize(
    ("new", "record", "kind"),
    [
        (result(FLAT, **NOW), [PASSED], "same"),
        (result(FLAT, failed="use", **NOW), [FAILED], "same"),
        (result(FLAT, **NOW), [FAILED], "fixed"),
        (result(FLAT, failed="use", **NOW), [PASSED], "regressed"),
        (result(FLAT, **NOW), [], "new"),
        (result(FLAT, failed="use", **NOW), [], "new"),
        (result(FLAT, **NOW), [result(NESTED)], "new"),
        (result(FLAT, **NOW, history=(FAILED_ATTEMPT,)), [PASSED], "flaky"),
        (result(FLAT, failed="use", **{**NOW, "fingerprint": PASSED.fingerprint}), [PASSED], "flaky"),
        (result(FLAT, failed="use", history=(FAILED_ATTEMPT,), **NOW), [result(FLAT, **NOW)], "regressed"),
        (result(FLAT, failed="use", **NOW), [replace(PASSED, history=(FAILED.verdict,))], "flaky"),
        (result(FLAT, failed="use", **NOW, spurious="no disk"), [PASSED], "spurious"),
        (result(FLAT, failed="use", **NOW, history=(FAILED_ATTEMPT,)), [PASSED], "regressed"),
    ],
)
def test_every_verdict(new, record, kind):
    assert verdict(new, *record) == kind


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("error: Failed to fetch: `https://index.example/simple/django/`", "index down"),
        ("Caused by: dns error: failed to lookup https://index.example/simple/gunicorn/", "index down"),
        ("OSError: [Errno 98] Address already in use", "no port"),
        ("OSError: [Errno 99] Cannot assign requested address", "no port"),
        ("Error: listen EADDRNOTAVAIL: address not available 127.0.0.1", "no port"),
        ("dial tcp 127.0.0.1:5432: connect: can't assign requested address", "no port"),
        ("OSError: [Errno 28] No space left on device: '/tmp/box'", "no disk"),
        ("OSError: [Errno 12] Cannot allocate memory", "no memory"),
        ("PostgresError: the server did not start:\nFATAL", "no database"),
        ("Debian's packages cannot be installed in an image on this machine: only root can install them", "no Debian"),
        ("E: Failed to fetch http://debian.example/pool/g.deb  Temporary failure resolving", "no Debian"),
        ("E: Unable to locate package libpq-development", ""),
        ("ModuleNotFoundError: No module named 'blog'", ""),
        ("Connection refused by https://blog.herokuapp.com/", ""),
        ("The status: configured\nexpected the one that was asked for: deployed", ""),
    ],
)
def test_a_failure_is_spurious_because_of_its_stage_message(said, kind):
    failed = StageResult(name="deploy", status="fail", seconds=1, reason=said)
    assert spurious.reason([*PASSED.stages[:3], failed]) == kind
    assert kind == "" or kind in spurious.REASONS


def test_a_real_failure_next_to_a_spurious_one_counts():
    full = StageResult(name="use", status="fail", seconds=1, reason="No space left on device")
    broken = StageResult(name="teardown", status="fail", seconds=1, reason="Processes that survive the sandbox")
    assert spurious.reason([full, broken]) == ""
    assert spurious.reason([]) == spurious.reason(PASSED.stages) == ""


def test_only_a_regression_fails_the_run_and_it_comes_first():
    new = [
        result(FLAT, failed="use", **NOW),
        result(NESTED, **NOW),
        result(FLAT, system="macOS", failed="use", spurious="no port", **NOW),
    ]
    judged = judge(new, {one.name: one for one in (PASSED, result(NESTED))}, planned=["lost.cell", new[0].name])
    assert [one.kind for one in judged] == ["regressed", "spurious", "spurious", "same"]
    assert judged[0].why == "use: ; pass 2006-11-22T10:00:00Z at 0123456789ab"
    assert [one.why for one in judged if one.name == "lost.cell"] == ["runner died"]
    assert regressed(judged)
    assert not regressed(judged[1:])
    assert counts(judged) == "1 regressed, 2 spurious, 1 same"
    assert text(judged).splitlines()[0].startswith("regressed  heroku-flat-pip")
    assert text(judged).count("\n") == 3


def test_the_job_summary_lists_changes_and_how_to_repeat_them():
    judged = judge([result(FLAT, failed="use", **NOW), result(NESTED, **NOW)], {PASSED.name: PASSED})
    written = markdown(judged, lambda one: f"run {one.name}")
    assert "| regressed | 1 | passed before, fails now |" in written
    assert f"| new | `{judged[1].name}` | pass |" in written
    assert written.endswith(f"```\nrun {PASSED.name}\n```\n")
    assert "Run again" not in markdown(judged[1:], lambda one: "never")
    assert markdown((), lambda one: "never").endswith("\n\nNo cell was to be run.\n")


def test_a_flaky_cell_is_reported_with_what_has_failed():
    broken = result(FLAT, failed="use", when="2006-11-24T09:00:00Z")
    stage = StageResult(name="use", status="fail", seconds=1, reason="The page is empty.\n<html>")
    broken = replace(broken, stages=(*broken.stages[:4], stage, *broken.stages[5:]))
    (one,) = judge(merge([broken, result(FLAT, when="2006-11-24T10:00:00Z")]), {PASSED.name: PASSED})
    assert (one.kind, one.why) == ("flaky", "pass, failed before: use: The page is empty.")


def test_junit_has_failures_only_for_regressions():
    new = [result(FLAT, failed="use", **NOW), result(NESTED, failed="use", spurious="no disk", **NOW)]
    broken = replace(new[0].stages[4], reason="\x1b[31mred & <wrong>")
    new[0] = replace(new[0], stages=(*new[0].stages[:4], broken, *new[0].stages[5:]))
    suite = ElementTree.fromstring(junit(judge(new, {PASSED.name: PASSED})))
    assert suite.attrib == {"name": "matrix", "tests": "2", "failures": "1"}
    assert [[child.tag for child in case] for case in suite] == [["failure"], ["skipped"]]
    assert "[31mred & <wrong>" in suite[0][0].text


def run(*arguments):
    return command.main([str(word) for word in arguments])


@pytest.fixture
def folders(tmp_path):
    record, first, second = (tmp_path / name for name in ("record", "new/shard1", "new/shard2"))
    save(PASSED, record)
    save(result(FLAT, failed="use", **NOW), first)
    save(result(NESTED, **NOW), second)
    return record, tmp_path / "new"


def test_judge_exits_with_1_for_a_regression_and_writes_the_requested_files(folders, tmp_path, capsys):
    record, new = folders
    reports = (tmp_path / "summary.md", tmp_path / "junit.xml")
    assert run("judge", new, "--against", record, "--markdown", reports[0], "--junit", reports[1]) == 1
    said = capsys.readouterr().out
    assert said.startswith("regressed  heroku-flat-pip")
    assert said.endswith("1 regressed, 1 new\n")
    assert "| regressed | 1 |" in reports[0].read_text(encoding="utf-8")
    assert ElementTree.parse(reports[1]).getroot().get("failures") == "1"
    assert run("judge", new / "shard2", "--against", record) == 0


def test_judge_complete_exits_with_3_while_planned_cells_have_no_result(folders, tmp_path, capsys):
    record, new = folders
    reports, plan = tmp_path / "summary.md", tmp_path / "plan.json"
    assert run("plan", "--against", record, "--platform", "heroku", "--out", plan) == 0
    planned = len(json.loads(plan.read_text(encoding="utf-8"))["cells"])
    capsys.readouterr()
    (tmp_path / "empty").mkdir()
    judged = ("judge", tmp_path / "empty", "--against", record, "--plan", plan, "--markdown", reports)
    assert (run(*judged), run(*judged, "--complete")) == (0, 3)
    said = f"{planned} of {planned} cells have no result: their runner died. Run these jobs again."
    assert capsys.readouterr().out.endswith(f"{said}\n")
    assert f"**{said}**" in reports.read_text(encoding="utf-8")
    assert run("judge", new, "--against", record, "--plan", plan) == 1
    assert run("judge", tmp_path / "empty", "--against", record) == 0


def test_judge_complete_exits_with_3_if_every_cell_is_spurious(tmp_path, capsys):
    save(result(FLAT, failed="use", spurious="index down", **NOW), tmp_path / "new")
    judged = ("judge", tmp_path / "new", "--against", tmp_path / "record")
    assert (run(*judged), run(*judged, "--complete")) == (0, 3)
    assert capsys.readouterr().out.endswith("says nothing about the product. Run all jobs again.\n")
    save(result(NESTED, **NOW), tmp_path / "new")
    assert run("judge", tmp_path / "new", "--against", tmp_path / "record") == 0


def test_merge_adds_the_results_of_every_shard_except_uncommitted_ones(folders, capsys):
    record, new = folders
    save(result(replace(FLAT, django="4.2"), commit="abc+"), new / "shard2")
    assert run("merge", new, "--into", record) == 0
    assert [(one.cell.id, one.status) for one in load(record)] == [(FLAT.id, "fail"), (NESTED.id, "pass")]
    assert "it ran with changes that are not committed" in capsys.readouterr().out


def test_a_record_with_figures_and_a_folder_with_hand_offs_can_be_merged(folders):
    record, new = folders
    for other in (record / "faults" / "heroku.linux.json", new / "cell.plain.hand-off" / "plan.json"):
        other.parent.mkdir()
        other.write_text("{}", encoding="utf-8")
    assert run("merge", record, new, "--into", record) == 0
    assert len(load(record)) == 2


def test_merge_reports_lost_and_duplicate_cells(folders, tmp_path, capsys):
    record, new = folders
    save(result(NESTED, **NOW), new / "shard3")
    entry = {"action": "run", "why": "", "fingerprint": "", "sources": "", "seconds": 1.0}
    place = {"system": "Linux", "isolation": "bubblewrap", "conditions": ""}
    cells = [{"cell": vars(cell), "where": place, **entry} for cell in (FLAT, NESTED, replace(FLAT, django="4.2"))]
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    assert run("merge", new, "--into", record, "--plan", plan) == 1
    said = capsys.readouterr().out
    assert "Lost: heroku-flat-pip-django4.2-py3.12.linux.emulated.bubblewrap has no result." in said
    assert said.count("Lost:") == 1
    assert f"{result(NESTED).name} has 2 results" in said


@pytest.mark.parametrize("verb", ["merge", "judge"])
def test_a_missing_folder_and_an_invalid_result_are_usage_errors(verb, tmp_path, capsys):
    assert run(verb, tmp_path / "none") == 2
    assert "There is no folder" in capsys.readouterr().err
    (tmp_path / "other.json").write_text("{}", encoding="utf-8")
    assert run(verb, tmp_path, "--plan", tmp_path / "plan.json") == 2
    assert "other.json is not a result of the matrix" in capsys.readouterr().err
