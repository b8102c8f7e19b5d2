"""The file that lists the project's requirements: where [project] (PEP 621) keeps them, and how it is edited."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from typing import Any

from packaging.requirements import Requirement

from ..messages import errors
from ..model import FileEdit
from ..text import toml_file
from . import listed, project_table, requirement_line, requirements_file
from .files import Files
from .requirements_file import Unusable


def of_project(files: Files, extras: Iterable[str] = ()) -> tuple[str, dict[str, Requirement | None]]:
    """The file that lists the project's dependencies, and the dependencies by PEP 503 name.

    Raises Unusable if they are computed when the project is built.
    """
    document = project_table.document(files)
    project = project_table.table(document)
    named = project_table.named(project, extras)
    if "dependencies" not in project.get("dynamic", []):
        return project_table.FILE, named
    path = _read_by_setuptools(document)
    if path is None or files.read(path) is None:
        backend = document.get("build-system", {}).get("build-backend", "setuptools")
        raise Unusable(errors.dynamic_dependencies(manifest=project_table.FILE, backend=backend))
    return path, named | requirements_file.read(path, files).named


def file_edit(path: str, missing: Sequence[str], lines: Sequence[str] = (), source: str = "") -> FileEdit:
    """Add requirements to a manifest of either kind.

    A new requirements file begins with these `lines` of the `source`; without any, it installs the project itself. One
    that has others of that source gets these in their place.
    """

    def edit(text: str | None) -> str:
        if posixpath.basename(path) == project_table.FILE:
            return toml_file.with_strings(text or "", ("project", "dependencies"), missing)
        if text is None:
            return requirements_file.with_lines(listed.block(source, lines or [requirement_line.IN_PLACE]), missing)
        if lines:
            text = listed.renewed(text, source, lines)
        return requirements_file.with_lines(text, missing)

    return FileEdit(path=path, edit=edit, why="production needs these packages")


def _read_by_setuptools(document: dict[str, Any]) -> str | None:
    """The one file that [tool.setuptools.dynamic] names (setuptools, "Dynamic Metadata")."""
    dynamic = document.get("tool", {}).get("setuptools", {}).get("dynamic", {})
    named = dynamic.get("dependencies", {}).get("file", [])
    paths = [named] if isinstance(named, str) else named
    return posixpath.normpath(paths[0]) if len(paths) == 1 else None
