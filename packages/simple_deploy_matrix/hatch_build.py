"""Puts the repository's `matrix/` into the distribution as `simple_deploy_matrix`, with the sample projects
and a plug-in in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

HARNESS, SAMPLES, MODEL = "matrix", "sample_projects", "plugins/scalingo"
# Records of this repository, and files from Python and tools.
LEFT_OUT = {"results", "published.json", "__pycache__", ".pytest_cache"}


class Addresses(MetadataHookInterface):
    """The addresses of the project, from that of the repository, which the release workflow knows."""

    def update(self, metadata: dict[str, Any]) -> None:
        """None without SIMPLE_DEPLOY_REPOSITORY."""
        repository = os.environ.get("SIMPLE_DEPLOY_REPOSITORY", "").rstrip("/")
        pages = {
            "Source": f"/tree/HEAD/{HARNESS}",
            "Documentation": "/blob/HEAD/docs/reference/rehearse.md",
            "Changelog": "/blob/HEAD/CHANGELOG.md",
            "Issues": "/issues",
        }
        metadata["urls"] = {name: f"{repository}{path}" for name, path in pages.items()} if repository else {}


class Harness(BuildHookInterface[Any]):
    """A build in a clone finds the sources two folders up; a build from the sdist finds them next to this file."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files: in the sdist with their names here, in a wheel inside the package."""
        if version == "editable":
            return
        here = Path(self.root)
        root = here if (here / HARNESS).is_dir() else here.parents[1]
        package = "" if self.target_name == "sdist" else "simple_deploy_matrix"
        targets = {
            HARNESS: package or HARNESS,
            SAMPLES: f"{package}/{SAMPLES}",
            MODEL: f"{package}/plug_in_model" if package else MODEL,
            "LICENSE": f"{package}/LICENSE",
        }
        for name, target in targets.items():
            for file in _files(root / name):
                inside = (Path(target.lstrip("/")) / file.relative_to(root / name)).as_posix()
                build_data["force_include"][str(file)] = inside


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    for file in sorted(path.rglob("*")):
        if file.is_file() and not LEFT_OUT & set(file.relative_to(path).parts):
            yield file
