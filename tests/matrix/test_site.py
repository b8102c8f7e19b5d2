import json
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from results_samples import AXES, FLAT, NESTED, PUBLISHED, result

from matrix import __main__ as command
from matrix import site
from matrix.record import logs
from matrix.record.results import StageResult, Verdict, half_name, save
from matrix.record.tables import PLATFORMS, what_counts
from matrix.site.badges import Standing, standing

FAILED_BEFORE = Verdict(when="2006-11-22T09:00:00Z", commit="0123456789ab", status="fail", fingerprint="f" * 64)
FLAKY = result(NESTED, history=(FAILED_BEFORE,))
BROKEN = replace(
    result(NESTED, failed="use"),
    stages=(
        *result(NESTED).stages[:4],
        StageResult(name="use", status="fail", seconds=2.0, reason="<b>Server Error</b> & more\nline 2"),
    ),
)


class Links(HTMLParser):
    """The links of a page, and whether its tags are closed."""

    VOID = frozenset({"meta", "link", "img", "br"})

    def __init__(self, text):
        super().__init__()
        self.found, self.open = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if name in ("href", "src")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def written(tmp_path, *results, folders=()):
    out = tmp_path / "out"
    site.write(out, AXES, what_counts(AXES, results, PUBLISHED), logs.find(folders))
    return out


def text(path):
    return path.read_text(encoding="utf-8")


def test_every_cell_has_a_page_and_every_link_leads_to_a_file(tmp_path):
    seen = tmp_path / "results"
    save(BROKEN, seen)
    (seen / f"{NESTED.id}.bubblewrap.log").write_text("$ git push", encoding="utf-8")
    (seen / f"{NESTED.id}.bubblewrap" / "platform").mkdir(parents=True)
    (seen / f"{NESTED.id}.bubblewrap" / "platform" / "build.log").write_text("no", encoding="utf-8")
    out = written(tmp_path, result(FLAT), BROKEN, folders=[seen])
    pages = sorted(out.rglob("*.html"))
    assert [page.name for page in pages] == [f"{one.name}.html" for one in (result(FLAT), BROKEN)] + ["index.html"]
    for page in pages:
        links = Links(text(page))
        assert links.open == []
        assert all((page.parent / address).is_file() for address in links.found), (page, links.found)
    assert len(list((out / "logs").rglob("*.txt"))) == 2


def test_a_cell_page_has_stages_reason_history_and_the_command_to_repeat_it(tmp_path):
    page = text(written(tmp_path, BROKEN) / "cells" / f"{BROKEN.name}.html")
    assert "&lt;b&gt;Server Error&lt;/b&gt; &amp; more\nline 2" in page
    assert "git checkout 0123456789ab\n" in page
    assert "noxfile.py -s integration -- --platform heroku --layout nested" in page
    assert all(f"<td>{stage.name}</td>" in page for stage in BROKEN.stages)
    assert "No log was published" in page


def test_the_log_of_another_run_is_not_published(tmp_path):
    seen = tmp_path / "results"
    save(replace(BROKEN, when="2006-11-24T10:00:00Z"), seen)
    (seen / f"{NESTED.id}.bubblewrap.log").write_text("another", encoding="utf-8")
    assert not list((written(tmp_path, BROKEN, folders=[seen]) / "logs").rglob("*.txt"))


@pytest.mark.long
def test_a_record_keeps_the_logs_of_the_results_that_it_has_until_others_replace_them(tmp_path):
    record, first, second, third = (tmp_path / name for name in ("record", "first", "second", "third"))
    merge = ("merge", "--into", str(record), "--with-logs")
    save(BROKEN, first)
    (first / f"{NESTED.id}.bubblewrap.log").write_text("first", encoding="utf-8")
    (first / f"{NESTED.id}.bubblewrap").mkdir()
    (first / f"{NESTED.id}.bubblewrap" / "page.txt").write_text("evidence", encoding="utf-8")
    save(result(FLAT), second)

    def seen(*folders):
        assert command.main([*merge, *map(str, folders)]) == 0
        assert command.main(["publish", str(tmp_path / "out"), "--record", str(record)]) == 0
        return [text(path) for path in sorted((tmp_path / "out" / "logs").rglob("*.txt"))]

    assert seen(first) == ["first", "evidence"]
    assert seen(second) == ["first", "evidence"]
    save(result(NESTED, when="2006-11-24T10:00:00Z"), third)
    assert seen(third) == []
    assert not list((record / "logs").rglob("*.txt"))
    (third / f"{NESTED.id}.bubblewrap.log").write_text("third", encoding="utf-8")
    assert seen(third) == ["third"]
    # A later merge of what is older changes nothing.
    assert seen(first) == ["third"]


def test_a_cell_in_halves_has_the_logs_of_both_and_of_no_other_system(tmp_path):
    halves = {"isolation": "folder", "conditions": "plain", "finished_on": "Linux"}
    systems = ("Windows", "Linux")
    for system in systems:
        save(result(NESTED, system=system, **halves), tmp_path / "new" / "finish")
        first = tmp_path / "new" / f"halves-{system}"
        first.mkdir()
        name = half_name(NESTED, system, "plain")
        for log in (first / f"{name}.log", first.parent / "finish" / f"{name}.hand-off.finished.log"):
            log.write_text(system, encoding="utf-8")
    both = [result(NESTED, system=system, **halves) for system in systems]
    out = written(tmp_path, *both, folders=[tmp_path / "new"])
    for one in both:
        published = list((out / "logs" / one.name).iterdir())
        assert [text(log) for log in published] == [one.system] * 2


def test_a_flaky_cell_is_published_as_flaky(tmp_path):
    out = written(tmp_path, result(FLAT), FLAKY)
    assert "<b>pass, flaky</b>" in text(out / "cells" / f"{FLAKY.name}.html")
    assert "<td class=flaky>pass, flaky</td>" in text(out / "index.html")
    assert "1 of 2 cells, 1 flaky" in text(out / "badges" / "heroku.svg")
    document = json.loads(text(out / "results.json"))
    assert [one["flaky"] for one in document["results"]] == [False, True]
    assert document["platforms"]["heroku"] == {"cells": 2, "passing": 1, "flaky": 1, "stale": 0}


@pytest.mark.parametrize(
    ("results", "expected", "colour"),
    [
        ([result(FLAT), result(NESTED)], "2 of 2 cells", "#1a7f37"),
        ([result(FLAT), BROKEN], "1 of 2 cells", "#9a6700"),
        ([result(FLAT, sources="x"), BROKEN], "0 of 2 cells, 1 stale", "#6e7781"),
        ([], "0 of 2 cells", "#6e7781"),
    ],
)
def test_a_badge_is_green_only_if_every_everyday_cell_passes_as_published(results, expected, colour):
    shown = standing(what_counts(AXES, results, PUBLISHED), "heroku")
    assert (shown.text, shown.colour) == (expected, colour)
    assert Standing(cells=0, passing=0, flaky=0).colour == "#6e7781"


def test_badges_are_svg_images_with_alternative_text(tmp_path):
    out = written(tmp_path, result(FLAT))
    for platform, name in PLATFORMS.items():
        image = ElementTree.parse(out / "badges" / f"{platform}.svg").getroot()
        assert image.get("aria-label", "").startswith(f"{name}: ")


@pytest.mark.long
def test_publish_overwrites_a_site_but_no_other_folder(tmp_path, capsys):
    record, out = tmp_path / "record", tmp_path / "out"
    save(result(FLAT), record)
    for _ in range(2):
        assert command.main(["publish", str(out), "--record", str(record)]) == 0
    assert (out / "index.html").is_file()
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").touch()
    assert command.main(["publish", str(mine), "--record", str(record)]) == 2
    assert "has files that are not of a published site" in capsys.readouterr().err
    assert (mine / "thesis.txt").exists()
