"""Page → one self-contained HTML file: no script, no font, no addresses except links for people."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path
from string import Template

from ..contract import Link
from .page import Block, Commands, Diff, Items, Links, Page, Section, Text, spans

_TEMPLATE = Path(__file__).with_name("page.html")


def render(page: Page) -> str:
    """The whole file."""
    links = "\n".join(f'<li><a href="#{s.id}">{_inline(s.title)}</a></li>' for s in page.sections)
    sections = "\n".join(line for section in page.sections for line in _section(section, level=2))
    template = Template(_TEMPLATE.read_text(encoding="utf-8"))
    return template.substitute(
        title=escape(page.title), heading=_inline(page.title), lead=_inline(page.lead), links=links, sections=sections
    )


def _section(section: Section, level: int) -> Iterator[str]:
    heading = f"{section.id}-heading"
    yield f'<section id="{section.id}" aria-labelledby="{heading}">'
    yield f'<h{level} id="{heading}">{_inline(section.title)}</h{level}>'
    for block in section.blocks:
        if isinstance(block, Section):
            yield from _section(block, level + 1)
        else:
            yield _block(block)
    yield "</section>"


def _block(block: Block) -> str:
    match block:
        case Text(text=text):
            return f"<p>{_inline(text)}</p>"
        case Items(items=items, checklist=checklist):
            kind = ' class="checklist"' if checklist else ""
            return f"<ul{kind}>\n" + "\n".join(f"<li>{_inline(item)}</li>" for item in items) + "\n</ul>"
        case Commands(label=label, lines=lines):
            return _scrollable("commands", label, "\n".join(map(_command, lines)))
        case Diff(path=path, text=text):
            return _scrollable("diff", f"Changes to {path}", "\n".join(map(_diff_line, text.splitlines())))
        case Links(links=links):
            return "<ul>\n" + "\n".join(map(_link, links)) + "\n</ul>"
    raise TypeError(block)


def _link(link: Link) -> str:
    return f'<li><a href="{escape(link.address)}">{escape(link.title)}</a>: {_inline(link.why)}</li>'


def _scrollable(kind: str, label: str, content: str) -> str:
    """A region that can be focused with the keyboard, since its lines may be longer than the page is wide."""
    return f'<pre class="{kind}" role="region" tabindex="0" aria-label="{escape(label)}"><code>{content}</code></pre>'


def _command(line: str) -> str:
    return f'<span class="comment">{escape(line)}</span>' if line.startswith("#") else escape(line)


def _diff_line(line: str) -> str:
    kind = {"+": "added", "-": "removed", "@": "place"}.get(line[:1])
    if line.startswith(("+++", "---")):
        kind = "place"
    return f'<span class="{kind}">{escape(line)}</span>' if kind else escape(line)


def _inline(text: str) -> str:
    return "".join(_span(kind, escape(part)) for kind, part in spans(text))


def _span(kind: str, part: str) -> str:
    if kind == "link":
        return f'<a href="{part}">{part}</a>'
    return f"<code>{part}</code>" if kind == "code" else part
