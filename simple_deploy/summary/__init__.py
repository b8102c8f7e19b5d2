"""What was done, and what to do next: a few lines for the terminal, and a page as HTML and as Markdown next to the log.

Outcome, Platform -> compose -> Page -> html, markdown
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from ..contract import Platform
from ..effects.log import Log
from ..model import Outcome
from . import html, markdown
from .content import compose
from .page import redacted
from .terminal import closing

__all__ = ["closing", "shown", "write_pages"]


def write_pages(outcome: Outcome, platform: Platform, log: Log, now: datetime) -> Path | None:
    """Write both files next to the log and return the HTML's path; None if there is no log or no space for them."""
    page = redacted(compose(outcome, platform, now), log.redact)
    written = log.beside(".html", html.render(page))
    return written if log.beside(".md", markdown.render(page)) else None


def shown(page: Path | None, log: Log) -> str | None:
    """The page as shown to people: it has the log's name."""
    return f"{log.name.removesuffix('.log')}{page.suffix}" if page and log.name else None
