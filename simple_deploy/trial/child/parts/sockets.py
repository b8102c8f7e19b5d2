"""Pages that open a WebSocket without TLS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# The scheme alone, before the host of the page: `"ws://" + window.location.host`, `ws://${location.host}`.
_PLAIN = re.compile(r"""[\"'`]ws://(?:[\"'`]|\$\{|\{\{)""")
_SECURE = "wss:"


def insecure(order: dict[str, Any]) -> Iterator[str]:
    """The places in the project's own templates and scripts, without files that know the scheme for https too."""
    tree = Path(order["tree"])
    for path in sorted(tree.rglob("*")):
        if path.suffix not in (".html", ".js") or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found = None if _SECURE in text else _PLAIN.search(text)
        if found:
            line = text.count("\n", 0, found.start()) + 1
            yield f"{path.relative_to(tree).as_posix()}:{line}"
