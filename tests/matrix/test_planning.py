from dataclasses import replace
from datetime import date

import pytest
from results_samples import FLAT, NESTED, result

from matrix.places import Where
from matrix.record.results import Verdict
from matrix.verbs.planning import Record, costs, from_json, plan, sampled

HERE = Where(system="Linux", isolation="bubblewrap")
SOURCES, FINGERPRINT = "s" * 64, "f" * 64
KNOWN = result(FLAT, sources=SOURCES)
DAY = date(2006, 11, 25)


def planned(known=(), *, cell=FLAT, where=HERE, today=DAY, fresh=False, fingerprint=FINGERPRINT):
    record = Record(results={one.name: one for one in known}, today=today, fresh=fresh, here="Linux")
    (entry,) = plan([(cell, where)], record, sources=lambda *_: SOURCES, fingerprint=lambda *_: fingerprint)
    return entry


def test_a_cell_with_a_recorded_fingerprint_is_reused_with_its_date_and_commit():
    entry = planned([KNOWN])
    assert (entry.action, entry.why) == ("reuse", "recorded 2006-11-22T10:00:00Z at 0123456789ab")


FAILED_ONCE = Verdict(when="2006-11-21T10:00:00Z", commit="0123456789ab", status="fail", fingerprint=FINGERPRINT)


@pytest.mark.parametrize(
    ("known", "changes", "why"),
    [
        ([], {}, "not recorded"),
        ([KNOWN], {"cell": NESTED}, "not recorded"),
        ([KNOWN], {"where": Where(system="Linux", isolation="folder")}, "not recorded"),
        ([KNOWN], {"fresh": True}, "requested with --fresh"),
        ([replace(KNOWN, sources="x")], {}, "recorded with other sources"),
        ([KNOWN], {"fingerprint": "x"}, "recorded with other versions"),
        ([result(FLAT, sources=SOURCES, failed="use")], {}, "recorded as fail"),
        ([replace(KNOWN, history=(FAILED_ONCE,))], {}, "recorded as flaky"),
        ([KNOWN], {"today": date(2006, 12, 23)}, "recorded more than 30 days ago"),
    ],
)
def test_any_other_cell_is_run(known, changes, why):
    entry = planned(known, **changes)
    assert (entry.action, entry.why) == ("run", why)


def test_only_sources_are_compared_for_a_remote_system():
    away = Where(system="Windows", isolation="folder", conditions="plain")
    known = result(FLAT, system="Windows", isolation="folder", conditions="plain", sources=SOURCES, fingerprint="x")
    assert planned([known], where=away).action == "reuse"
    assert planned([replace(known, sources="x")], where=away).action == "run"


def test_a_daily_sample_of_the_known_cells_is_run_again():
    record = Record(results={}, today=DAY)
    cells = [(replace(FLAT, django=f"{major}.{minor}"), HERE) for major in range(5) for minor in range(10)]
    made = plan(cells, record, sources=lambda *_: SOURCES, fingerprint=lambda *_: FINGERPRINT)
    known = [replace(entry, action="reuse") for entry in made]
    runs = [[entry.id for entry in sampled(known, 0.1, seed) if entry.why == "sampled"] for seed in ("a", "a", "b")]
    assert [len(run) for run in runs] == [5, 5, 5]
    assert runs[0] == runs[1] != runs[2]
    assert len([entry for entry in sampled(known[:3], 0.01, "a") if entry.action == "run"]) == 1
    assert sampled(known, 0, "a") == tuple(known)


def test_costs_are_estimated_from_the_record():
    cost = costs([result(FLAT)])
    exact = result(FLAT).seconds
    assert cost(FLAT, HERE) == exact
    assert cost(NESTED, HERE) == exact
    assert cost(replace(FLAT, platform="fly_io"), HERE) == exact
    assert costs([])(FLAT, HERE) == 30


def test_a_plan_survives_writing_and_reading():
    entry = planned([KNOWN])
    assert from_json(entry.as_json()) == entry
    assert entry.as_json()["id"] == KNOWN.name
