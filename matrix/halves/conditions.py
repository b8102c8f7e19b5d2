"""How the machine of a local half is set up: the differences between developers' systems."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from ..sandbox.machine import Sandbox

PLAIN = "plain"


@contextmanager
def machine(conditions: str) -> Iterator[Sandbox]:
    """A sandbox under these conditions; KeyError for unknown ones."""
    set_up = _SET_UP[conditions]
    with Sandbox.create(name="my projects " if conditions == "spaces" else "box-") as box:
        set_up(box)
        yield box


def _git(name: str, value: str) -> Callable[[Sandbox], None]:
    return lambda box: _configure(box, name, value)


def _configure(box: Sandbox, name: str, value: str) -> None:
    box.run(["git", "config", "--global", name, value])


def _console_of_western_windows(box: Sandbox) -> None:
    """The terminal uses cp1252, and printing any other character fails."""
    box.env["PYTHONIOENCODING"] = "cp1252"
    box.env["PYTHONUTF8"] = "0"


def _git_as_cmd(box: Sandbox) -> None:
    """Git is started by a .cmd file, as tools installed by npm or Scoop are. Only Windows has these."""
    if sys.platform == "win32":
        git = shutil.which("git", path=box.env["PATH"])
        (box.bin / "git.cmd").write_text(f'@"{git}" %*\n', encoding="utf-8")


_SET_UP: Mapping[str, Callable[[Sandbox], None]] = {
    PLAIN: lambda box: None,
    "autocrlf": _git("core.autocrlf", "true"),
    "ignorecase": _git("core.ignorecase", "true"),
    "cp1252": _console_of_western_windows,
    "cmd-shims": _git_as_cmd,
    "spaces": lambda box: None,  # in every path, since it is in the sandbox's
}
KNOWN = tuple(_SET_UP)


def developers_git(box: Sandbox) -> dict[str, str]:
    """The developer's Git configuration that affects the contents of files: the other half needs the same."""
    said = box.run(["git", "config", "--global", "--get-regexp", r"^core\."], check=False).stdout
    return dict(line.split(" ", 1) for line in said.splitlines())


def same_git(box: Sandbox, git: Mapping[str, str]) -> None:
    """Give a machine the other one's Git configuration."""
    for name, value in git.items():
        _configure(box, name, value)
