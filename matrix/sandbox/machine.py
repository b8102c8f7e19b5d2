"""A sandbox: one throwaway machine for one developer. Read this first."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from . import environments, isolation, processes, room, variables, watchdog
from .certificates import Authority
from .control_server import ControlServer
from .postgres import Databases
from .processes import CommandFailed, CommandTimedOut, Ran
from .sites import Sites

__all__ = ["CommandFailed", "CommandTimedOut", "Ran", "Sandbox"]

_REPOSITORY = Path(__file__).resolve().parents[2]
# Without maintenance, which continues in the background after the command has exited.
_GIT_CONFIG = """\
[user]
\tname = Developer
\temail = dev@example.com
[init]
\tdefaultBranch = main
[gc]
\tauto = 0
[maintenance]
\tauto = false
"""
_COMMAND = """\
import sys
from pathlib import Path

sys.path.insert(0, {repository!r})
from {module} import main

sys.exit(main(Path({root!r}), sys.argv[1:]))
"""


class Sandbox:
    """One throwaway machine: all its files are in `root`, and `close` ends all its processes.

    `home` is HOME, `bin` the first folder on PATH, `work` the folder for projects, and `env` the whole environment of
    the developer's terminal. Several can exist at the same time.
    """

    def __init__(self, root: Path) -> None:
        """Use `create`."""
        self.root = root
        self.home, self.bin, self.work = (root / name for name in ("home", "bin", "work"))
        for folder in (self.home, self.bin, self.work):
            folder.mkdir()
        (self.home / ".gitconfig").write_text(_GIT_CONFIG, encoding="utf-8")
        authority = Authority(root)
        self.sites = Sites(authority)
        self.postgres = Databases()
        self._control = ControlServer(root, self.sites, self.postgres)
        self._started: list[subprocess.Popen[str]] = []
        self.env = self._terminal(authority.bundle)

    @classmethod
    @contextmanager
    def create(cls, parent: Path | None = None, *, keep: bool = False, name: str = "box-") -> Iterator[Sandbox]:
        """A new sandbox in a new folder under `parent` (default: the temporary folder); `keep` leaves the folder.

        The folder's name begins with `name`.
        """
        root = Path(tempfile.mkdtemp(prefix=name, dir=parent)).resolve()
        if not keep:
            watchdog.watch_folder(root)
        try:
            with room.in_use(environments.folders()):
                box = cls(root)
                try:
                    yield box
                finally:
                    box.close()
        finally:
            if not keep:
                _remove(root)
                watchdog.forget_folder(root)

    def run(
        self,
        argv: Sequence[str | Path],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        input: str | None = None,  # noqa: A002  (as in `subprocess.run`)
        timeout: float = 600,
        check: bool = True,
    ) -> Ran:
        """Run a command as the developer would, with `env` on top of the sandbox's; cwd defaults to `work`.

        At `timeout` (seconds) its whole tree is killed. Raises `CommandFailed` (if `check`) and, in any
        case, `CommandTimedOut`.
        """
        environment = self.env | dict(env or {})
        return processes.run(
            _found(argv, environment),
            cwd=cwd or self.work,
            env=environment,
            input=input,
            timeout=timeout,
            check=check,
        )

    def popen(
        self, argv: Sequence[str | Path], *, cwd: Path | None = None, env: Mapping[str, str] | None = None
    ) -> subprocess.Popen[str]:
        """Start a command with pipes for its streams, in a separate process group: see `processes.interrupt`.

        It ends with the sandbox.
        """
        environment = self.env | dict(env or {})
        streams = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        argv = _found(argv, environment)
        child = processes.start(argv, cwd=cwd or self.work, env=environment, **streams)
        self._started.append(child)
        return child

    def install_command(self, name: str, module: str, *, folder: Path | None = None) -> Path:
        """Put a command on PATH that calls `main(root: Path, argv: list[str]) -> int` of `module`.

        A `folder` other than `bin` is not on PATH.
        """
        folder = folder or self.bin
        script = folder / f".{name}.py"
        text = _COMMAND.format(repository=str(_REPOSITORY), module=module, root=str(self.root))
        script.write_text(text, encoding="utf-8")
        if sys.platform == "win32":
            command = folder / f"{name}.cmd"
            command.write_text(f'@"{sys.executable}" -I -X utf8 "{script}" %*\n', encoding="utf-8")
        else:
            command = folder / name
            # Not "#!python": that line is limited in length and allows no spaces.
            words = f"exec '{sys.executable}' -I -X utf8 '{script}'"
            command.write_text(f'#!/bin/sh\n{words} "$@"\n', encoding="utf-8")
            command.chmod(0o755)
        return command

    def close(self) -> None:
        """End every process and drop every database of this sandbox."""
        self._control.close()
        self.sites.close()
        for child in self._started:
            processes.kill(child)
            for stream in (child.stdin, child.stdout, child.stderr):
                if stream:
                    stream.close()
        self.postgres.close()

    def _terminal(self, bundle: Path) -> dict[str, str]:
        env = variables.terminal(os.environ)
        env |= variables.trusting(bundle) | variables.through(self.sites.router_url)
        env |= dict.fromkeys(("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"), str(self.home))
        env |= {"USER": "developer", "LOGNAME": "developer", "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}
        env["PATH"] = f"{self.bin}{os.pathsep}{env.get('PATH', os.defpath)}"
        env[isolation.VARIABLE] = isolation.current()
        env[environments.CACHE_VARIABLE] = str(environments.cache_folder())
        return env


def _found(argv: Sequence[str | Path], env: Mapping[str, str]) -> list[str | Path]:
    """The program found on the sandbox's PATH: Windows would search the PATH of this process."""
    return [shutil.which(argv[0], path=env["PATH"]) or argv[0], *argv[1:]]


def _remove(folder: Path) -> None:
    """Git's objects are read-only, which prevents their removal on Windows."""
    if sys.platform == "win32":
        for path in folder.rglob("*"):
            path.chmod(stat.S_IWRITE)
    elif os.geteuid() != 0:
        for path in folder.rglob("*.work/work"):  # of layers, which only root may read
            path.chmod(stat.S_IRWXU)
    shutil.rmtree(folder)
