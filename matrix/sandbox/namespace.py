"""A container: where a platform builds and runs an app, with the app at /app.

On Linux with a working bubblewrap the path is real: the app's folder is /app, and of the host only the system folders
and the base Python are visible. Elsewhere the app stays in its folder and paths that start with /app are rewritten;
`isolation.current` reports which one applies, and results record it.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from . import clock, isolation

# Bound one by one, because /etc also contains secrets. Links are followed: resolv.conf is often one.
_ETC = (
    "alternatives", "ca-certificates", "ca-certificates.conf", "crypto-policies", "group",
    "host.conf", "hosts", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "mime.types",
    "nsswitch.conf", "os-release", "passwd", "pip.conf", "pki", "protocols", "resolv.conf",
    "services", "ssl", "uv",
)  # fmt: skip
_SYSTEM = ("/bin", "/lib", "/lib32", "/lib64", "/libx32", "/sbin")
_SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"


@dataclass(frozen=True, kw_only=True)
class Mount:
    """A host folder or file mounted in a container at an absolute path."""

    host: Path
    inside: str
    writable: bool = False


@dataclass(frozen=True, kw_only=True)
class Container:
    """The app's folder, mounted at /app, and other mounts. Later mounts cover earlier ones.

    With `app_kept`, which requires `isolation.discards_changes`, each process has its own changes to the app, and they
    are lost when it ends.
    A container with its own root (see `layers`) has an `entry` instead: the words before every command in it.
    """

    app: Path
    mounts: tuple[Mount, ...] = ()
    app_writable: bool = True
    app_kept: bool = False
    entry: tuple[str, ...] = ()

    def translate(self, text: str) -> str:
        """`text` with every path that starts with /app or a mount replaced by its host path."""
        places = {"/app": str(self.app)} | {mount.inside: str(mount.host) for mount in self.mounts}
        longest_first = sorted(places, key=len, reverse=True)
        pattern = rf"(?<![\w.~/-])({'|'.join(map(re.escape, longest_first))})(?![\w.-])"
        return re.sub(pattern, lambda match: places[match[1]], text)


@dataclass(frozen=True, kw_only=True)
class Command:
    """The arguments, the whole environment, and the working directory for `subprocess`."""

    argv: tuple[str, ...]
    env: Mapping[str, str]
    cwd: Path


def enter(
    container: Container,
    argv: Sequence[str],
    env: Mapping[str, str],
    cwd: str = "/app",
) -> Command:
    """The command that runs `argv` inside `container`.

    `env` is the whole environment; only PATH, HOME and LANG have defaults. The user inside has the
    same number as outside, and no capability. A container with an `entry` has its own defaults, working directory
    and user.
    """
    if container.entry:
        return Command(argv=(*container.entry, *argv), env=dict(env), cwd=container.app)
    env = {"PATH": _SYSTEM_PATH, "HOME": "/app", "LANG": "C.UTF-8", **env}
    if isolation.current() == "folder":
        return _in_folder(container, argv, env, cwd)
    walls = (*_walls(container), "--chdir", cwd, "--", *clock.words())
    return Command(argv=(*walls, *argv), env=env, cwd=container.app)


def python_mount(interpreter: Path) -> tuple[Mount, ...]:
    """The mounts that make `interpreter` (from `environments.python`) and environments created from it work."""
    prefix = interpreter.resolve().parent.parent
    if prefix.is_relative_to("/usr"):
        return ()
    # The unresolved path too: environments contain it.
    named = interpreter.absolute().parent.parent
    return tuple(Mount(host=prefix, inside=str(path)) for path in dict.fromkeys((prefix, named)))


def _in_folder(container: Container, argv: Sequence[str], env: Mapping[str, str], cwd: str) -> Command:
    return Command(
        argv=tuple(map(container.translate, argv)),
        env={name: container.translate(value) for name, value in env.items()} | _windows_essentials(),
        cwd=Path(container.translate(cwd)),
    )


def _windows_essentials() -> dict[str, str]:
    """Without these, sockets and Python itself do not start on Windows."""
    names = ("SYSTEMROOT", "COMSPEC", "PATHEXT", "TEMP", "TMP") if sys.platform == "win32" else ()
    return {name: os.environ[name] for name in names if name in os.environ}


def _walls(container: Container) -> list[str]:
    """Bubblewrap and its arguments, up to the command."""
    mounts = (*python_mount(Path(sys.base_prefix, "bin", "python3")), *container.mounts)
    return [
        str(isolation.bubblewrap()), *isolation.NO_PRIVILEGES, "--die-with-parent", "--unshare-pid", "--unshare-ipc",
        "--ro-bind", "/usr", "/usr", *_system_folders(), *_etc(),
        *isolation.PROC, "--dev", "/dev", *clock.mount(),
        "--tmpfs", "/tmp", "--tmpfs", "/var/tmp", "--tmpfs", "/run",
        # Closed at the end: the mount points inside must be created first.
        *_app(container), *_binds(mounts), *_closed(container), "--remount-ro", "/",
    ]  # fmt: skip


def _app(container: Container) -> tuple[str, ...]:
    if container.app_kept:
        return ("--overlay-src", str(container.app), "--tmp-overlay", "/app")
    return ("--bind", str(container.app), "/app")


def _closed(container: Container) -> tuple[str, ...]:
    return () if container.app_writable else ("--remount-ro", "/app")


def _binds(mounts: Iterable[Mount]) -> list[str]:
    return [
        word
        for mount in mounts
        for word in ("--bind" if mount.writable else "--ro-bind", str(mount.host), mount.inside)
    ]


def _system_folders() -> list[str]:
    """On most distributions these are links into /usr, on the others real folders."""
    words: list[str] = []
    for folder in map(Path, _SYSTEM):
        if folder.is_symlink():
            words += ["--symlink", str(folder.readlink()), str(folder)]
        elif folder.is_dir():
            words += ["--ro-bind", str(folder), str(folder)]
    return words


def _etc() -> list[str]:
    present = [path for path in (Path("/etc", name) for name in _ETC) if path.exists()]
    return _binds(Mount(host=path.resolve(), inside=str(PurePosixPath(path))) for path in present)
