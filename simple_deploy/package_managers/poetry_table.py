"""[tool.poetry.dependencies]: Poetry's own table of production's requirements, and when it applies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..text import toml_file
from . import table_entry
from .names import canonical

_PATH = ("tool", "poetry", "dependencies")


def counts(document: Mapping[str, Any]) -> bool:
    """Whether Poetry takes production's packages from its own table rather than from [project].

    Next to a [project] that lists dependencies without declaring them dynamic, the table only adds what [project]
    cannot express (Poetry's documentation, "Dependency specification"; poetry-core 2, `DependencyGroup`).
    """
    project = document.get("project", {})
    if "dependencies" in project.get("dynamic", []) or not project:
        return True
    if project.get("dependencies") or project.get("optional-dependencies"):
        return False
    return any(name != "python" for name in _table(document))


def declared(document: Mapping[str, Any]) -> frozenset[str]:
    """PEP 503 names in the table that production on Linux installs without extras."""
    table = _table(document)
    return frozenset(canonical(name) for name, entry in table.items() if name != "python" and _installed(entry))


def extras(document: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The declared extras of the packages in the table."""
    return table_entry.extras(_table(document))


def not_for_production(document: Mapping[str, Any]) -> frozenset[str]:
    """PEP 503 names that are keys of the table but are not installed in production."""
    return frozenset(map(canonical, _table(document))) - declared(document)


def python(document: Mapping[str, Any]) -> str:
    """The table's Python constraint in PEP 440 form; of alternatives (`||`), the last one, which is the newest.

    "^3.11" means up to the next major version, "~3.11" up to the next minor one (Poetry, "Dependency specification").
    """
    return _pep_440(str(_table(document).get("python", "")).rpartition("|")[2])


def _standard(constraint: str) -> str:
    match = re.fullmatch(r"([\^~]?)(\d+)(?:\.(\d+))?((?:\.\d+)*|\.\*)", constraint)
    if not match:
        return constraint
    sign, major, minor, rest = match.groups()
    lowest = f"{major}.{minor or 0}{rest}"
    if sign == "^":
        return f">={lowest},<{_next(f'{major}.{minor}{rest}' if minor else major)}"
    if sign == "~":
        return f">={lowest},<{major}.{int(minor) + 1}" if minor else f">={lowest},<{int(major) + 1}"
    return f"=={lowest}"


def _next(version: str) -> str:
    """The version after which its first part that is not 0 changes; of 0.0, the last part."""
    parts = [int(part) for part in version.split(".")]
    first = next((at for at, part in enumerate(parts) if part), len(parts) - 1)
    return ".".join(map(str, [*parts[:first], parts[first] + 1]))


def allowed(document: Mapping[str, Any]) -> dict[str, str]:
    """PEP 503 name → what the table allows of it, in PEP 440 form, for packages from an index with one constraint."""
    return {canonical(name): _pep_440(text) for name, entry in _table(document).items() if (text := _constraint(entry))}


def _constraint(entry: Any) -> str:
    if isinstance(entry, Mapping) and not {"git", "path", "url", "file", "source"} & entry.keys():
        entry = entry.get("version")
    return entry.strip() if isinstance(entry, str) and "|" not in entry else ""


def _pep_440(constraint: str) -> str:
    joined = re.sub(r"([<>=!~^])\s+", r"\1", constraint)
    return ",".join(_standard(part) for part in re.split(r"[,\s]+", joined) if part not in ("", "*"))


def has_paths(document: Mapping[str, Any]) -> bool:
    """Whether a package of the table is in a folder or file of its own."""
    return any("path" in one for entry in _table(document).values() for one in _entries(entry))


def with_requirements(text: str, requirements: Sequence[str]) -> str:
    """`text` with requirements (PEP 508) in the table."""
    return toml_file.with_entries(text, _PATH, dict(map(table_entry.of, requirements)))


def _table(document: Mapping[str, Any]) -> Mapping[str, Any]:
    found = document.get("tool", {}).get("poetry", {}).get("dependencies", {})
    return found if isinstance(found, Mapping) else {}


def _installed(entry: Any) -> bool:
    entries = entry if isinstance(entry, list) else [entry]
    return any(not isinstance(one, Mapping) or _for_production(one) for one in entries)


def _entries(entry: Any) -> list[Mapping[str, Any]]:
    return [one for one in (entry if isinstance(entry, list) else [entry]) if isinstance(one, Mapping)]


def _for_production(entry: Mapping[str, Any]) -> bool:
    return not entry.get("optional") and all(table_entry.holds(marker) for marker in _markers(entry))


def _markers(entry: Mapping[str, Any]) -> Iterator[str]:
    if "markers" in entry:
        yield entry["markers"]
    if "platform" in entry:
        yield f"sys_platform == '{entry['platform']}'"
