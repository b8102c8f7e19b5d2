"""Pages next to the code that are also shown on the site, and a summary for programs (llms.txt)."""

from __future__ import annotations

import re
from pathlib import Path
from posixpath import dirname, join, normpath, relpath
from typing import TYPE_CHECKING

from simple_deploy.platforms import folder, usable

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parent.parent
INTRODUCTION = """\
# simple-deploy

> One command configures a Django project for production on a hosting platform, or configures and deploys it.
> `python -m simple_deploy --platform NAME --dry-run --json` prints the plan and changes nothing.
> `python -m simple_deploy status --json` shows what was deployed; `logs` follows its log, `open` prints its address.
"""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """List the page of each platform in the navigation."""
    for section in config.nav or ():
        if "Platforms" in section:
            section["Platforms"] = [*({name: page} for name, page, _ in platform_pages()), *section["Platforms"]]
    return config


def platform_pages() -> list[tuple[str, str, Path]]:
    """The platforms with a page in their folder: name, address of the page, and file."""
    pages = [(one.name, f"platforms/{one.id}.md", folder(one.id) / "README.md") for one in usable()]
    return [page for page in pages if page[2].is_file()]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the page of each platform, the changelog, and llms.txt."""
    from mkdocs.structure.files import File

    pages = {target: page for _, target, page in platform_pages()}
    for target, source in pages.items():
        files.append(File.generated(config, target, abs_src_path=str(source)))
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    files.append(File.generated(config, "changelog.md", content=changelog))
    reference = ROOT / "docs" / "reference"
    options, messages = ((reference / name).read_text(encoding="utf-8") for name in ("simple_deploy.md", "messages.md"))
    links = [file.url for file in files.documentation_pages()]
    files.append(File.generated(config, "llms.txt", content=llms(options, messages, sorted(links))))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turn links between files of the repository, as its host shows them, into links between pages of the site."""
    return for_site(markdown, page.file.src_uri)


def for_site(markdown: str, address: str) -> str:
    """The text of the page at that address with links adjusted for the site."""
    pages = {target: source.relative_to(ROOT).as_posix() for _, target, source in platform_pages()}
    pages["changelog.md"] = "CHANGELOG.md"
    addresses = {source: target for target, source in pages.items()}
    folder, here = dirname(pages.get(address, f"docs/{address}")), dirname(address)

    def linked(match: re.Match[str]) -> str:
        path, mark, anchor = match[1].partition("#")
        source = normpath(join(folder, path))
        target = addresses.get(source, source.removeprefix("docs/"))
        return f"]({relpath(target, here or '.')}{mark}{anchor})"

    return re.sub(r"\]\((?![a-z]+:|#|/)([^)\s]+)\)", linked, markdown)


def llms(options: str, messages: str, links: list[str]) -> str:
    """Options, exit statuses and messages in one file, from the pages of the reference, with links to all pages."""
    rows = re.findall(r"^\| `(--[^`]+)`[^|]*\| (.+) \|$", options, re.MULTILINE)
    statuses = re.findall(r"^\| (\d+) \| (.+) \|$", options, re.MULTILINE)
    return "\n".join(
        [
            *(INTRODUCTION, "## Options", "", *(f"- `{name}`: {_plain(text)}" for name, text in rows)),
            *("", "## Exit statuses", "", *(f"- {number}: {_plain(text)}" for number, text in statuses)),
            *("", "## Messages", "", _body(messages), "## Pages", "", *(f"- {link or 'index.html'}" for link in links)),
            "",
        ]
    )


def _plain(text: str) -> str:
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", re.sub(r" \[More\]\S*", "", text))


def _body(page: str) -> str:
    """A page without its title and comments, its headings one level deeper."""
    text = re.sub(r"<!--.*?-->\n*", "", page, flags=re.DOTALL).partition("\n")[2]
    return re.sub(r"^(#+) ", r"#\1 ", text, flags=re.MULTILINE).strip() + "\n"
