"""Commands of manage.py in forks of a process that has imported Django, so that Django is not imported by each.

Two processes take turns, because the order of a set depends on the process: no second run writes the same for that
reason.
"""

from __future__ import annotations

import atexit
import functools
import itertools
import json
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from matrix.sandbox.processes import Ran

PROGRAM = Path(__file__).with_name("forks_of_django.py")
# What a process reads only once, when it starts.
READ_ONCE = ("PYTHON", "LC_", "LANG", "LD_", "DYLD_", "FAKETIME", "DONT_FAKE_MONOTONIC", "NO_FAKE_STAT")
TIMEOUT = 300


def possible(more: Mapping[str, str]) -> bool:
    """Whether a command with these additional variables can run in a fork."""
    return sys.platform != "win32" and not any(name.startswith(READ_ONCE) for name in more)


def manage(arguments: Sequence[str], cwd: Path, env: Mapping[str, str]) -> Ran:
    """`python manage.py ARGUMENTS` in this folder, with this environment and an empty standard input."""
    connection = next(_in_turn(tuple(sorted((name, env[name]) for name in env if name.startswith(READ_ONCE)))))
    order = {"argv": ["manage.py", *arguments], "cwd": str(cwd), "env": dict(env)}
    with TemporaryFile() as stdout, TemporaryFile() as stderr:
        socket.send_fds(connection, [json.dumps(order).encode() + b"\n"], [stdout.fileno(), stderr.fileno()])
        return Ran(argv=(), returncode=_status(connection), stdout=_text(stdout), stderr=_text(stderr))


def _status(connection: socket.socket) -> int:
    try:
        return int(connection.makefile("r", encoding="utf-8").readline())
    except TimeoutError:
        # The answer to this command must not be taken for the answer to the next.
        connection.close()
        raise


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode().replace("\r\n", "\n")


@functools.cache
def _in_turn(env: tuple[tuple[str, str], ...]) -> Iterator[socket.socket]:
    """The connections to two processes with these variables."""
    return itertools.cycle([_start(dict(env)), _start(dict(env))])


def _start(env: dict[str, str]) -> socket.socket:
    """Start a process; it exits when this one does."""
    ours, its = socket.socketpair()
    with its:
        argv = [sys.executable, str(PROGRAM), str(its.fileno())]
        program = subprocess.Popen(argv, env=env, pass_fds=[its.fileno()], stdin=subprocess.DEVNULL)
    ours.settimeout(TIMEOUT)
    atexit.register(program.wait)
    atexit.register(ours.close)
    return ours
