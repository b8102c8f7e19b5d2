"""Environments that are built once and used by every cell that needs the same: the shared install cache."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from filelock import FileLock

CACHE_VARIABLE = "SIMPLE_DEPLOY_MATRIX_CACHE"


def cached(key: Mapping[str, str], build: Callable[[Path], None]) -> Path:
    """The folder that `build` filled for exactly this `key`, built now if no one did before.

    `build` gets an empty folder at its final place. Of several processes that ask at the same time
    one builds and the others wait. A build that raised or was interrupted is started afresh: a folder
    counts only once its `key.json` is written, which happens last.
    """
    text = json.dumps(dict(key), indent=2, sort_keys=True) + "\n"
    folder = cache_folder() / "environments" / hashlib.sha256(text.encode()).hexdigest()[:20]
    marker = folder / "key.json"
    if marker.exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):
        if not marker.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            build(folder)
            _write_whole(marker, text)
    return folder


def cache_folder() -> Path:
    """The harness's folder in the user's caches. A sandbox has another HOME and names it in `CACHE_VARIABLE`."""
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named) if named else user_caches() / "simple_deploy_matrix"


def user_caches() -> Path:
    """The folder in which this user's programs keep their caches."""
    if sys.platform == "win32":
        return Path(os.environ["LOCALAPPDATA"])
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


@functools.cache
def python(version: str) -> Path | None:
    """An interpreter `X.Y` of this machine, never one of a virtual environment; None if there is none."""
    if version == f"{sys.version_info.major}.{sys.version_info.minor}":
        return base_interpreter()
    argv = [str(uv()), "python", "find", "--no-project", "--system", "--no-python-downloads", version]
    found = subprocess.run(argv, capture_output=True, text=True, encoding="utf-8", check=False)
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


def _write_whole(path: Path, text: str) -> None:
    """Write so that other processes see either nothing or all of it."""
    unfinished = path.with_suffix(".tmp")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)
