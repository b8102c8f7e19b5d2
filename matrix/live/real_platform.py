"""A real platform, with the interface that the stages of a cell use: see `matrix.emulators.Emulator`."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from simple_deploy import platforms

from .. import emulators
from ..emulators._kit.store import Store
from ..sandbox.machine import Sandbox
from .command import ENVIRONMENT, FOLDER


class RealPlatform:
    """The platform itself. The harness's knowledge of its command line comes from the emulator."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._emulator = emulators.load(name)

    def install(self, box: Sandbox) -> None:
        """The user's own CLI and Git settings, in a sandbox with nothing else of the user's."""
        (box.root / FOLDER).mkdir()
        program = platforms.load(self._name).cli.executable
        box.install_command(program, f"{__package__}.programs.{program}")
        box.env[ENVIRONMENT] = json.dumps(dict(os.environ))
        # Where pushes go over HTTPS, the CLI's credentials are in the user's Git settings.
        settings = box.home / ".gitconfig"
        own = Path.home() / ".gitconfig"
        if own.is_file():
            included = f"[include]\n\tpath = {own.as_posix()}\n"
            settings.write_text(included + settings.read_text(encoding="utf-8"), encoding="utf-8")

    def store(self, root: Path) -> Store[Any]:
        """The calls of the CLI, and nothing else."""
        return Store(root, FOLDER)

    def inventory(self, root: Path) -> Mapping[str, Any]:
        """The contents of the account are unknown: only the calls show that nothing changes."""
        return {}

    def not_emulated(self, root: Path, project: Path) -> str:
        """Nothing is emulated."""
        return ""

    def builder(self, root: Path) -> str:
        """The platform's own."""
        return ""

    def obstacle(self, python: str = "") -> str:
        """Why it cannot be used from here."""
        program = platforms.load(self._name).cli.executable
        return "" if shutil.which(program) else f"{program} is not on your PATH."

    def secrets(self, root: Path) -> Sequence[str]:
        """They are the platform's."""
        return ()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._emulator, name)
