"""The first page: every table, and the list of cells. Pure."""

from __future__ import annotations

import re
from html import escape

from ..cells import Axes
from ..record import tables
from ..record.published import LONGEST
from ..record.tables import PLATFORMS, TABLES, Seen, Table
from . import html

_LEGEND = (
    ("●", "full"),
    ("◐", "preliminary"),
    ("○", "not yet implemented"),
    ("◌", "stale: seen with other sources than those published here, or too long ago"),
)


def page(axes: Axes, seen: Seen) -> str:
    """The whole page."""
    published = seen.published
    parts = [
        "<h1>django-simple-deploy: support matrix</h1>",
        f"<p>Published on {escape(published.day)} for the sources of commit <code>{escape(published.commit)}</code>. "
        f"What was seen more than {LONGEST.days} days before is stale. Every symbol is computed from recorded runs: "
        "a generated project was deployed with real Git, real package managers and a real PostgreSQL to a local "
        f"emulation of the platform. {html.link('results.json', 'All results as JSON')}.</p>",
        "<p class=note>" + " · ".join(f"{mark} {escape(meaning)}" for mark, meaning in _LEGEND) + "</p>",
        *(_table(seen, table) for table in TABLES),
        _versions(axes, seen),
        _cells(seen),
        _badges(),
    ]
    return html.document("Support matrix", "\n".join(parts), root="")


def _table(seen: Seen, table: Table) -> str:
    header, rows = tables.platforms_table(seen, table)
    return f"<h2>{escape(table.title)}</h2>\n{html.symbols(header, rows)}<p class=note>{_plain(table.rule.text)}</p>"


def _versions(axes: Axes, seen: Seen) -> str:
    header, rows = tables.versions_table(axes, seen)
    return f"<h2>Django and Python</h2>\n{html.symbols(['Django', *header[1:]], rows)}"


def _cells(seen: Seen) -> str:
    rows = [
        [
            f"<td>{html.link(f'cells/{result.name}.html', result.cell.id)}</td>",
            html.field(", ".join(filter(None, (result.system, result.isolation, result.conditions)))),
            html.field(tables.told_status(seen, result), html.kind(seen, result)),
            html.field(f"{result.seconds:.1f} s", "number"),
            html.field(result.when[:10]),
        ]
        for result in sorted(seen.results, key=lambda result: result.name)
    ]
    header = ["Cell", "Seen on", "Status", "Took", "When"]
    return f"<h2>The cells behind the symbols</h2>\n{html.table(header, rows)}"


def _badges() -> str:
    images = "\n".join(
        f'<img src="badges/{platform}.svg" alt="{escape(name)}" height=20>' for platform, name in PLATFORMS.items()
    )
    return f"<h2>Badges</h2>\n<p>{images}</p>"


def _plain(text: str) -> str:
    """A rule without its Markdown links."""
    return escape(re.sub(r"\[([^]]+)\]\([^)]+\)", r"\1", text).replace("`", ""))
