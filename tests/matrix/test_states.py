"""The state of a platform, as the support page shows it."""

from __future__ import annotations

from datetime import date, timedelta

from matrix.record.facts import every_fact
from matrix.record.states import rows, state
from matrix.record.tables import PLATFORMS
from simple_deploy.contract.facts import Fact

DAY = date(2006, 3, 1)
PRICE = Fact(value="$5", looked_up=DAY, source="https://example.com/prices")


def test_a_platform_with_recent_facts_is_active() -> None:
    assert state({"price": PRICE}, DAY + timedelta(days=365)) == ("active", "")
    assert state({"price": PRICE}, DAY + timedelta(days=366)) == (
        "at risk",
        "not looked up for more than a year: price",
    )


def test_a_declared_state_comes_with_its_reason_date_and_source() -> None:
    declared = Fact(value="at risk: closed to new customers", looked_up=DAY, source="https://example.com")
    assert state({"state": declared, "price": PRICE}, DAY) == (
        "at risk",
        "closed to new customers (2006-03-01, <https://example.com>)",
    )


def test_every_platform_has_a_row() -> None:
    shown = rows(PLATFORMS, f"{max(fact.looked_up for _, _, fact in every_fact())}")
    assert [row[0] for row in shown] == list(PLATFORMS.values())
    assert [row[1] for row in shown if row[0] == "Platform.sh"] == ["at risk"]
