"""Page → Markdown (CommonMark with GitHub's task lists)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .page import Block, Commands, Diff, Items, Links, Page, Section, Text, code, spans

# Characters that Markdown would interpret: emphasis only where it could begin or end a word.
_SPECIAL = re.compile(r"[\\*\[\]<]|(?<!\w)_|_(?!\w)")


def render(page: Page) -> str:
    """The whole file."""
    parts = [f"# {_inline(page.title)}", _inline(page.lead)]
    for section in page.sections:
        parts += _section(section, level=2)
    return "\n\n".join(parts) + "\n"


def _section(section: Section, level: int) -> Iterator[str]:
    yield f"{'#' * level} {_inline(section.title)}"
    for block in section.blocks:
        if isinstance(block, Section):
            yield from _section(block, level + 1)
        else:
            yield _block(block)


def _block(block: Block) -> str:
    match block:
        case Text(text=text):
            return _inline(text)
        case Items(items=items, checklist=checklist):
            return "\n".join(f"- {'[ ] ' if checklist else ''}{_inline(item)}" for item in items)
        case Commands(lines=lines):
            return _fenced("sh", "\n".join(lines))
        case Diff(text=text):
            return _fenced("diff", text)
        case Links(links=links):
            return "\n".join(f"- [{_inline(link.title)}]({link.address}): {_inline(link.why)}" for link in links)
    raise TypeError(block)


def _fenced(language: str, text: str) -> str:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def _inline(text: str) -> str:
    return "".join(_span(kind, part) for kind, part in spans(text))


def _span(kind: str, part: str) -> str:
    if kind == "text":
        return _SPECIAL.sub(r"\\\g<0>", part)
    return code(part) if kind == "code" else f"<{part}>"
