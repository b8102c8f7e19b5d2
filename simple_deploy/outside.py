"""The script `simple-deploy PATH ...`: the command with the project's own interpreter, from any environment.

Other distributions add `simple-deploy rehearse ...` and other commands.

It does not import Django: with `uvx` or `pipx`, the environment of this script has no Django, and the project's has no
simple_deploy. So the project's interpreter gets the folders of this environment after its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import entry_points
from pathlib import Path

from .effects import installation
from .effects.outlet import stopped
from .effects.own_module import INFORMING, own_module
from .messages import errors
from .messages.stops import Refused
from .text.shell import pasted

COMMANDS = "simple_deploy.commands"  # an entry point of this group is a command; it gets the arguments after its name
REHEARSE = "rehearse"
_ENVIRONMENTS = (".venv", "venv", "env")


def main() -> int:
    """Run the command in the folder that the first argument names, or in the current one."""
    arguments = sys.argv[1:]
    try:
        command = added_command(arguments[0]) if arguments else None
    except Refused as stop:
        return stopped(stop, str(stop), in_json="--json" in arguments)
    if command:
        return command(arguments[1:])
    named = bool(arguments) and not arguments[0].startswith("-") and not _is_action(arguments[0])
    folder = Path(arguments[0] if named else ".").resolve()
    script = manage_py(folder)
    if script is None and not INFORMING & {*arguments}:
        refused = Refused([errors.no_manage_py(folder=str(folder))])
        return stopped(refused, str(refused), in_json="--json" in arguments)
    place = script.parent if script else folder
    argv = (interpreter(place, folder), *own_module("simple_deploy"), *arguments[named:])
    try:
        return subprocess.run(argv, cwd=place, check=False).returncode
    except KeyboardInterrupt:
        return 130


def _is_action(word: str) -> bool:
    """Whether the first argument is not a folder but an action in the current one."""
    return word in ("status", "logs", "open") and not Path(word).is_dir()


def added_command(word: str) -> Callable[[Sequence[str]], int] | None:
    """A command of another distribution in this script's environment; None for anything else.

    Raises Refused for a known command that is not installed, unless a folder has that name.
    """
    if word.startswith("-") or word in (".", ".."):
        return None
    for entry in entry_points(group=COMMANDS, name=word):
        command: Callable[[Sequence[str]], int] = entry.load()
        return command
    if word == REHEARSE and not Path(word).is_dir():
        start = installation.rehearse()
        commands = [pasted([*start, ".", "--platform", "NAME", "--keep"])] if start else []
        raise Refused([errors.no_rehearsal(commands=commands)])
    return None


def manage_py(folder: Path) -> Path | None:
    """The manage.py of a project: in the folder, or in the only folder below it that has one."""
    found = [path for path in (folder / "manage.py", *sorted(folder.glob("*/manage.py"))) if path.is_file()]
    return found[0] if found and (found[0].parent == folder or len(found) == 1) else None


def interpreter(*folders: Path) -> str:
    """The project's Python: of an environment in its folders, the active one, or the one that runs this script."""
    names = [folder / name for folder in folders for name in _ENVIRONMENTS]
    active = os.environ.get("VIRTUAL_ENV")
    for python in _pythons([*names, *([Path(active)] if active else [])]):
        return str(python)
    return sys.executable


def _pythons(environments: Sequence[Path]) -> Iterator[Path]:
    inside = "Scripts/python.exe" if sys.platform == "win32" else "bin/python"
    yield from (path for path in (folder / inside for folder in environments) if path.is_file())
