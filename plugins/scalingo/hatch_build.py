"""The addresses of the project, from that of the repository, which the release workflow knows."""

from __future__ import annotations

import os
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

_PAGES = {
    "Source": "/tree/HEAD/plugins/scalingo",
    "Documentation": "/blob/HEAD/plugins/scalingo/README.md",
    "Changelog": "/blob/HEAD/CHANGELOG.md",
    "Issues": "/issues",
}


class Addresses(MetadataHookInterface):
    """Fills in what pyproject.toml declares as dynamic."""

    def update(self, metadata: dict[str, Any]) -> None:
        """None without SIMPLE_DEPLOY_REPOSITORY."""
        repository = os.environ.get("SIMPLE_DEPLOY_REPOSITORY", "").rstrip("/")
        metadata["urls"] = {name: f"{repository}{path}" for name, path in _PAGES.items()} if repository else {}
