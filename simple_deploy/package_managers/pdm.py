"""PDM: [project] in pyproject.toml, pinned by pdm.lock. No platform installs from it."""

from __future__ import annotations

from ..model import Dependencies
from . import locked, manifest, project_table
from .files import Files
from .requirement import extras
from .requirements_file import Unusable

LOCK = "pdm.lock"
# Where packages come from, and versions that override those in [project] (PDM docs, "Configurations").
CHOICES = frozenset({"overrides", "resolution", "source"})


def read(files: Files) -> Dependencies | None:
    """What production needs, in its locked versions; None without a lock, or if only PDM can find the packages."""
    document = project_table.document(files)
    if files.read(LOCK) is None or CHOICES & document.get("tool", {}).get("pdm", {}).keys():
        return None
    try:
        path, named = manifest.of_project(files)
    except Unusable:
        return None
    return Dependencies(
        package_manager="pdm",
        manifest=path,
        lock=LOCK,
        declared=frozenset(named),
        versions=locked.versions(LOCK, files),
        extras=extras(named),
        files=(path, LOCK),
        install=(),
        python=project_table.python(document),
    )
