"""The description for a package index: README.md, whose links lead to files that only the repository has.

With the repository's address in SIMPLE_DEPLOY_REPOSITORY (the release workflow sets it), links become absolute; without
it, their text remains, and no link is broken.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

_LINK = re.compile(r"(!?)\[([^\]]*)\]\((?![a-z]+:|#)([^)\s]+)\)")


def description(readme: str, repository: str) -> str:
    """The text with links that work everywhere."""

    def linked(match: re.Match[str]) -> str:
        image, text, path = match.groups()
        if repository:
            return f"{image}[{text}]({repository}/{'raw' if image else 'blob'}/HEAD/{path})"
        return "" if image else text

    return re.sub(r"<!--.*?-->", "", _LINK.sub(linked, readme))


class CustomMetadataHook(MetadataHookInterface):
    """Fills in what pyproject.toml declares as dynamic."""

    def update(self, metadata: dict[str, Any]) -> None:
        """The description."""
        readme = Path(self.root, "README.md").read_text(encoding="utf-8")
        repository = os.environ.get("SIMPLE_DEPLOY_REPOSITORY", "").rstrip("/")
        metadata["readme"] = {"content-type": "text/markdown", "text": description(readme, repository)}
