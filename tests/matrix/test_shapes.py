"""Small projects with one difficulty each: their definition, their creation, and the page about them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from matrix.engine.run import StageFailed
from matrix.record.results import StageResult
from matrix.shapes import GROUPS, PLATFORMS, Outcome, Shape, load, making, page, record
from matrix.shapes.record import ShapeResult

SERVED = ShapeResult(status="pass", what="served", message="", reason="", when="2006-01-02T03:04:05Z", commit="abc")
REFUSED = ShapeResult(
    status="pass",
    what="refused",
    message="Nothing was changed. Fix this problem first:\n\n1. No file.\n   -> Write one.",
    reason="",
    when="2006-01-02T03:04:05Z",
    commit="abc",
)


def test_every_shape_in_the_library_has_an_expected_outcome() -> None:
    shapes = load()
    assert len({shape.title for shape in shapes}) == len(shapes) >= 30
    assert all(set(shape.outcomes) == set(PLATFORMS) for shape in shapes)
    assert any(outcome.refused for shape in shapes for outcome in shape.outcomes.values())


def without_shapes(shapes: Iterable[Shape]) -> list[str]:
    return sorted(set(GROUPS) - {shape.group for shape in shapes})


def test_every_group_has_a_shape() -> None:
    shapes = load()
    assert without_shapes(shapes) == []
    assert without_shapes(shape for shape in shapes if shape.group != "Python") == ["Python"]


def test_every_shape_can_be_written(tmp_path: Path) -> None:
    for shape in load():
        making.write(shape, tmp_path / shape.name, home=tmp_path)
        assert (tmp_path / shape.name / shape.folder / "manage.py").is_file()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('group = "Python"\ntitle = "t"\nfile = "x"\n', "unexpected keyword argument 'file'"),
        ('group = "Python"\n', "title"),
        ('group = "Pythons"\ntitle = "t"\n', "no group: Pythons"),
        ('group = "Python"\ntitle = "t"\n[outcome.nowhere]\nrefused = "x"\n', "no platform: nowhere"),
    ],
)
def test_an_invalid_shape_file_is_an_error(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "odd.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=reason):
        load(tmp_path)


def test_a_shape_that_removes_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StageFailed, match="which is not there"):
        making.write(Shape(name="odd", group="g", title="t", removed=("absent.txt",)), tmp_path / "site", home=tmp_path)


def test_a_platform_outcome_overrides_the_general_one(tmp_path: Path) -> None:
    text = 'group = "Python"\ntitle = "t"\n[outcome.all]\nsays = "a"\n[outcome.heroku]\nrefused = ["b", "c"]\n'
    (tmp_path / "one.toml").write_text(text, encoding="utf-8")
    [shape] = load(tmp_path)
    assert shape.outcomes["heroku"] == Outcome(refused=("b", "c"))
    assert shape.outcomes["upsun"] == Outcome(says=("a",))
    assert [shape.outcomes[name].served for name in ("heroku", "upsun")] == [False, True]


def test_the_page_shows_seen_and_missing_outcomes() -> None:
    shape = Shape(name="one", group="Requirements", title="one file")
    failed = ShapeResult(**{**vars(SERVED), "status": "fail"})
    text = page.page([shape], {"one": {"heroku": SERVED, "fly_io": REFUSED, "upsun": failed}})
    assert "| one file | served | refused | not tried | **fails** |" in text
    assert "*one file* (Fly.io):\n\n```text\n1. No file.\n   -> Write one.\n```" in text


def test_a_message_is_shown_once_for_the_platforms_that_differ_by_their_name_only() -> None:
    shape = Shape(name="one", group="Requirements", title="one file")
    messages = {"heroku": "1. Heroku lacks it.", "fly_io": "1. Fly.io lacks it.", "upsun": "1. Write it for Upsun."}
    seen = {name: ShapeResult(**{**vars(REFUSED), "message": f"Fix:\n\n{text}"}) for name, text in messages.items()}
    text = page.page([shape], {"one": seen})
    assert "*one file* (Heroku, Fly.io):\n\n```text\n1. PLATFORM lacks it.\n```" in text
    assert "*one file* (Upsun):\n\n```text\n1. Write it for Upsun.\n```" in text
    assert "Fly.io lacks" not in text


def test_outcomes_of_other_platforms_are_kept(tmp_path: Path) -> None:
    record.save("one", {"heroku": SERVED}, tmp_path)
    record.save("one", {"fly_io": REFUSED}, tmp_path)
    assert record.load("one", tmp_path) == {"heroku": SERVED, "fly_io": REFUSED}
    assert record.load("two", tmp_path) == {}


def test_a_failure_of_the_machine_is_no_outcome_and_replaces_none(tmp_path: Path) -> None:
    why = "Debian's packages cannot be installed in an image on this machine: only root can install them"
    passed, failed, broken = (
        StageResult(name="deploy", status=status, seconds=1, reason=reason)
        for status, reason in (("pass", ""), ("fail", why), ("fail", "E: Unable to locate package x"))
    )
    assert [record.status(stages) for stages in ([passed], [failed], [broken])] == ["pass", "skip", "fail"]
    skipped = ShapeResult(**{**vars(SERVED), "status": "skip"})
    record.save("one", {"heroku": SERVED}, tmp_path)
    record.save("one", {"heroku": skipped, "fly_io": skipped}, tmp_path)
    assert record.load("one", tmp_path) == {"heroku": SERVED, "fly_io": skipped}


def test_the_page_in_the_docs_is_current_and_a_changed_one_is_not(tmp_path: Path) -> None:
    shapes = load()
    text = page.page(shapes, {shape.name: record.load(shape.name) for shape in shapes})
    assert page.is_current(text)
    assert not page.is_current(text + "more")
    assert not page.is_current(text, tmp_path / "absent.md")


def test_an_unknown_shape_is_a_usage_error() -> None:
    argv = [sys.executable, "-m", "matrix.shapes", "no-such-shape"]
    ended = subprocess.run(argv, capture_output=True, encoding="utf-8", check=False)
    assert ended.returncode == 2
    assert "There is no such shape. Known: " in ended.stdout


@pytest.mark.long
def test_an_unexpected_outcome_fails() -> None:
    from matrix.shapes.proving import prove

    shape = Shape(name="control", group="g", title="t", outcomes={"heroku": Outcome(refused=("no-commit",))})
    seen = prove(shape, "heroku", deploys=False, say=print)
    assert seen.status == "fail"
    assert "refused with nothing, must be ('no-commit',)" in seen.reason
    silent = Shape(name="control", group="g", title="t", outcomes={"heroku": Outcome(says=("no such words",))})
    assert "It does not say: ['no such words']" in prove(silent, "heroku", deploys=False, say=print).reason
