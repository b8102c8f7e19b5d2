"""Ends the programs that a process started once it has returned, was interrupted or was killed.

The owner holds the only end of a pipe to a small process in a separate session and sends it its process trees. When the
owner is gone, on any system and for any reason, the pipe closes.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any

import psutil


def own_group() -> dict[str, Any]:
    """Options for `subprocess.Popen`: a separate group, which the terminal's Ctrl-C does not reach."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def watch(pid: int) -> None:
    """From now on the tree of `pid`, started with `own_group`, dies with this process."""
    _tell("watch", pid)


def forget(pid: int) -> None:
    """The tree of `pid` has ended; the system may reuse its number."""
    _tell("forget", pid)


def watch_folder(folder: Path) -> None:
    """From now on `folder` is removed if this process dies."""
    _tell("watch folder", str(folder))


def forget_folder(folder: Path) -> None:
    """`folder` has been removed, or is to be kept."""
    _tell("forget folder", str(folder))


def kill_tree(pid: int) -> None:
    """Kill `pid`, its group and its descendants, immediately."""
    root = _find(pid)
    victims = [*root.children(recursive=True), root] if root else []
    if sys.platform != "win32":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
    for victim in victims:
        with contextlib.suppress(psutil.NoSuchProcess):
            victim.kill()


_lock = threading.Lock()
_pipe: IO[str] | None = None


def _tell(verb: str, subject: int | str) -> None:
    global _pipe
    with _lock:
        _pipe = _pipe or _start()
        _pipe.write(json.dumps([verb, subject]) + "\n")
        _pipe.flush()


def _start() -> IO[str]:
    child = subprocess.Popen(
        [sys.executable, "-I", __file__],
        stdin=subprocess.PIPE,
        # Inherited outputs would keep the pipes of the parent process open.
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        **own_group(),
    )
    atexit.register(child.communicate)
    assert child.stdin
    return child.stdin


def _main() -> None:
    trees: dict[int, psutil.Process | None] = {}
    folders: dict[str, None] = {}
    for line in sys.stdin:
        verb, subject = json.loads(line)
        if verb == "watch":
            trees[subject] = _find(subject)
        elif verb == "forget":
            trees.pop(subject, None)
        elif verb == "watch folder":
            folders[subject] = None
        elif verb == "forget folder":
            folders.pop(subject, None)
    for pid, watched in trees.items():
        # The leader may have exited while its group still runs; a process that reuses its number is not ours.
        if _find(pid) in (None, watched):
            kill_tree(pid)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _find(pid: int) -> psutil.Process | None:
    try:
        return psutil.Process(pid)
    except psutil.NoSuchProcess:
        return None


if __name__ == "__main__":
    _main()
