"""Runs bubblewrap in a user namespace in which every user and group exists with its own number.

Only root can create one. Root inside may give files to others and become another user, as a build of an image must, and
has no capability outside. Usage: `python user_namespace.py BUBBLEWRAP ARGUMENT...`
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

_CLONE_NEWUSER = 0x10000000
# For the new namespace only: a program in it cannot create another.
_LIMIT = Path("/proc/sys/user/max_user_namespaces")


def main(argv: list[str]) -> None:
    """Enter a new namespace and replace this process with bubblewrap."""
    made, mapped = os.pipe(), os.pipe()
    itself = os.getpid()
    outside = os.fork()
    if outside == 0:
        os.close(made[1])
        if os.read(made[0], 1):
            _map_everyone(itself)
            os.write(mapped[1], b".")
        os._exit(0)
    os.close(mapped[1])
    if ctypes.CDLL(None).unshare(_CLONE_NEWUSER) == 0:
        os.write(made[1], b".")
    os.close(made[1])
    if not os.read(mapped[0], 1):
        sys.exit("No user namespace in which all users exist can be made here.")
    os.waitpid(outside, 0)
    _LIMIT.write_text("0", encoding="ascii")
    os.execv(argv[0], argv)


def _map_everyone(pid: int) -> None:
    """Map every user and group to the same number in the namespace of that process."""
    for name in ("uid_map", "gid_map"):
        rows = [line.split() for line in Path("/proc/self", name).read_text(encoding="ascii").splitlines()]
        text = "".join(f"{inside} {inside} {count}\n" for inside, _, count in rows)
        Path("/proc", str(pid), name).write_text(text, encoding="ascii")


if __name__ == "__main__":
    main(sys.argv[1:])
