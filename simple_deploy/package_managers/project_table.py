"""pyproject.toml: the [project] table (PEP 621), which several package managers share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from packaging.requirements import Requirement

from ..text import toml_file
from ..text.shape import Shape, check_types
from .files import Files
from .names import canonical
from .requirement import parse, versions

FILE = "pyproject.toml"
_POETRY_ENTRY = {"markers": str, "platform": str}
_SHAPE: Shape = {
    "project": {
        "dependencies": [str],
        "optional-dependencies": {"*": [str]},
        "dynamic": [str],
        "requires-python": str,
    },
    "build-system": {"build-backend": str},
    "tool": {
        "pdm": dict,
        "poetry": {"dependencies": {"python": str, "*": (str, _POETRY_ENTRY, [_POETRY_ENTRY])}},
        "setuptools": {"dynamic": {"dependencies": {"file": (str, [str])}}},
        "uv": {"sources": {"*": (dict, [dict])}, "package": bool, "workspace": dict},
    },
}


def document(files: Files) -> dict[str, Any]:
    """The content of pyproject.toml; empty if missing. Raises ValueError if it is not TOML, or WrongType."""
    raw = files.read(FILE)
    if raw is None:
        return {}
    found = toml_file.loads(raw)
    check_types(found, _SHAPE)
    return found


def table(document: dict[str, Any]) -> dict[str, Any]:
    """[project]; empty if it is missing."""
    project: dict[str, Any] = document.get("project", {})
    return project


def python(document: dict[str, Any]) -> str:
    """requires-python; "" if it is missing."""
    return str(table(document).get("requires-python", ""))


def named(project: dict[str, Any], extras: Iterable[str] = ()) -> dict[str, Requirement | None]:
    """PEP 503 name → requirement of the project in production, including those of the named `extras`."""
    optional = project.get("optional-dependencies", {})
    chosen = [project.get("dependencies", []), *(optional.get(extra, []) for extra in extras)]
    found = (parse(text) for group in chosen for text in group)
    return {canonical(requirement.name): requirement for requirement in found if requirement}


def allowed(document: dict[str, Any]) -> dict[str, str]:
    """PEP 503 name → what [project] allows of it, for packages from an index."""
    elsewhere = set(map(canonical, document.get("tool", {}).get("uv", {}).get("sources", {})))
    found = {name: one for name, one in named(table(document)).items() if one and not one.url}
    return versions({name: one for name, one in found.items() if name not in elsewhere})


def extras_with(package: str, files: Files) -> Iterator[str]:
    """The extras of the project's own package that require the other one."""
    try:
        optional = table(document(files)).get("optional-dependencies", {})
    except ValueError:
        return
    for extra, lines in optional.items():
        if canonical(package) in (canonical(found.name) for found in map(parse, lines) if found):
            yield extra
