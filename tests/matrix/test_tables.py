import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from results_samples import AXES, FLAT, NESTED, PUBLISHED, result

from matrix.cells import load_axes
from matrix.record import robustness
from matrix.record.results import Verdict, strongest
from matrix.record.rules import Robust
from matrix.record.tables import PLATFORMS, TABLES, is_current, page, symbol, told_status, what_counts

BOTH = (result(FLAT), result(NESTED))
SEEN = "2006-11-22, Linux, *emulated*"
EARLIER = (
    Verdict(when="2006-11-20T10:00:00Z", commit="aaa", status="pass"),
    Verdict(when="2006-11-21T10:00:00Z", commit="bbb", status="pass"),
)
ROBUST = Robust(faults=True, shapes=True)


def field(title, heading, *results, platform="heroku", published=PUBLISHED, robust=ROBUST):
    (table,) = [table for table in TABLES if table.title == title]
    (column,) = [column for column in table.columns if column.heading == heading]
    return symbol(what_counts(AXES, results, published, lambda _: robust), column, table.rule, platform)


def written(*results):
    return page(AXES, what_counts(AXES, results, PUBLISHED))


def test_a_settings_style_needs_a_passing_cell_and_no_failing_one():
    assert field("Settings", "One module", result(FLAT)) == f"● {SEEN}"
    assert field("Settings", "One module", result(FLAT), result(NESTED, failed="use")) == f"◐ {SEEN}"
    assert field("Settings", "One module", result(FLAT, failed="use")) == f"○ {SEEN}"


@pytest.mark.parametrize(
    ("title", "heading"),
    [
        ("Package managers", "Bare requirements.txt"),
        ("Operating systems", "Linux"),
        ("Project structure", "Nested"),
        ("Project structure", "Non-nested"),
    ],
)
def test_full_needs_every_stage_of_every_cell(title, heading):
    assert field(title, heading, *BOTH) == f"● {SEEN}"


def test_every_package_manager_and_layout_has_a_column():
    for axis in ("package_manager", "layout"):
        shown = [
            value for table in TABLES for column in table.columns if column.axis == axis for value in column.values
        ]
        assert sorted(shown) == sorted(load_axes().values[axis].known)


def test_no_result_is_not_verified():
    assert field("Operating systems", "Windows", *BOTH) == "not verified"
    assert field("Package managers", "Bare requirements.txt") == "not verified"


def test_a_value_without_a_cell_is_not_yet_implemented():
    assert field("Package managers", "Bare requirements.txt", *BOTH, platform="fly_io") == "○"


def test_a_failed_stage_prevents_full():
    assert (
        field("Package managers", "Bare requirements.txt", result(FLAT), result(NESTED, failed="rerun")) == f"◐ {SEEN}"
    )
    assert field("Project structure", "Nested", result(FLAT), result(NESTED, failed="rerun")) == f"◐ {SEEN}"
    assert field("Project structure", "Non-nested", result(FLAT), result(NESTED, failed="rerun")) == f"● {SEEN}"


def test_a_missing_everyday_cell_prevents_full():
    assert field("Operating systems", "Linux", result(FLAT)) == f"◐ {SEEN}"


def test_without_a_passing_configuration_it_is_not_yet_implemented():
    broken = (result(FLAT, failed="configure"), result(NESTED, failed="generate"))
    assert field("Operating systems", "Linux", *broken) == f"○ {SEEN}"


def test_a_result_with_a_missing_stage_is_not_full():
    short = result(FLAT).stages[:-1]
    assert field("Project structure", "Non-nested", result(FLAT, stages=short)) == f"◐ {SEEN}"


def test_a_failure_on_another_system_affects_the_package_manager_but_not_this_system():
    everything = (*BOTH, result(FLAT, system="macOS", failed="use", when="2006-11-23T10:00:00Z"))
    assert field("Package managers", "Bare requirements.txt", *everything).startswith("◐ 2006-11-23, Linux, macOS")
    assert field("Operating systems", "Linux", *everything) == f"● {SEEN}"


def test_the_kind_of_evidence_is_shown():
    assert field("Operating systems", "Linux", *BOTH, result(FLAT, evidence="live")).endswith("*emulated; live*")


def test_a_symbol_shows_missing_isolation_and_only_the_strongest_one_counts():
    bare = [result(cell, isolation="folder", when="2006-11-23T10:00:00Z") for cell in (FLAT, NESTED)]
    without = "● 2006-11-23, Linux, *emulated without walls*"
    assert field("Operating systems", "Linux", *bare) == without
    assert field("Operating systems", "Linux", *BOTH, *bare) == f"● {SEEN}"
    broken = [result(cell, failed="use") for cell in (FLAT, NESTED)]
    assert field("Operating systems", "Linux", *broken, *bare) == f"◐ {SEEN}"
    assert field("Operating systems", "Linux", BOTH[0], bare[1]).endswith("*emulated; emulated without walls*")
    assert written(*BOTH, *bare).count(", folder |") == 2


def test_a_removed_cell_does_not_count():
    gone = result(replace(FLAT, django="1.11"))
    assert field("Operating systems", "Linux", gone) == "not verified"


def test_the_summary_is_full_only_if_a_stage_checks_the_page():
    assert field("Friendly summary", "Friendly summary", *BOTH) == f"● {SEEN}"
    unchecked = [replace(cell, stages=tuple(s for s in cell.stages if s.name != "summary")) for cell in BOTH]
    assert field("Friendly summary", "Friendly summary", *unchecked) == f"◐ {SEEN}"
    unreadable = (result(FLAT), result(NESTED, failed="redeploy"))
    assert field("Friendly summary", "Friendly summary", *unreadable) == f"○ {SEEN}"


def stable(**changes):
    """Cells that have passed at three commits on Linux, and once on Windows."""
    linux = [result(cell, history=EARLIER, **changes) for cell in (FLAT, NESTED)]
    return [*linux, *(result(cell, system="Windows") for cell in (FLAT, NESTED))]


def test_stability_needs_three_records_in_a_row_two_systems_faults_and_shapes():
    assert field("Stability", "Stability", *stable()) == "● 2006-11-22, Linux, Windows, *emulated*"
    assert field("Stability", "Stability", *BOTH) == f"◐ {SEEN}"
    assert field("Stability", "Stability", *stable()[:2]).startswith("◐")
    assert field("Stability", "Stability", *stable()[:3]).startswith("◐")


@pytest.mark.parametrize("robust", [Robust(faults=True), Robust(shapes=True)])
def test_stability_is_lost_by_a_fault_or_a_shape(robust):
    assert field("Stability", "Stability", *stable(), robust=robust).startswith("◐")


def test_stability_is_lost_by_a_failure_and_reached_again_by_the_next_records():
    failed = Verdict(when="2006-11-21T09:00:00Z", commit="abc", status="fail")
    lately = [result(cell, history=(*EARLIER, failed)) for cell in (FLAT, NESTED)]
    assert field("Stability", "Stability", *lately, *stable()[2:]).startswith("◐")
    long_ago = replace(failed, when="2006-11-19T10:00:00Z")
    again = [result(cell, history=(*EARLIER, long_ago)) for cell in (FLAT, NESTED)]
    assert field("Stability", "Stability", *again, *stable()[2:]).startswith("●")
    assert field("Stability", "Stability", result(FLAT, failed="use"), result(NESTED)).startswith("○")


def test_faults_and_shapes_count_only_if_all_passed_recently(tmp_path):
    def record(*, survived=3, status="pass", when="2006-11-22T10:00:00Z"):
        for folder, name, document in (
            ("faults", "heroku.linux", {"figures": [{"injected": 3, "survived": survived}], "when": when}),
            ("shapes", "plain", {"heroku": {"status": status, "when": when}}),
        ):
            (tmp_path / folder).mkdir(exist_ok=True)
            (tmp_path / folder / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
        return robustness.of("heroku", PUBLISHED.is_old, tmp_path)

    assert record() == ROBUST
    assert record(survived=2) == Robust(shapes=True)
    assert record(status="fail") == Robust(faults=True)
    assert record(when="2006-10-22T10:00:00Z") == Robust()
    assert robustness.of("upsun", PUBLISHED.is_old, tmp_path) == Robust()


def test_results_from_other_sources_are_stale_and_never_full():
    others = [replace(one, sources="x") for one in BOTH]
    assert field("Operating systems", "Linux", *others) == f"◌ {SEEN}"
    assert field("Operating systems", "Linux", BOTH[0], others[1]) == f"◐ {SEEN}, 1 stale"
    assert "| pass, stale (other sources) |" in written(*others)


def test_results_that_are_too_old_are_stale():
    later = replace(PUBLISHED, day="2006-12-22")
    assert field("Operating systems", "Linux", *BOTH, published=later) == f"● {SEEN}"
    later = replace(PUBLISHED, day="2006-12-23")
    assert field("Operating systems", "Linux", *BOTH, published=later) == f"◌ {SEEN}"


def test_a_stale_isolated_result_does_not_hide_a_current_one():
    bare = [result(cell, isolation="folder") for cell in (FLAT, NESTED)]
    stale = [replace(one, sources="x") for one in BOTH]
    assert field("Operating systems", "Linux", *stale, *bare) == "● 2006-11-22, Linux, *emulated without walls*"


def test_a_flaky_cell_is_published_as_flaky_and_prevents_full():
    failed = Verdict(when="2006-11-22T09:00:00Z", commit="0123456789ab", status="fail", fingerprint="f" * 64)
    flaky = result(FLAT, history=(failed,))
    assert field("Operating systems", "Linux", flaky, BOTH[1]) == f"◐ {SEEN}, 1 flaky"
    assert told_status(what_counts(AXES, [flaky], PUBLISHED), flaky) == "pass, flaky"
    assert "| pass, flaky |" in written(flaky)


def test_a_real_builder_of_images_is_part_of_the_evidence():
    built = [replace(one, versions={**one.versions, "image built by": "buildah 1.28"}) for one in BOTH]
    assert field("Operating systems", "Linux", *built).endswith("*emulated, image built by buildah 1.28*")
    assert built[0].name == f"{BOTH[0].name}.buildah"
    plain = replace(BOTH[0], versions={"image built by": "bubblewrap"})
    assert plain.name == BOTH[0].name


def test_windows_is_full_if_linux_has_finished_its_hand_offs():
    finished = {"system": "Windows", "isolation": "folder", "conditions": "plain", "finished_on": "Linux"}
    halves = [result(cell, **finished) for cell in (FLAT, NESTED)]
    shown = field("Operating systems", "Windows", *halves)
    assert shown == "● 2006-11-22, Windows finished on Linux, *emulated without walls*"
    here = [replace(one, system="Linux", versions={"finished in isolation": "bubblewrap"}) for one in halves]
    assert field("Operating systems", "Linux", *here) == "● 2006-11-22, Linux in two halves, *emulated*"
    unfinished = [replace(one, status="skip", stages=one.stages[:4], finished_on="") for one in halves]
    assert field("Operating systems", "Windows", *unfinished) == "not verified"


RANKS = "○◐●"
RESULTS = some.builds(
    result,
    some.sampled_from([FLAT, NESTED]),
    failed=some.sampled_from([None, "configure", "use", "rerun"]),
    system=some.sampled_from(["Linux", "Windows"]),
    isolation=some.sampled_from(["bubblewrap", "folder"]),
    when=some.sampled_from(["2006-11-20T10:00:00Z", "2006-11-22T10:00:00Z"]),
)


@settings(max_examples=40, deadline=None)
@given(known=some.lists(RESULTS, min_size=1, max_size=6, unique_by=lambda one: one.name), more=RESULTS)
def test_a_symbol_is_never_worse_because_more_was_tried_and_passed(known, more):
    more = replace(more, status="pass", stages=BOTH[0].stages, when="2006-11-24T10:00:00Z")
    after = [*(one for one in known if one.name != more.name), more]
    both = [what_counts(AXES, results, PUBLISHED, lambda _: ROBUST) for results in (known, after)]
    for table in TABLES:
        for column in table.columns:
            shown = [symbol(seen, column, table.rule, "heroku") for seen in both]
            ranks = [RANKS.find(text[0]) for text in shown]
            assert ranks[1] >= ranks[0], (table.title, column.heading, shown, strongest(known))


def test_django_and_python_have_a_table_of_every_known_version():
    text = written(*BOTH)
    (row,) = [line for line in text.splitlines() if line.startswith("| Django 5.2 |")]
    assert row == f"| Django 5.2 | ● {SEEN} |"
    axes = load_axes()
    full = page(axes, what_counts(axes, BOTH, PUBLISHED))
    assert "| Django 3.2 | not verified | – | – | – | – |" in full


def test_the_page_has_tables_with_every_platform_and_is_deterministic():
    text = written(*BOTH)
    assert [line for line in text.splitlines() if line.startswith("## ")][: 1 + len(TABLES)] == [
        "## States",
        *(f"## {t.title}" for t in TABLES),
    ]
    assert all(text.count(f"\n| {name} |") == 1 + len(TABLES) for name in PLATFORMS.values())
    assert written(*reversed(BOTH)) == text


def test_an_edited_page_is_not_current(tmp_path):
    text, path = written(*BOTH), tmp_path / "page.md"
    assert not is_current(path, text)
    path.write_text(text, encoding="utf-8", newline="\n")
    assert is_current(path, text)
    path.write_text(text.replace("◐", "●"), encoding="utf-8", newline="\n")
    assert not is_current(path, text)
