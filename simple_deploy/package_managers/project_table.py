"""pyproject.toml: the [project] table (PEP 621), which several package managers share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from packaging.requirements import Requirement

from . import canonical, toml_file
from .files import Files
from .requirement import parse

FILE = "pyproject.toml"


def document(files: Files) -> dict[str, Any]:
    """What pyproject.toml says; nothing if there is none. Raises ValueError if it is not TOML."""
    raw = files.read(FILE)
    return {} if raw is None else toml_file.loads(raw)


def table(document: dict[str, Any]) -> dict[str, Any]:
    """[project]; empty if there is none."""
    project = document.get("project", {})
    return project if isinstance(project, dict) else {}


def python(document: dict[str, Any]) -> str:
    """requires-python; "" if it is not there."""
    return str(table(document).get("requires-python", ""))


def named(project: dict[str, Any], extras: Iterable[str] = ()) -> dict[str, Requirement | None]:
    """PEP 503 name → what an installation of the project brings to production; `extras` are asked for by name."""
    optional = project.get("optional-dependencies", {})
    chosen = [project.get("dependencies", []), *(optional.get(extra, []) for extra in extras)]
    found = (parse(text) for group in chosen for text in group)
    return {canonical(requirement.name): requirement for requirement in found if requirement}
