"""The command that repeats a cell or a rehearsal, ready to paste. Pure, except for the system's name."""

import shlex
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from ..cells import AXIS_NAMES, Cell
from .provenance import HARNESS, IN_A_CLONE, REPOSITORY
from .results import CellResult, half_name

_PYTHON = "py" if sys.platform == "win32" else "python3"
# The commands of the installed harness that replace the clone's nox sessions.
_INSTALLED = {
    "rehearse": ("simple-deploy-matrix", "rehearse"),
    "integration": ("python", "-m", "pytest", "-p", f"{HARNESS.name}.conformance", "-k", "test_cell"),
}


def cell_command(cell: Cell, isolation: str, *, conditions: str = "") -> str:
    """Run one cell: every axis is named, so no other cell runs, whatever the defaults are."""
    axes = [(f"--{name.replace('_', '-')}", str(getattr(cell, name))) for name in AXIS_NAMES]
    if conditions:
        words = [word for pair in axes for word in pair]
        return _session("matrix", ["run", "--halves", "--fresh", "--conditions", conditions, *words])
    return _session("integration", [word for pair in (*axes, ("--isolation", isolation)) for word in pair])


def result_command(result: CellResult) -> str:
    """The line that runs the cell of a result again, from the root of a clone, or a line for each half."""
    commands = [cell_command(result.cell, result.isolation, conditions=result.conditions)]
    if result.finished_on:
        name = half_name(result.cell, result.system, result.conditions)
        commands.append(finish_command(Path("results", f"{name}.hand-off")))
    return "\n".join(command.splitlines()[-1].strip() for command in commands)


def finish_command(hand_off: Path) -> str:
    """Continue from a hand-off."""
    return _session("matrix", ["finish", str(hand_off)])


def rehearsal_command(
    project: Path,
    *,
    platform: str,
    isolation: str,
    python: str | None,
    names: Iterable[str],
    env_files: Iterable[Path] = (),
    options: Sequence[str],
    packages: Sequence[str] = (),
) -> str:
    """Rehearse a project. Of the variables, only the `names` are repeated: `--env NAME` takes the value from the
    environment.
    """
    words = [str(project), "--platform", platform, "--isolation", isolation, *(["--python", python] if python else [])]
    words += [word for package in packages for word in ("--install", package)]
    words += [word for name in names for word in ("--env", name)]
    words += [word for file in env_files for word in ("--env-file", str(file))]
    return _session("rehearse", [*words, *(["--", *options] if options else [])])


def _session(name: str, words: Sequence[str]) -> str:
    if not IN_A_CLONE:
        return f"  {_joined([*_INSTALLED[name], *words])}"
    folder = _joined(["cd", str(REPOSITORY)])
    return f"  {folder}\n  {_joined([_PYTHON, 'noxfile.py', '-s', name, '--', *words])}"


def _joined(words: Sequence[str]) -> str:
    return subprocess.list2cmdline(words) if sys.platform == "win32" else shlex.join(words)
