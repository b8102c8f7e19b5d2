"""The versions of the documentation."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "docs"))

import versions


def test_releases_are_ordered_by_number_and_other_tags_are_left_out() -> None:
    assert versions.releases(["v0.9.0", "v0.10.1", "v1.0.0rc1", "matrix-1", "v0.10.0"]) == ["0.10.1", "0.10.0", "0.9.0"]


def test_the_newest_release_is_the_latest() -> None:
    shown = versions.menu(["1.1.0", "1.0.0"])
    assert [(one["version"], one["aliases"]) for one in shown] == [("dev", []), ("1.1.0", ["latest"]), ("1.0.0", [])]
    assert [one["version"] for one in versions.menu([])] == ["dev"]
