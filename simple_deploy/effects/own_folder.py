"""`simple_deploy_logs/`, our only folder in a project, and how files are created: never through a link.

A repository can contain a folder of that name, with links in it. From that run on, ours is a folder in `.git`. Whatever
is at the path of a new file is removed, not written to; only regular files are read.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

FOLDER = "simple_deploy_logs"
_IN_GIT = "simple_deploy"
_IGNORE = b"# Logs of simple_deploy: this folder ignores itself.\n*\n"
PRIVATE = 0o600


def git_folder(root: Path) -> Path:
    """Git's own folder for this work tree; in a linked one, `.git` is a file that points to it
    (gitrepository-layout(5)).

    Raises OSError if there is neither.
    """
    entry = root / ".git"
    if entry.is_dir():
        return entry
    said = entry.read_text(encoding="utf-8", errors="surrogateescape")
    return root / said.removeprefix("gitdir:").strip()


def in_git(root: Path) -> Path:
    """The folder that replaces one that came with the repository. Raises OSError without a repository."""
    return git_folder(root) / _IN_GIT


def place(root: Path) -> Path:
    """The path of our folder: at the Git root, unless an earlier run had to create one in `.git`."""
    try:
        inside = in_git(root)
    except OSError:
        return root / FOLDER
    return inside if inside.is_dir() else root / FOLDER


def place_name(root: Path, *below: str) -> str:
    """Our folder, or a path below it, as shown to people."""
    return named(root, place(root).joinpath(*below))


def named(root: Path, path: Path) -> str:
    """The path as shown to people: relative to the Git root, unless it is outside of it."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def own_folder(root: Path, *below: str) -> Path:
    """Our folder, or one in it, created if missing; it ignores itself in Git. Raises OSError."""
    folder = place(root)
    make_folder(folder)
    ignore = folder / ".gitignore"
    if not ignore.exists() or ignore.read_bytes() != _IGNORE:
        # Another run may create or replace it at this moment.
        with suppress(FileExistsError, FileNotFoundError), create(ignore) as file:
            file.write(_IGNORE)
    for name in below:
        folder = folder / name
        make_folder(folder)
    return folder


def make_folder(folder: Path) -> None:
    """Create the folder and its missing parents. Raises OSError, also for a link at its path."""
    if linked(folder):
        raise NotADirectoryError(errno.ENOTDIR, f"{folder.name} is a link")
    if folder.is_dir():
        return
    if not folder.parent.is_dir():
        make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    keep_owner(folder, folder.parent)


def linked(path: Path) -> bool:
    """Whether it is a symbolic link, or a junction on Windows."""
    try:
        found = path.lstat()
    except OSError:
        return False
    reparse = getattr(stat, "FILE_ATTRIBUTE_REPARSE_POINT", 0)
    return stat.S_ISLNK(found.st_mode) or bool(getattr(found, "st_file_attributes", 0) & reparse)


def no_link(path: str, flags: int, mode: int = PRIVATE) -> int:
    """An opener for `open` that fails on a link and does not block on a pipe. Raises OSError."""
    if linked(Path(path)):
        raise OSError(errno.ELOOP, f"{Path(path).name} is a link")
    file = os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0), mode)
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise OSError(errno.EINVAL, f"{Path(path).name} is not a file")
    return file


def create(path: Path, mode: int = PRIVATE, *, like: Path | None = None) -> BinaryIO:
    """A new file, open for writing, which replaces whatever is at the path. Raises OSError.

    If the superuser works in another user's project, its owner is that of `like`, or of its folder.
    """

    def opener(name: str, flags: int) -> int:
        return no_link(name, flags, mode)

    if linked(path) or path.exists():
        path.unlink()
    file = open(path, "xb", opener=opener)  # noqa: SIM115 - the caller closes it
    keep_owner(path, like or path.parent)
    return file


def read(path: Path) -> bytes:
    """The content of the file. Raises OSError, also for a link or anything but a regular file."""
    with open(path, "rb", opener=no_link) as file:
        return file.read()


def staged(path: Path, content: bytes) -> Path:
    """The content in a new file next to `path`, synced to disk, to be renamed. Raises OSError."""
    new = path.with_name(f"{path.name}.new")
    with create(new) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return new


if sys.platform == "win32":

    def keep_owner(path: Path, like: Path) -> None:
        """Do nothing: on Windows the folder determines the owner of a new file."""

else:

    def keep_owner(path: Path, like: Path) -> None:
        """As the superuser, give `path` the owner of `like`. Raises OSError."""
        if os.geteuid() == 0:
            owner = like.stat()
            os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)
