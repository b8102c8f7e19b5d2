from dataclasses import replace

import pytest
from results_samples import FLAT, NESTED, result

from matrix.cells import load_axes, read_axes
from matrix.results import Verdict
from matrix.tables import PLATFORMS, TABLES, is_current, page, symbol, what_counts

AXES = read_axes(
    {
        "axes": {
            "platform": {"default": ["heroku"]},
            "layout": {"default": ["flat", "nested"]},
            "package_manager": {"default": ["pip"]},
            "django": {"default": ["5.2"]},
            "python": {"default": ["3.12"]},
        }
    },
)
BOTH = (result(FLAT), result(NESTED))
SEEN = "2006-11-22, Linux, *emulated*"
EARLIER = (
    Verdict(when="2006-11-20T10:00:00Z", commit="aaa", status="pass"),
    Verdict(when="2006-11-21T10:00:00Z", commit="bbb", status="pass"),
)


def field(title, heading, *results, platform="heroku"):
    (table,) = [table for table in TABLES if table.title == title]
    (column,) = [column for column in table.columns if column.heading == heading]
    return symbol(what_counts(AXES, results), platform, column, table.rule)


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


def test_every_package_manager_and_layout_has_its_column():
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


def test_one_failed_stage_takes_full_away():
    assert (
        field("Package managers", "Bare requirements.txt", result(FLAT), result(NESTED, failed="rerun")) == f"◐ {SEEN}"
    )
    assert field("Project structure", "Nested", result(FLAT), result(NESTED, failed="rerun")) == f"◐ {SEEN}"
    assert field("Project structure", "Non-nested", result(FLAT), result(NESTED, failed="rerun")) == f"● {SEEN}"


def test_a_missing_everyday_cell_takes_full_away():
    assert field("Operating systems", "Linux", result(FLAT)) == f"◐ {SEEN}"


def test_nothing_that_passes_configuration_is_not_yet_implemented():
    broken = (result(FLAT, failed="configure"), result(NESTED, failed="generate"))
    assert field("Operating systems", "Linux", *broken) == f"○ {SEEN}"


def test_a_result_without_some_stage_is_not_full():
    short = result(FLAT).stages[:-1]
    assert field("Project structure", "Non-nested", result(FLAT, stages=short)) == f"◐ {SEEN}"


def test_a_failure_on_another_system_counts_against_the_package_manager_but_not_against_this_system():
    everything = (*BOTH, result(FLAT, system="macOS", failed="use", when="2006-11-23T10:00:00Z"))
    assert field("Package managers", "Bare requirements.txt", *everything).startswith("◐ 2006-11-23, Linux, macOS")
    assert field("Operating systems", "Linux", *everything) == f"● {SEEN}"


def test_the_kind_of_evidence_is_said():
    assert field("Operating systems", "Linux", *BOTH, result(FLAT, evidence="live")).endswith("*emulated and live*")


def test_a_symbol_says_where_the_app_had_no_walls_and_only_the_strongest_isolation_counts():
    bare = [result(cell, isolation="folder", when="2006-11-23T10:00:00Z") for cell in (FLAT, NESTED)]
    without = "● 2006-11-23, Linux, *emulated without walls*"
    assert field("Operating systems", "Linux", *bare) == without
    assert field("Operating systems", "Linux", *BOTH, *bare) == f"● {SEEN}"
    broken = [result(cell, failed="use") for cell in (FLAT, NESTED)]
    assert field("Operating systems", "Linux", *broken, *bare) == f"◐ {SEEN}"
    assert field("Operating systems", "Linux", BOTH[0], bare[1]).endswith("*emulated and emulated without walls*")
    assert page(AXES, [*BOTH, *bare]).count(", folder |") == 2


def test_a_cell_that_left_the_axes_counts_for_nothing():
    gone = result(replace(FLAT, django="1.11"))
    assert field("Operating systems", "Linux", gone) == "not verified"


def test_the_summary_is_full_only_where_a_stage_checks_the_page():
    assert field("Friendly summary", "Friendly summary", *BOTH) == f"● {SEEN}"
    unchecked = [replace(cell, stages=tuple(s for s in cell.stages if s.name != "summary")) for cell in BOTH]
    assert field("Friendly summary", "Friendly summary", *unchecked) == f"◐ {SEEN}"
    unreadable = (result(FLAT), result(NESTED, failed="redeploy"))
    assert field("Friendly summary", "Friendly summary", *unreadable) == f"○ {SEEN}"


def test_stability_needs_several_commits_and_systems_and_no_failure():
    assert field("Stability", "Stability", *BOTH) == f"◐ {SEEN}"
    linux = [result(cell, history=EARLIER) for cell in (FLAT, NESTED)]
    windows = [result(cell, system="Windows") for cell in (FLAT, NESTED)]
    assert field("Stability", "Stability", *linux).startswith("◐")
    assert field("Stability", "Stability", *linux, *windows).startswith("● 2006-11-22, Linux, Windows")
    failed = Verdict(when="2006-11-19T10:00:00Z", commit="999", status="fail")
    flaky = [result(cell, history=(*EARLIER, failed)) for cell in (FLAT, NESTED)]
    assert field("Stability", "Stability", *flaky, *windows).startswith("◐")
    assert field("Stability", "Stability", result(FLAT, failed="use"), result(NESTED)).startswith("○")


def test_the_page_has_five_tables_with_every_platform_and_depends_on_nothing_else():
    text = page(AXES, BOTH)
    assert [line for line in text.splitlines() if line.startswith("## ")][:5] == [f"## {t.title}" for t in TABLES]
    assert all(text.count(f"\n| {name} |") == 5 for name in PLATFORMS.values())
    assert page(AXES, reversed(BOTH)) == text


def test_a_typed_over_page_is_not_current(tmp_path):
    text, path = page(AXES, BOTH), tmp_path / "page.md"
    assert not is_current(path, text)
    path.write_text(text, encoding="utf-8", newline="\n")
    assert is_current(path, text)
    path.write_text(text.replace("◐", "●"), encoding="utf-8", newline="\n")
    assert not is_current(path, text)
