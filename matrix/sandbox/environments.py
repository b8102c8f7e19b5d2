"""Environments that are built once and used by every cell that needs the same one: the shared install cache."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from filelock import FileLock

from . import room, seals

CACHE_VARIABLE = "SIMPLE_DEPLOY_MATRIX_CACHE"
# For installers that write to a cached folder: no file is shared with the installer's own cache, and bytecode is
# written before the folder becomes read-only.
INSTALLING = {"UV_LINK_MODE": "copy", "UV_COMPILE_BYTECODE": "1"}


def cached(key: Mapping[str, str], build: Callable[[Path], None], *, read_only: bool = True) -> Path:
    """The folder that `build` filled for exactly this `key`; it is built now unless it exists unchanged.

    `build` gets an empty folder at its final path, which is then sealed: it is read-only, unless the modes of its files
    matter. A folder that was changed since is built again, and `changed.log` next to it lists the changes. If several
    processes ask at the same time, one builds and the others wait. After an error or an interruption, a build starts
    from the beginning: a folder counts only once its record is written, which happens last.

    After a build, the folders unused for longest are removed beyond a size that all cells need: see `room`.
    """
    text = json.dumps(dict(key), indent=2, sort_keys=True) + "\n"
    folder = folders() / hashlib.sha256(text.encode()).hexdigest()[:20]
    if _is_as_built(folder):
        room.key(folder).touch()  # the time of its last use
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):
        if not _is_as_built(folder, report=True):
            room.forget(folder)
            folder.mkdir()
            room.key(folder).write_text(text, encoding="utf-8", newline="\n")
            build(folder)
            room.size(folder).write_text(str(seals.size(folder)), encoding="utf-8", newline="\n")
            seals.seal(folder, room.record(folder), read_only=read_only)
    room.make(folder.parent)
    return folder


def _is_as_built(folder: Path, *, report: bool = False) -> bool:
    """Whether the folder was built completely and has not changed since."""
    try:
        changed = seals.changes(folder, room.record(folder))
    except FileNotFoundError:
        return False
    if changed and report:
        with (folder.parent / "changed.log").open("a", encoding="utf-8", errors="replace") as log:
            log.write(f"{folder.name} is built again, because this was changed since: {changed}\n")
    return not changed


def folders() -> Path:
    """The folder of the cached folders."""
    return cache_folder() / "environments"


def cache_folder() -> Path:
    """The harness's folder in the user's caches. A sandbox has another HOME and gets it in `CACHE_VARIABLE`."""
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named) if named else user_caches() / "simple_deploy_matrix"


def user_caches() -> Path:
    """The folder in which this user's programs keep their caches."""
    if sys.platform == "win32":
        return Path(os.environ["LOCALAPPDATA"])
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def identity(interpreter: Path) -> str:
    """An identity that changes when another interpreter is installed at the path, for the key of a cached folder."""
    found = interpreter.stat()
    return f"{interpreter} {found.st_size} {found.st_mtime_ns}"


@functools.cache
def python(version: str) -> Path | None:
    """An interpreter `X.Y` of this machine, never one of a virtual environment; None if there is none."""
    if version == f"{sys.version_info.major}.{sys.version_info.minor}":
        return base_interpreter()
    programs = os.environ.get("PATH", "").split(os.pathsep)
    # A shim of pyenv, mise or asdf starts several programs each time, and uv keeps no answer of one.
    return _find_python(version, [name for name in programs if Path(name).name != "shims"]) or _find_python(
        version, programs
    )


def _find_python(version: str, programs: Sequence[str]) -> Path | None:
    argv = [str(uv()), "python", "find", "--no-project", "--system", "--no-python-downloads", version]
    env = {**os.environ, "PATH": os.pathsep.join(programs)}
    found = subprocess.run(argv, env=env, capture_output=True, encoding="utf-8", check=False)
    return Path(found.stdout.strip()).resolve() if found.returncode == 0 else None


def uv() -> Path:
    """The `uv` that was installed with this harness, else the one on PATH."""
    from uv import find_uv_bin

    return Path(find_uv_bin())


def base_interpreter() -> Path:
    """The Python that runs this, outside of any virtual environment."""
    if sys.platform == "win32":
        return Path(sys.base_prefix, "python.exe")
    return Path(sys.base_prefix, "bin", f"python{sys.version_info.major}.{sys.version_info.minor}")
