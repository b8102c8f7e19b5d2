"""Which wheels a project rejects, in the settings of uv and Poetry: those packages are built from source."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..model import EVERY
from ..text import toml_file
from . import project_table
from .files import Files
from .names import canonical

UV = "uv.toml"
POETRY = "poetry.toml"


def present(path: str, files: Files) -> tuple[str, ...]:
    """The file of settings, if the project has it: an installation needs it too."""
    return (path,) if files.read(path) is not None else ()


def rejected_by_uv(files: Files) -> frozenset[str]:
    """uv's documentation, "no-binary" and "no-binary-package". A uv.toml replaces the table in pyproject.toml."""
    table = project_table.document(files).get("tool", {}).get("uv", {})
    settings = _settings(UV, files) if present(UV, files) else table
    return _names(settings.get("no-binary"), settings.get("no-binary-package"))


def rejected_by_poetry(files: Files) -> frozenset[str]:
    """Poetry's documentation, "installer.no-binary"."""
    installer = _settings(POETRY, files).get("installer")
    value = installer.get("no-binary") if isinstance(installer, dict) else None
    return _names(value, value.split(",") if isinstance(value, str) else value)


def _names(everything: Any, named: Any) -> frozenset[str]:
    if everything is True:
        return frozenset({EVERY})
    names: Iterable[Any] = named if isinstance(named, list) else ()
    return frozenset(canonical(str(name).strip()) for name in names) - {"", ":none:"}


def _settings(path: str, files: Files) -> dict[str, Any]:
    """Empty if the file is missing or no TOML, which the package manager reports itself."""
    try:
        return toml_file.loads(files.read(path) or b"")
    except ValueError:
        return {}
