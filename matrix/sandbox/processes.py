"""Process trees that always end: on request, at their timeout, and with the process that started them."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from . import watchdog

# On Linux a child that dies with its parent dies with the thread that started it, so one long-lived thread starts all.
_starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="process-starter")

_GRACE = 5.0


def start(argv: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str], **streams: Any) -> subprocess.Popen[str]:
    """Start a process tree that ends with this process at the latest. Streams are UTF-8 text."""

    def start_watched() -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [str(word) for word in argv],
            cwd=cwd,
            env=dict(env),
            encoding="utf-8",
            errors="replace",
            **watchdog.own_group(),
            **streams,
        )
        watchdog.watch(child.pid)
        return child

    return _starter.submit(start_watched).result()


@dataclass(frozen=True, kw_only=True)
class Ran:
    """A finished command. Output is UTF-8 text with `\n` line ends.

    `seconds` is the time from its start, or from Ctrl-C, to its exit; `left` are its programs that still ran then.
    """

    argv: tuple[str, ...]
    returncode: int
    stdout: str
    stderr: str
    seconds: float = 0.0
    left: tuple[str, ...] = ()


class CommandFailed(Exception):
    """A command ended with a status other than 0."""

    def __init__(self, completed: Ran, problem: str = "") -> None:
        """`problem` replaces the sentence about the status."""
        self.completed = completed
        problem = problem or f"ended with status {completed.returncode}"
        super().__init__(f"{shlex.join(completed.argv)}: {problem}\n{completed.stdout}{completed.stderr}".strip())


class CommandTimedOut(CommandFailed):
    """A command did not end in time and was killed with all its children."""


def run(
    argv: Sequence[str | Path],
    *,
    cwd: Path,
    env: Mapping[str, str],
    input: str | None = None,  # noqa: A002  (as in `subprocess.run`)
    timeout: float = 600,
    check: bool = True,
) -> Ran:
    """Run a command to its end. Raises `CommandFailed` (if `check`) and, in any case, `CommandTimedOut`."""
    child = start(
        argv,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL if input is None else subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    problem = ""
    try:
        stdout, stderr = child.communicate(input, timeout)
    except subprocess.TimeoutExpired:
        problem = f"did not end within {timeout:g} seconds"
        watchdog.kill_tree(child.pid)
        stdout, stderr = child.communicate(timeout=_GRACE)
    finally:
        kill(child)
    words = tuple(str(word) for word in argv)
    completed = Ran(argv=words, returncode=child.returncode, stdout=stdout, stderr=stderr)
    if problem:
        raise CommandTimedOut(completed, problem)
    if check and completed.returncode != 0:
        raise CommandFailed(completed)
    return completed


def kill(child: subprocess.Popen[str]) -> None:
    """Kill the whole tree."""
    # The number of an exited process may be reused; that of its group is not while it has members.
    if child.poll() is None or not psutil.pid_exists(child.pid):
        watchdog.kill_tree(child.pid)
    child.wait(_GRACE)
    watchdog.forget(child.pid)


def stop(child: subprocess.Popen[str], stop_signal: signal.Signals, timeout: float, *, main_only: bool = False) -> None:
    """Send `stop_signal` to every program of the tree, or to the first; kill what is left after `timeout` seconds."""
    for program in _programs(child.pid)[: 1 if main_only else None]:
        with contextlib.suppress(psutil.NoSuchProcess):
            program.send_signal(stop_signal if sys.platform != "win32" else signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(timeout)
    kill(child)


def interrupt(child: subprocess.Popen[str]) -> None:
    """Interrupt the tree as Ctrl-C in a terminal does."""
    if sys.platform == "win32":
        child.send_signal(signal.CTRL_BREAK_EVENT)
    else:
        os.killpg(child.pid, signal.SIGINT)


def wait_until(condition: Callable[[], bool], timeout: float) -> bool:
    """Whether `condition` became true within `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def accepts_connections(port: int) -> bool:
    """Whether something listens on this port of 127.0.0.1."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _programs(pid: int) -> list[psutil.Process]:
    """The processes of a tree, except bubblewrap itself: the signal would tear the container down first."""
    try:
        root = psutil.Process(pid)
        tree = [root, *root.children(recursive=True)]
        return [member for member in tree if member.name() != "bwrap"]
    except psutil.NoSuchProcess:
        return []
