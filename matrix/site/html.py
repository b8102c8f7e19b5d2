"""Pieces of HTML. Pure; every value is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from ..record.results import CellResult
from ..record.tables import FULL, NOT_YET, PRELIMINARY, STALE, Seen

_CLASSES = {FULL: "full", PRELIMINARY: "preliminary", STALE: "stale", NOT_YET: "none"}
_NAMES = {FULL: "full", PRELIMINARY: "preliminary", STALE: "stale", NOT_YET: "not yet implemented"}


def document(title: str, body: str, *, root: str) -> str:
    """A page. `root` is the path to the root folder of the site."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n"
        f'<link rel="stylesheet" href="{root}style.css">\n</head>\n<body>\n{body}\n</body>\n</html>\n'
    )


def symbols(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of symbols: on a narrow screen each row becomes a block."""
    head = "".join(f"<th scope=col>{escape(text)}</th>" for text in header)
    body = "".join(_row(header, row) for row in rows)
    return f"<table class=symbols>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n"


def _row(header: Sequence[str], row: Sequence[str]) -> str:
    first, *others = row
    named = zip(header[1:], others, strict=True)
    fields = "".join(f'<td data-label="{escape(name)}">{sign(text)}</td>' for name, text in named)
    return f"<tr><th scope=row>{escape(first)}</th>{fields}</tr>\n"


def sign(text: str) -> str:
    """A symbol with its evidence, and its meaning for screen readers."""
    if text[:1] not in _CLASSES:
        return f"<span class=note>{escape(text)}</span>"
    mark, _, rest = text.partition(" ")
    shown = f'<b class="sign {_CLASSES[mark]}" role=img aria-label="{_NAMES[mark]}">{mark}</b>'
    return f"<span>{shown} <small>{escape(rest.replace('*', ''))}</small></span>"


def table(header: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "") -> str:
    """A table whose fields are already HTML; it can be scrolled sideways."""
    head = "".join(f"<th scope=col>{escape(text)}</th>" for text in header)
    body = "".join(f"<tr>{''.join(row)}</tr>\n" for row in rows)
    inner = f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>"
    return f'<div class="{f"wide {kind}".strip()}"><table>\n{inner}\n</table></div>\n'


def kind(seen: Seen, result: CellResult) -> str:
    """The style of a result's status."""
    return "flaky" if result.flaky else "stale" if seen.published.stale(result) else result.status


def field(text: str, kind: str = "") -> str:
    """One field of a table."""
    return f"<td{f' class={kind}' if kind else ''}>{escape(text)}</td>"


def link(address: str, text: str) -> str:
    """A link."""
    return f'<a href="{escape(address)}">{escape(text)}</a>'


def block(text: str) -> str:
    """Text in the form of program output."""
    return f"<pre>{escape(text)}</pre>\n"
