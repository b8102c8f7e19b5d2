"""How a program that we started is ended, with everything that it has started.

First it receives the interrupt, then a request to terminate, and finally it is killed: the order of nox (popen.py). A
CLI may be a shim, as npm installs them on Windows. If only the shim were killed, the program behind it would go on.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

# How long, in seconds, programs may take to exit: people wait two seconds at most, and we have to exit, too.
INTERRUPTED = 0.7
_TERMINATED = 0.3


def end(children: Sequence[subprocess.Popen[str]], *, patience: float = INTERRUPTED) -> None:
    """Give all the programs a moment to exit; then end those that are left."""
    left = _left(children, patience)
    trees = [_tree(child.pid) for child in left]
    for tree in trees:
        _signal(tree, kill=False)
    _left(left, _TERMINATED)
    for tree in trees:
        _signal(tree, kill=True)
    for child in left:
        child.kill()
        child.wait()


def _left(children: Iterable[subprocess.Popen[str]], seconds: float) -> list[subprocess.Popen[str]]:
    """The programs that still run after this time, or when Ctrl-C is pressed again."""
    deadline = time.monotonic() + seconds
    left = []
    for child in children:
        try:
            child.wait(max(0.0, deadline - time.monotonic()))
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            left.append(child)
    return left


def _signal(tree: Sequence[int], *, kill: bool) -> None:
    """Terminate or kill programs. Windows can only kill, and its taskkill finds the process tree."""
    if sys.platform == "win32":
        if kill:
            argv = ["taskkill", "/F", "/T", "/PID", str(tree[0])]
            subprocess.run(argv, capture_output=True, check=False)
    else:
        for pid in tree:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL if kill else signal.SIGTERM)


def _tree(pid: int) -> list[int]:
    """The program and its descendants, as long as each one's parent is alive."""
    parents = {} if sys.platform == "win32" else _parents()
    tree = [pid]
    for parent in tree:
        tree += [child for child, its_parent in parents.items() if its_parent == parent]
    return tree


def _parents() -> dict[int, int]:
    """The parent of every process. Small Linux images have no `ps`; other systems have no /proc in this format."""
    if not Path("/proc/self/stat").exists():
        listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, encoding="utf-8", check=False)
        return {int(pid): int(parent) for pid, parent in map(str.split, listed.stdout.splitlines())}
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has exited meanwhile
            # proc(5): the name in parentheses may contain anything; the state and the parent come after it.
            found[int(path.parent.name)] = int(path.read_text("utf-8", "replace").rpartition(")")[2].split()[1])
    return found
