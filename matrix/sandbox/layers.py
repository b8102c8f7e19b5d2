"""A root file system made of layers, like a container image, with real users and real ownership.

Below the layers is the host's system, read-only, without what a slim Debian lacks: compilers, Git, gettext, libraries
such as libpq. It requires Linux and a bubblewrap that can mount overlays; `works` says whether they are available.
Everything runs in a separate user namespace, without capabilities outside of it. Root creates one in which all users
exist; without root, everything inside belongs to the user who runs there, and no file can have another owner.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from . import clock, isolation, user_namespace
from .namespace import Container, Mount

PATH = "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
_SYSTEM_FOLDERS = ("bin", "lib", "lib32", "lib64", "libx32", "sbin")
_NOT_IN_SLIM = (
    "cc", "c++", "*gcc*", "*g++*", "clang*", "make", "cmake", "*pg_config*", "git", "curl", "wget", "python*", "pip*",
    "uv", "uvx", "node", "nodejs", "npm", "npx", "corepack", "msg*", "xgettext", "gdal*",
)  # fmt: skip
_LIBRARIES_NOT_IN_SLIM = ("pq", "pango*", "harfbuzz*", "magic", "gdal", "geos*", "mariadb", "mysqlclient", "xmlsec1*")
# Docker's own list [Docker docs: runtime privilege and Linux capabilities], each for the user namespace only: the
# kernel makes no device (MKNOD) for a user namespace, and no raw socket (NET_RAW) of a network that is not its own.
_CAPABILITIES = (
    "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "NET_RAW",
    "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class User:
    """The user of a program: numbers, and the folder in HOME."""

    uid: int = 0
    gid: int = 0
    home: str = f"/{'root'}"  # of the image, never of this machine


ROOT = User()


def works() -> bool:
    """Whether this machine and this user can run programs in layers, and the isolation of this run allows it."""
    return isolation.current() == "bubblewrap" and _can_stack()


@functools.cache
def _can_stack() -> bool:
    with tempfile.TemporaryDirectory() as name:
        skeleton = Path(name, "skeleton")
        write_skeleton(skeleton)
        trial = container((skeleton,), Path(name, "upper"), user=User(uid=1, gid=1))
        argv = [*trial.entry, "true"]
        return subprocess.run(argv, cwd=trial.app, capture_output=True, check=False).returncode == 0


def has_owners() -> bool:
    """Whether files inside belong to different users, as on a real machine; this requires root."""
    return sys.platform != "win32" and os.geteuid() == 0


def container(
    layers: Sequence[Path],
    upper: Path,
    *,
    user: User = ROOT,
    workdir: str = "/",
    mounts: Iterable[Mount] = (),
    also: Sequence[Path] = (),
    own_system: bool = False,
) -> Container:
    """A container whose root is `layers`, lowest first; changes go to the folder `upper`, which may exist.

    `also` are the layers of another root, visible at /run/also. Layers with an `own_system` do not use the host's.
    """
    work = upper.with_name(f"{upper.name}.work")
    for folder in (upper, work):
        folder.mkdir(parents=True, exist_ok=True)
    entry = [
        *_bubblewrap(user), "--die-with-parent", "--unshare-pid", "--unshare-ipc", "--unshare-uts",
        *_stack(layers), "--overlay", str(upper), str(work), "/",
        *(() if own_system else _system()), *isolation.PROC, "--dev", "/dev",
        "--perms", "1777", "--tmpfs", "/dev/shm", *clock.mount(),
        *(("--tmpfs", "/run", *_shown(also, "/run/also")) if also else ()),
        *_binds(mounts), "--chdir", workdir, *_become(user), *clock.words(),
    ]  # fmt: skip
    return Container(app=upper, entry=tuple(entry))


def remove_work(upper: Path) -> None:
    """Remove the work folder of an `upper` folder when its container has ended."""
    work = upper.with_name(f"{upper.name}.work")
    for locked in work.glob("work"):  # it cannot be read
        locked.chmod(0o700)
    shutil.rmtree(work)


def write_skeleton(folder: Path) -> None:
    """The empty folders and the links of a Debian system, as on the host."""
    for name in ("dev", "etc", "home", "opt", "proc", "root", "run", "srv", "tmp", "usr/local", "var/tmp"):
        (folder / name).mkdir(parents=True)
    for name in ("root", "tmp", "var/tmp"):
        (folder / name).chmod(0o700 if name == "root" else 0o1777)
    for name in _SYSTEM_FOLDERS:
        if Path("/", name).is_symlink():
            (folder / name).symlink_to(Path("/", name).readlink())


def read(layers: Sequence[Path], name: str) -> str:
    """The text of a file in the uppermost layer that has it; empty if none has."""
    for layer in reversed(layers):
        path = layer / name
        if path.is_symlink() or path.exists():
            return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    return ""


def find_user(layers: Sequence[Path], name: str) -> User:
    """The user `name`, `name:group` or `uid:gid` of a root. Raises LookupError if /etc/passwd does not have it."""
    who, _, group = name.partition(":")
    passwd = [line.split(":") for line in read(layers, "etc/passwd").splitlines()]
    found = next((row for row in passwd if who in (row[0], row[2])), None)
    if found is None and not who.isdigit():
        raise LookupError(f"unable to find user {who}: no matching entries in passwd file")
    uid, gid, home = (int(found[2]), int(found[3]), found[5]) if found else (int(who), 0, "/")
    return User(uid=uid, gid=_find_group(layers, group) if group else gid, home=home)


def _find_group(layers: Sequence[Path], name: str) -> int:
    rows = [line.split(":") for line in read(layers, "etc/group").splitlines()]
    found = next((int(row[2]) for row in rows if name == row[0]), None)
    if found is None and not name.isdigit():
        raise LookupError(f"unable to find group {name}: no matching entries in group file")
    return int(name) if found is None else found


def _bubblewrap(user: User) -> tuple[str, ...]:
    """The first words of an entry: for root a namespace with all users, otherwise one with only this user."""
    program = str(isolation.bubblewrap())
    if has_owners():
        return (sys.executable, "-I", "-S", user_namespace.__file__, program)
    return (program, *isolation.NO_PRIVILEGES, "--uid", str(user.uid), "--gid", str(user.gid))


def _become(user: User) -> tuple[str, ...]:
    """The last words before a command: root drops its privileges."""
    if not has_owners():
        return ("--",)
    capabilities = _words("--cap-add", (f"CAP_{name}" for name in _CAPABILITIES))
    allowed = ("--cap-drop", "ALL", *capabilities, "--")
    if user == ROOT:
        return allowed
    return (*allowed, "setpriv", f"--reuid={user.uid}", f"--regid={user.gid}", "--clear-groups", "--")


@functools.cache
def _system() -> tuple[str, ...]:
    """The host's system folders, with those programs hidden that a slim system does not have."""
    usr = Path("/usr")
    shown = [path for path in sorted(usr.iterdir()) if path.name != "local" and path.is_dir() and not path.is_symlink()]
    shown += [path for name in _SYSTEM_FOLDERS if (path := Path("/", name)).is_dir() and not path.is_symlink()]
    programs = [path for path in (usr / "bin").iterdir() if any(fnmatch(path.name, name) for name in _NOT_IN_SLIM)]
    libraries = [path for name in _LIBRARIES_NOT_IN_SLIM for path in (usr / "lib").glob(f"*/lib{name}.so*")]
    hidden = {path.resolve() for path in (*programs, *libraries) if path.is_file()}
    within = [path for path in hidden if path.is_relative_to(usr) and not path.is_relative_to(usr / "local")]
    return (
        *_binds(Mount(host=path, inside=str(path)) for path in shown),
        *_binds(Mount(host=Path("/dev/null"), inside=str(path)) for path in sorted(within)),
    )


def _shown(layers: Sequence[Path], inside: str) -> tuple[str, ...]:
    """Layers, read-only; bubblewrap makes no overlay of a single one."""
    if len(layers) == 1:
        return ("--ro-bind", str(layers[0]), inside)
    return (*_stack(layers), "--ro-overlay", inside)


def _stack(layers: Iterable[Path]) -> tuple[str, ...]:
    return _words("--overlay-src", map(str, layers))


def _binds(mounts: Iterable[Mount]) -> tuple[str, ...]:
    return tuple(
        word
        for mount in mounts
        for word in ("--bind" if mount.writable else "--ro-bind", str(mount.host), mount.inside)
    )


def _words(option: str, values: Iterable[str]) -> tuple[str, ...]:
    return tuple(word for value in values for word in (option, value))
