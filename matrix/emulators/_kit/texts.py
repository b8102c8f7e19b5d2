"""Long texts of a platform, kept as data: `## name [source]`, then the text up to the next heading."""

from __future__ import annotations

import re
from pathlib import Path


class Texts:
    """The texts in a file, by name. A text may contain others: `{{name}}`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self, name: str, /, **values: object) -> str:
        """The text `name` with these values in place of `{value}`."""
        blocks = re.findall(r"(?ms)^## ([\w ]+?)(?: \[[^\n]*\])?\n(.*?)\n*(?=^## |\Z)", self._path.read_text("utf-8"))
        found = dict(blocks)
        whole = re.sub(r"\{\{([\w ]+)\}\}", lambda match: str(found[match[1]]), found[name])
        return whole.format_map(values) if values else whole
