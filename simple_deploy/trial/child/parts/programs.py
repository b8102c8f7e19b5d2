"""The programs that a build starts for static files."""

from __future__ import annotations

from pathlib import Path
from typing import Any


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
