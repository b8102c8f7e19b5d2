"""Packages and programs that are missing here, fetched into the user's cache."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from ..model import Record
from .commands import found, run

_KEPT = 8
_UV = "uv"
_SECONDS = 180
# Do not wait for a package index that cannot be reached.
_IMPATIENT = {"UV_HTTP_TIMEOUT": "15", "UV_HTTP_RETRIES": "1", "PIP_DEFAULT_TIMEOUT": "15", "PIP_RETRIES": "1"}


def cache_folder(name: str) -> Path:
    """A folder of ours in the user's cache, created if missing. Raises OSError or RuntimeError."""
    given = os.environ.get("LOCALAPPDATA") if sys.platform == "win32" else os.environ.get("XDG_CACHE_HOME")
    place = (Path(given) if given else Path.home() / ".cache") / "simple_deploy" / name
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place


def installed(wanted: Sequence[str], record: Record, *, fetches: bool = True, alone: bool = False) -> Path | None:
    """The folder with these packages: that of an earlier run, or, with `fetches`, a new one. `alone` means without the
    packages that they need.
    """
    try:
        store = cache_folder("packages")
    except (OSError, RuntimeError):
        return None
    wanted = [*wanted, *(["--no-deps"] if alone else [])]

    def fill(folder: Path) -> bool:
        return any(_filled(folder, installer, wanted, record) for installer in _installers(wanted, record))

    return _made(store, sorted(wanted), fill if fetches else None)


def overlaid(folders: Sequence[Path]) -> Path | None:
    """The folder with everything in these, where a file of a later one replaces that of an earlier one."""

    def fill(folder: Path) -> bool:
        for one in folders:
            shutil.copytree(one, folder, dirs_exist_ok=True)
        return True

    return _made(folders[0].parent, [folder.name for folder in folders], fill)


def _made(store: Path, words: Sequence[str], fill: Callable[[Path], bool] | None) -> Path | None:
    """The folder for these words: one that exists, or a new one."""
    digest = sha256("\n".join([sys.version, sys.platform, *words]).encode()).hexdigest()
    folder = store / digest[:20]
    if folder.is_dir() or fill is None:
        return folder if folder.is_dir() else None
    part = folder.with_name(f"{folder.name}.{os.getpid()}")
    try:
        if not fill(part):
            return None
        part.replace(folder)
    except OSError:
        return folder if folder.is_dir() else None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    _tidy(store)
    return folder


def uv(record: Record) -> str | None:
    """uv on PATH, beside this Python, or from the user's cache, into which it is fetched."""
    return found(_UV) or _fetched_uv(record)


def _fetched_uv(record: Record) -> str | None:
    folder = installed((_UV,), record)
    return str(folder / "bin" / "uv") if folder else None


def program(name: str, package: str, record: Record) -> tuple[str, Mapping[str, str]] | None:
    """The command of that package and what it needs in its environment, from the user's cache; None if it cannot be
    fetched.
    """
    folder = installed((package,), record)
    return (str(folder / "bin" / name), {"PYTHONPATH": str(folder)}) if folder else None


def _installers(wanted: Sequence[str], record: Record) -> Iterator[tuple[str, ...]]:
    """uv, which takes a tenth of pip's time. If uv is not the user's own, then pip, with its own configuration.

    It is the pip of this environment, or of the interpreter that created it: the wheels are the same.
    """
    users = found(_UV)
    faster = users or (None if _UV in wanted else _fetched_uv(record))
    if faster:
        yield (faster, "pip", "install", "--python", sys.executable)
    if users:
        return
    own = sys.executable if find_spec("pip") else _base_executable()
    yield (own, "-m", "pip", "install", "--disable-pip-version-check", "--no-input")


def _base_executable() -> str:
    """The interpreter that created this environment. Only Windows, and Python 3.11 and newer, name it."""
    named = str(getattr(sys, "_base_executable", sys.executable))
    beside = Path(sys.base_prefix, "bin", f"python{sys.version_info.major}.{sys.version_info.minor}")
    return str(beside) if named == sys.executable and beside.exists() else named


def _filled(folder: Path, installer: Sequence[str], wanted: Sequence[str], record: Record) -> bool:
    """Whether the installer could put these packages there. Wheels only: a build would run code, and take time."""
    argv = (*installer, "--quiet", "--only-binary", ":all:", "--target", str(folder), *wanted)
    ran = run(argv, cwd=folder.parent, timeout=_SECONDS, env=_IMPATIENT)
    record(ran, True)
    return ran.ok


def _tidy(store: Path) -> None:
    """Only the newest folders are kept."""
    for old in sorted(store.iterdir(), key=lambda path: path.stat().st_mtime)[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
