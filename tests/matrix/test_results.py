import subprocess
from dataclasses import replace

import pytest
from results_samples import NESTED, result, stages

from matrix.record.provenance import commit, now, unpack
from matrix.record.results import Verdict, from_json, load, merge, overall, save, strongest, to_json

LATER = "2006-11-23T10:00:00Z"


def test_one_failed_stage_makes_the_cell_fail():
    assert overall(stages()) == "pass"
    assert overall(stages(failed="rerun")) == "fail"


def test_a_cell_with_a_skipped_stage_does_not_pass():
    skipped = replace(stages()[3], status="skip")
    assert overall([*stages()[:3], skipped]) == "skip"
    assert overall([]) == "skip"


def test_a_result_survives_writing_and_reading(tmp_path):
    original = result(history=(Verdict(when="2006-11-21T10:00:00Z", commit="abc", status="fail"),))
    path = save(original, tmp_path)
    assert path.name == "heroku-flat-pip-django5.2-py3.12.linux.emulated.bubblewrap.json"
    assert load(tmp_path) == (original,)
    assert from_json(to_json(original)) == original


def test_a_result_with_an_edited_status_is_rejected(tmp_path):
    path = save(result(failed="use"), tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace('"status": "fail"', '"status": "pass"', 1), "utf-8")
    with pytest.raises(ValueError, match=r"heroku-flat.*status pass does not fit the stages"):
        load(tmp_path)


def test_an_invalid_result_file_is_reported(tmp_path):
    (tmp_path / "other.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ValueError, match=r"other\.json is not a result"):
        load(tmp_path)


def test_the_newest_result_wins_and_keeps_the_earlier_verdict():
    old, new = result(), result(when=LATER, commit="ba9876543210")
    (merged,) = merge([new, old])
    assert merged == replace(new, history=(old.verdict,))


def test_a_failure_wins_over_an_older_pass():
    (merged,) = merge([result(), result(when=LATER, failed="deploy")])
    assert (merged.status, [verdict.status for verdict in merged.history]) == ("fail", ["pass"])


def test_at_equal_times_the_failure_wins():
    assert [merged.status for merged in merge([result(), result(failed="deploy")])] == ["fail"]


def test_a_skipped_run_does_not_replace_a_result():
    skipped = result(when=LATER, status="skip", stages=tuple(replace(s, status="skip") for s in stages()))
    assert [merged.status for merged in merge([result(), skipped])] == ["pass"]
    assert [merged.status for merged in merge([skipped])] == ["skip"]


def test_cells_systems_and_kinds_of_evidence_are_separate():
    apart = [result(), result(NESTED), result(system="macOS"), result(evidence="live"), result(isolation="folder")]
    assert len(merge([*apart, *apart])) == 5


def test_a_result_without_isolation_never_replaces_an_isolated_one(tmp_path):
    walled, later = result(), result(isolation="folder", when=LATER, failed="deploy")
    assert {save(each, tmp_path).name for each in (walled, later)} == {
        "heroku-flat-pip-django5.2-py3.12.linux.emulated.bubblewrap.json",
        "heroku-flat-pip-django5.2-py3.12.linux.emulated.folder.json",
    }
    assert load(tmp_path) == (walled, later)
    assert strongest([later, walled]) == (walled,)
    assert strongest([later]) == (later,)


def test_a_result_with_an_unknown_isolation_is_rejected():
    text = to_json(result()).replace('"bubblewrap"', '"wall"')
    with pytest.raises(ValueError, match="unknown isolation wall"):
        from_json(text)


def test_saving_twice_keeps_history_in_the_one_file(tmp_path):
    save(result(), tmp_path)
    save(result(when=LATER, failed="use"), tmp_path)
    (kept,) = load(tmp_path)
    assert (kept.status, len(kept.history)) == ("fail", 1)


def test_the_history_is_bounded():
    runs = [result(when=f"2006-11-{day:02}T10:00:00Z") for day in range(1, 29)]
    (merged,) = merge(runs)
    assert len(merged.history) == 20
    assert merged.history[-1].when == "2006-11-27T10:00:00Z"


def make_repository(folder):
    for name in ("simple_deploy/a.py", "matrix/b.py", "matrix/results/c.json", "matrix/__pycache__/b.pyc"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x", encoding="utf-8")
    return folder


def test_the_commit_is_marked_if_sources_differ_from_it(tmp_path):
    repository = make_repository(tmp_path)
    assert commit(repository) == "unknown"
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.com")
    for arguments in (("init", "--quiet"), ("add", "."), (*identity, "commit", "--quiet", "-m", "First")):
        subprocess.run(["git", *arguments], cwd=repository, check=True)
    clean = commit(repository)
    assert len(clean) == 12
    (repository / "matrix/results/c.json").write_text("{}", encoding="utf-8")
    assert commit(repository) == clean
    (repository / "matrix/b.py").write_text("y", encoding="utf-8")
    assert commit(repository) == f"{clean}+"
    before = tmp_path / "before"
    before.mkdir()
    unpack("HEAD", before, repository)
    assert (before / "matrix/b.py").read_text(encoding="utf-8") == "x"
    with pytest.raises(ValueError, match="Git knows no commit v9"):
        unpack("v9", before, repository)


def test_a_result_is_flaky_if_the_same_sources_and_versions_have_passed_and_failed():
    failed = Verdict(when=LATER, commit="abc", status="fail", fingerprint="f" * 64)
    assert result(history=(failed,)).flaky
    assert not result().flaky
    assert not result(history=(replace(failed, fingerprint="e" * 64),)).flaky
    assert not result(history=(replace(failed, spurious="index down"),)).flaky
    assert not result(failed="use", history=(failed,)).flaky


def test_a_spurious_failure_does_not_replace_a_result():
    (merged,) = merge([result(), result(when=LATER, failed="deploy", spurious="no disk")])
    assert (merged.status, merged.history[0].spurious) == ("pass", "no disk")


def test_times_are_in_utc_and_sort_as_text():
    assert now().endswith("Z")
    assert len(now()) == len(LATER)
