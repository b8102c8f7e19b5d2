"""What a package index shows: README.md, whose links lead to files that only the repository has, and addresses.

With the repository's address in SIMPLE_DEPLOY_REPOSITORY (the release workflow sets it), links become absolute, and the
index links to the source, the changelog and the issues; without it, the text of the links remains, and none is broken.
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


def urls(repository: str) -> dict[str, str]:
    """The addresses of the project; none where that of the repository is not known."""
    pages = {
        "Source": "",
        "Documentation": "/tree/HEAD/docs",
        "Changelog": "/blob/HEAD/CHANGELOG.md",
        "Issues": "/issues",
    }
    return {name: f"{repository}{path}" for name, path in pages.items()} if repository else {}


class CustomMetadataHook(MetadataHookInterface):
    """Fills in what pyproject.toml declares as dynamic."""

    def update(self, metadata: dict[str, Any]) -> None:
        """The description and the addresses."""
        readme = Path(self.root, "README.md").read_text(encoding="utf-8")
        repository = os.environ.get("SIMPLE_DEPLOY_REPOSITORY", "").rstrip("/")
        metadata["readme"] = {"content-type": "text/markdown", "text": description(readme, repository)}
        metadata["urls"] = urls(repository)
