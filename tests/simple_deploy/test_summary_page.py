"""The summary page in a real browser: Chromium, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Page as Tab
from test_summary import NOW

from simple_deploy import platforms
from simple_deploy.model import Cost, FileChange, Outcome, Plan, Step
from simple_deploy.summary import html
from simple_deploy.summary.content import compose

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium or Chrome on PATH")

PHONE = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 900}

# The contrast of every text to the first background below it (WCAG 2.2, 1.4.3): those that are too low.
LOW_CONTRAST = """() => {
  const parse = colour => colour.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => [r, g, b]
    .map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let texts = 0;
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
    texts += 1;
    const style = getComputedStyle(element);
    const [a, b] = [luminance(parse(style.color)), luminance(behind(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) found.push(`${ratio.toFixed(2)}: ${walker.currentNode.data.trim().slice(0, 40)}`);
  }
  return {texts, found};
}"""
OVERFLOWS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
FOCUSED = """() => {
  const e = document.activeElement, style = getComputedStyle(e);
  return {name: e.getAttribute('aria-label') || e.textContent.trim(), tag: e.tagName,
          outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2};
}"""


def deployment() -> Outcome:
    """A deployment with everything that can be on a page: long lines, removed ones, notes, costs."""
    before = b"OLD = 1\nSECRET_KEY = 'x'\n"
    after = b"import os\n" + b"NEW = [" + b"'a long line', " * 30 + b"]\n"
    changes = (
        FileChange(path="Procfile", before=None, after=b"web: gunicorn blog.wsgi\n", why="how the site starts"),
        FileChange(path=f"{'a-long-folder/' * 9}settings.py", before=before, after=after, why="settings"),
    )
    step = Step(
        id="database",
        title="Create a database",
        why="to keep things",
        argv=("true",),
        creates="a database",
        cost=Cost(cents=500, text="at most $5 a month"),
    )
    plan = Plan(
        platform="heroku",
        platform_name="Heroku",
        placeholders={"app": "my-blog-with-a-long-name-12ab", "git_remote": "heroku", "manage_py": "manage.py"},
        changes=changes,
        steps=(step,),
        notes=("a note with an address: https://devcenter.heroku.com/articles/s3.",),
    )
    url = "https://my-blog-with-a-long-name-12ab-0123456789ab.herokuapp.com/"
    return Outcome(status="deployed", plan=plan, done=("database",), url=url)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(html.render(compose(deployment(), platforms.load("heroku"), NOW)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # libfaketime, which `nox -s other_days` preloads, makes Chromium hang. The page does not depend on the date.
    environment: Any = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, env=environment)
        yield chromium
        chromium.close()


@pytest.fixture
def tab(browser: Browser, file: Path) -> Iterator[Tab]:
    with browser.new_page(viewport=DESK) as page:  # type: ignore[arg-type]
        page.goto(file.as_uri())
        yield page


def test_the_page_is_self_contained(browser: Browser, file: Path) -> None:
    with browser.new_page() as page:
        asked: list[str] = []
        said: list[Any] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.goto(file.as_uri())
        assert asked == [file.as_uri()]
        assert said == []
        assert page.evaluate("document.scripts.length") == 0
        assert page.evaluate("document.compatMode") == "CSS1Compat"


def test_landmarks_and_headings(tab: Tab) -> None:
    for role in ("banner", "navigation", "main", "contentinfo"):
        assert tab.get_by_role(role).count() == 1, role  # type: ignore[arg-type]
    assert tab.locator("html").get_attribute("lang") == "en"
    levels = tab.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => Number(h.tagName[1]))")
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert tab.evaluate("[...document.querySelectorAll('nav a')].every(a => document.querySelector(a.hash))")
    identities = tab.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(set(identities)) == len(identities)


@pytest.mark.parametrize(("scheme", "pale"), [("light", "#909090"), ("dark", "#555555")])
def test_contrast(tab: Tab, scheme: Any, pale: str) -> None:
    tab.emulate_media(color_scheme=scheme)
    dark = tab.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    assert dark == (scheme == "dark")
    seen = tab.evaluate(LOW_CONTRAST)
    assert seen["texts"] > 100
    assert seen["found"] == []
    # The same measurement finds a colour that is too pale.
    tab.evaluate(f"document.querySelector('footer p').style.color = '{pale}'")
    assert len(tab.evaluate(LOW_CONTRAST)["found"]) == 1


def test_a_phone_shows_it_without_scrolling_sideways(tab: Tab) -> None:
    tab.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert not tab.evaluate(OVERFLOWS)
    assert tab.evaluate("[...document.querySelectorAll('pre.diff')].some(e => e.scrollWidth > e.clientWidth)")
    # The same measurement finds an element that is too wide.
    tab.evaluate("document.querySelector('pre').style.overflow = 'visible'")
    tab.evaluate("document.querySelector('pre').style.width = '50rem'")
    assert tab.evaluate(OVERFLOWS)


def test_text_can_be_enlarged_to_200_percent(tab: Tab) -> None:
    tab.add_style_tag(content="html { font-size: 200% }")
    tab.set_viewport_size({"width": 640, "height": 900})
    assert not tab.evaluate(OVERFLOWS)


def test_print_shows_every_line_in_full(tab: Tab) -> None:
    tab.emulate_media(media="print")
    tab.set_viewport_size({"width": 700, "height": 900})
    assert not tab.get_by_role("navigation").is_visible()
    assert not tab.evaluate(OVERFLOWS)
    assert tab.evaluate("[...document.querySelectorAll('pre')].every(e => e.scrollWidth <= e.clientWidth)")
    assert tab.evaluate(LOW_CONTRAST)["found"] == []
    assert tab.pdf().startswith(b"%PDF")


def test_everything_can_be_reached_by_keyboard_with_visible_focus(tab: Tab) -> None:
    links = tab.locator("a").count()
    regions = tab.get_by_role("region").and_(tab.locator("pre")).count()
    assert regions == tab.locator("pre").count() > 8
    reached = []
    for _ in range(links + regions):
        tab.keyboard.press("Tab")
        reached.append(tab.evaluate(FOCUSED))
    assert reached[0]["name"] == "Skip to the content"
    assert [stop["name"] for stop in reached if not stop["outline"]] == []
    assert sum(stop["tag"] == "A" for stop in reached) == links
    assert sum(stop["tag"] == "PRE" and bool(stop["name"]) for stop in reached) == regions


def test_the_skip_link_works(tab: Tab) -> None:
    tab.keyboard.press("Tab")
    assert tab.get_by_text("Skip to the content").bounding_box()["x"] >= 0  # type: ignore[index]
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "content"
