"""The links of all pages lead to files, as the repository's host shows them, and to headings in them."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "docs"))

import hooks  # noqa: E402

FOLDERS = ("docs", "simple_deploy/platforms", ".github", "plugins")
PAGES = [*ROOT.glob("*.md"), *(page for folder in FOLDERS for page in (ROOT / folder).glob("**/*.md"))]
LINK = re.compile(r"(?<!`)\]\((?![a-z]+:)([^)\s]+)\)")


def without_code(text: str) -> str:
    return re.sub(r"^(```|~~~).*?^\1|`[^`\n]*`", "", text, flags=re.DOTALL | re.MULTILINE)


def anchors(text: str) -> set[str]:
    """The anchors of headings: explicit ones, and those generated from the text."""
    headings = re.findall(r"^#+ (.+?)(?: +\{ *#([\w-]+) *\})?$", without_fences(text), re.MULTILINE)
    return {given or slug(words) for words, given in headings}


def without_fences(text: str) -> str:
    return re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)


def slug(words: str) -> str:
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", words).replace("`", "").lower()
    return re.sub(r"[\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip())


def broken(page: Path) -> list[str]:
    """The broken links of a page."""
    found = []
    for link in LINK.findall(without_code(page.read_text(encoding="utf-8"))):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        known = anchors(target.read_text(encoding="utf-8")) if target.suffix == ".md" and target.exists() else {anchor}
        if not target.exists() or (anchor and anchor not in known):
            found.append(link)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    assert broken(page) == []


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# A `b` c\n[1](page.md#a-b-c) [2](#no) [3](none.md) `[4](code)` [5](https://a.b)\n", encoding="utf-8"
    )
    assert broken(page) == ["#no", "none.md"]


def test_links_between_files_become_links_between_pages() -> None:
    said = "[a](../simple_deploy/platforms/heroku/README.md#cost) [b](how_to.md) [c](../CHANGELOG.md) [d](https://a.b)"
    assert hooks.for_site(said, "index.md") == (
        "[a](platforms/heroku.md#cost) [b](how_to.md) [c](changelog.md) [d](https://a.b)"
    )
    said = "[a](../upsun/README.md) [b](../../../docs/reference/undo.md)"
    assert hooks.for_site(said, "platforms/platform_sh.md") == "[a](upsun.md) [b](../reference/undo.md)"
    assert hooks.for_site("[a](docs/stability.md)", "changelog.md") == "[a](stability.md)"


def test_no_page_has_a_placeholder_for_an_address() -> None:
    assert [page.name for page in PAGES if "THIS-REPOSITORY" in page.read_text(encoding="utf-8")] == []


def test_the_summary_for_programs_has_every_option_exit_status_and_message() -> None:
    api = json.loads((ROOT / "tests" / "simple_deploy" / "public_api.json").read_text(encoding="utf-8"))["api"]
    pages = (ROOT / "docs" / "reference" / name for name in ("simple_deploy.md", "messages.md"))
    text = hooks.llms(*(page.read_text(encoding="utf-8") for page in pages), ["tutorial/"])
    options = {name for names in api["options"] for name in names.split("|") if name.startswith("--")}
    assert [name for name in sorted(options) if f"`{name}" not in text] == []
    assert [status for status in {*api["exit statuses"].values(), 0} if f"- {status}: " not in text] == []
    assert [code for code in api["problem codes"] if code not in text] == []
    assert "- tutorial/\n" in text
