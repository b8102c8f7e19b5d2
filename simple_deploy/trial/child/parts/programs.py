"""The programs that a build starts for static files."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any


def of_compressor(combining: list[str]) -> dict[str, str]:
    """Setting → command, for what django-compressor starts for these templates."""
    return {**_precompilers(combining), **_filters()}


def missing_programs(order: dict[str, Any], started: dict[str, str]) -> list[str]:
    """The programs of these commands that no package of production installs, each with its setting."""
    from importlib.metadata import distributions

    withheld = set(order["withheld"].values())
    installed = {
        Path(file).stem
        for one in distributions()
        if one.metadata["Name"].lower() not in withheld
        for file in one.files or ()
        if Path(file).parent.name in ("bin", "Scripts")
    }
    # Where the interpreter runs, these run too.
    installed |= {"python", "python3", "sh", "env", "cat", "sed"}
    return [f"{command.split()[0]} ({name})" for name, command in started.items() if not _is_in(command, installed)]


def _is_in(command: str, installed: set[str]) -> bool:
    program = Path(command.split()[0])
    return program.stem in installed or (not program.is_absolute() and program.is_file())


def _precompilers(combining: list[str]) -> dict[str, str]:
    """The commands, not the classes, for the kinds of file that these templates combine."""
    from compressor.utils import get_mod_func  # type: ignore[import-not-found]
    from django.conf import settings

    found = {}
    for kind, command in settings.COMPRESS_PRECOMPILERS:
        try:
            importlib.import_module(get_mod_func(command)[0])
        except (ImportError, TypeError, ValueError):
            if any(kind in text for text in combining):
                found[f"COMPRESS_PRECOMPILERS, {kind}"] = command
    return found


def _filters() -> dict[str, str]:
    """The commands of filters that start one."""
    from compressor.filters import CompilerFilter  # type: ignore[import-not-found]
    from django.conf import settings
    from django.utils.module_loading import import_string

    found = {}
    for name in {one for names in settings.COMPRESS_FILTERS.values() for one in names}:
        kind = import_string(name)
        if issubclass(kind, CompilerFilter) and kind.command:
            found[f"COMPRESS_FILTERS, {name}"] = str(dict(kind.options).get("binary") or kind.command)
    return found
