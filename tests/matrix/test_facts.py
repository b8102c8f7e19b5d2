"""Facts about platforms: each has a date and a source, and one older than a year is found."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from matrix.__main__ import main
from matrix.record.facts import every_fact, is_old
from simple_deploy.contract.facts import Fact

FACTS = list(every_fact())
NEWEST = max(fact.looked_up for _, _, fact in FACTS)
OLDEST = min(fact.looked_up for _, _, fact in FACTS)


@pytest.mark.parametrize(("path", "name", "fact"), FACTS)
def test_a_fact_has_a_value_a_plausible_date_and_a_source(path: str, name: str, fact: Fact) -> None:
    assert fact.value
    assert fact.source.strip()
    assert date(2006, 1, 1) < fact.looked_up


def test_every_platform_has_facts() -> None:
    assert {path.split("/")[2] for path, _, _ in FACTS} >= {"heroku", "fly_io", "_upsun", "upsun", "platform_sh"}


def test_a_fact_older_than_a_year_fails_the_check(capsys: pytest.CaptureFixture[str]) -> None:
    a_year_after = OLDEST + timedelta(days=365)
    assert main(["facts", "--check", "--today", str(a_year_after)]) == 0
    assert main(["facts", "--check", "--today", str(a_year_after + timedelta(days=1))]) == 1
    assert main(["facts", "--today", str(a_year_after + timedelta(days=1))]) == 0, "without --check it only lists"
    said = capsys.readouterr().out
    assert "<- look it up again" in said
    assert "of these are older than a year: look them up, and change value and date in the file." in said


def test_the_listing_names_value_date_and_source_of_every_fact(capsys: pytest.CaptureFixture[str]) -> None:
    main(["facts", "--today", str(NEWEST)])
    said = capsys.readouterr().out
    for path, name, fact in FACTS:
        assert f"{fact.looked_up}  {path}: {name}" in said
        assert fact.source in said
    assert said.index(f"{OLDEST}") < said.index(f"{NEWEST}")


def test_age_depends_only_on_the_clock() -> None:
    fact = Fact(value="x", looked_up=date(2006, 3, 1), source="x")
    assert [is_old(fact, date(2007, 3, day)) for day in (1, 2)] == [False, True]


def test_only_a_version_above_all_known_ones_is_newer() -> None:
    fact = Fact(value=["3.9", "3.14"], looked_up=date(2006, 3, 1), source="x")
    assert [fact.lacks_newer(version) for version in ("3.10", "3.14", "3.15", "4.0", "pypy3.15", "")] == [
        False,
        False,
        True,
        True,
        False,
        False,
    ]
