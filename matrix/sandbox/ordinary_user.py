"""A user that may run PostgreSQL, which refuses to run as root."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

_NOBODY = 65534
# Inside it is another user; for the file system it is still root, so that it can read every folder.
_SAME_USER_RENAMED = ("unshare", "--user", f"--map-user={_NOBODY}", f"--map-group={_NOBODY}", "--ipc", "--")
_OTHER_USER = ("setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups", "--")


@dataclass(frozen=True, kw_only=True)
class OrdinaryUser:
    """How to run a program as a user other than root: a prefix for its arguments, and the owner of its files."""

    prefix: tuple[str, ...] = ()
    owner: int | None = None

    def new_folder(self, prefix: str) -> Path:
        """A new private folder that this user can reach."""
        place = None if self.owner is None else "/tmp"
        return self.own(Path(tempfile.mkdtemp(prefix=prefix, dir=place)))

    def own(self, folder: Path) -> Path:
        """Give `folder` and everything in it to this user."""
        if self.owner is not None:
            for path in (folder, *folder.rglob("*")):
                shutil.chown(path, self.owner, self.owner)
        return folder


SAME_USER = OrdinaryUser()
RENAMED_ROOT = OrdinaryUser(prefix=_SAME_USER_RENAMED)
NOBODY = OrdinaryUser(prefix=_OTHER_USER, owner=_NOBODY)


@functools.cache
def ordinary_user() -> OrdinaryUser:
    """This user, unless it is root: then root renamed in a user namespace, or `nobody` if that is not allowed."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return SAME_USER
    trial = [*_SAME_USER_RENAMED, "true"]
    works = shutil.which("unshare") and subprocess.run(trial, capture_output=True, check=False).returncode == 0
    return RENAMED_ROOT if works else NOBODY
