"""Names as people type them: which known one is meant."""

from __future__ import annotations

import re
from collections.abc import Collection

# Shorter prefixes are too likely a slip.
_SHORTEST = 2


def meant(text: str, known: Collection[str]) -> str | None:
    """The name that `text` is, or is the beginning of, ignoring case and punctuation; None if not exactly one fits."""
    plain, wanted = {_plain(name): name for name in known}, _plain(text)
    if wanted in plain:
        return plain[wanted]
    fitting = [name for key, name in plain.items() if key.startswith(wanted)]
    return fitting[0] if len(fitting) == 1 and len(wanted) >= _SHORTEST else None


def suggestion(text: str, known: Collection[str]) -> str:
    """`; did you mean NAME?` for a misspelling, else nothing."""
    from difflib import get_close_matches  # needed for a misspelling only

    plain = {_plain(name): name for name in known}
    close = get_close_matches(_plain(text), plain, n=1)
    return f"; did you mean {plain[close[0]]}?" if close else ""


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name).casefold()
