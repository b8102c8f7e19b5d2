"""The public API is unchanged, unless the changelog has the change."""

from __future__ import annotations

import json

import pytest
from public_api import KEPT, ROOT, changes, current, told


def test_the_public_api_matches_the_record() -> None:
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    differing = changes(kept["api"], json.loads(json.dumps(current())))
    assert differing == [], 'run: python tests/simple_deploy/public_api.py "TEXT OF THE CHANGELOG LINE"'
    assert told(kept["changelog"], (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("options", {"--new": True}),
        ("exit statuses", {"refused": 3}),
        ("schemas", {"plan.schema.json": {}}),
        ("contract version", "9.0"),
        ("contract names", ["other"]),
        ("problem codes", ["other"]),
    ],
)
def test_a_change_is_found(part: str, change: object) -> None:
    now = json.loads(json.dumps(current()))
    assert changes(now, now) == []
    before = now[part]
    assert changes(now, {**now, part: {**before, **change} if isinstance(before, dict) else change}) == [part]  # type: ignore[dict-item]


def test_a_change_without_a_changelog_line_is_found() -> None:
    assert told("a line", "- a\n  line, broken")
    assert not told("another line", "- a\n  line")
    assert not told(" ", "- a line")
