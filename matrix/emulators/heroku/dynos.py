"""Dynos: what an app's processes see, and processes that run once."""

from __future__ import annotations

import secrets
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence

from matrix.emulators.heroku.model import new_id
from matrix.emulators.heroku.slugs import PYTHON_HOME, Slug
from matrix.emulators.heroku.state import State
from matrix.sandbox import processes
from matrix.sandbox.namespace import Container, enter


def environment(config: Mapping[str, str], dyno: str) -> dict[str, str]:
    """What a process sees: config vars, then what the buildpack's profile scripts make of them.

    As heroku-buildpack-python v351 on a dyno with 512 MB and 8 cores, except for PYTHONHOME and
    PATH: the emulated Python is a virtual environment, which PYTHONHOME would break.
    """
    defaults = {
        "GUNICORN_CMD_ARGS": "--access-logfile -",
        "PYTHONHASHSEED": "random",
        "PYTHONPATH": "/app",
        "WEB_CONCURRENCY": "2",
        "WEB_CONCURRENCY_SET_BY": "heroku/python",
    }
    if "WEB_CONCURRENCY" in config:
        del defaults["WEB_CONCURRENCY_SET_BY"]
    fixed = {
        "DYNO": dyno,
        "DYNO_RAM": "512",
        "FORWARDED_ALLOW_IPS": "*",
        "HOME": "/app",
        "LANG": "C.UTF-8",
        "PATH": f"{PYTHON_HOME}/bin:/usr/local/bin:/usr/bin:/bin",
        "PYTHONUNBUFFERED": "true",
    }
    return {**defaults, **config, **fixed}


def shell(command: str) -> list[str]:
    """A Procfile command is a line of Bash."""
    return ["bash", "-c", command]


def one_off(state: State, app: str, slug: Slug) -> tuple[str, Container]:
    """A number and a container for a process that runs once."""
    number = str(1000 + secrets.randbelow(9000))
    return number, slug.copy_to(state.app_folder(app) / "dynos" / f"run.{number}-{new_id()[:8]}")


def run_to_end(
    container: Container,
    argv: Sequence[str],
    env: Mapping[str, str],
    *,
    limit: float,
    each_line: Callable[[str], None],
) -> int | None:
    """Run to the end and pass on each line of output; the exit status, None after `limit` seconds."""
    command = enter(container, argv, env)
    child = processes.start(
        command.argv,
        cwd=command.cwd,
        env=command.env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    late = threading.Event()

    def end_it() -> None:
        late.set()
        processes.kill(child)

    timer = threading.Timer(limit, end_it)
    timer.start()
    try:
        assert child.stdout
        with child.stdout as output:
            for line in output:
                each_line(line.rstrip("\n"))
        status = child.wait()
    finally:
        timer.cancel()
        processes.kill(child)
    return None if late.is_set() else status


def attached(container: Container, argv: Sequence[str], env: Mapping[str, str]) -> int:
    """Run with this process's own input and output; the exit status."""
    command = enter(container, argv, env)
    return subprocess.run(
        command.argv, cwd=command.cwd, env=command.env, stderr=subprocess.STDOUT, check=False
    ).returncode
