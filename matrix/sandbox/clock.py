"""The clock of this machine, if libfaketime sets it ahead: sandboxes and containers must have the same one."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

# Without the variables of one particular `faketime` call.
_VARIABLES = re.compile(r"LD_PRELOAD|FAKETIME(_(?!SHARED)\w+)?|DONT_FAKE_MONOTONIC|NO_FAKE_STAT")
# A file there is never part of an image.
_LIBRARY = "/dev/libfaketime.so"


def environment(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The variables that set the clock of a program; none if the clock is the real one."""
    if "FAKETIME" not in environ:
        return {}
    return {name: value for name, value in environ.items() if _VARIABLES.fullmatch(name)}


def mount(environ: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Bubblewrap's arguments that show the library in a container; after `--dev /dev`."""
    return ("--ro-bind", _loaded(), _LIBRARY) if environment(environ) else ()


def words(environ: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """The words before a command in a container. Programs that change the user must not load the library."""
    variables = environment(environ)
    if not variables:
        return ()
    inside = {**variables, "LD_PRELOAD": _LIBRARY}
    return ("/usr/bin/env", *(f"{name}={value}" for name, value in inside.items()))


def _loaded() -> str:
    """The library's file: LD_PRELOAD may name it in a way that only the loader resolves."""
    lines = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    return next(line.split(maxsplit=5)[5] for line in lines if "libfaketime" in line)
