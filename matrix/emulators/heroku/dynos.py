"""Dynos: what an app's processes see."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from matrix.emulators.heroku.slugs import PYTHON_HOME, Slug
from matrix.emulators.heroku.state import State
from matrix.emulators.store import new_id
from matrix.sandbox.namespace import Container


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
