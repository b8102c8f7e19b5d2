"""Whether `npm ci` would install the front end from its lock file: the npm of this machine is asked, on a copy."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from shutil import which
from typing import Any

from ..effects.commands import run, running
from ..messages import errors
from ..model import FrontEnd, Problem, Project, Ran, Record
from . import cache
from .checkout import write

_SECONDS = 20
_INSTALL = "npm ci"
_LOOK = ("--dry-run", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=0")
# npm reads the first of these that exists.
_LOCKS = ("npm-shrinkwrap.json", "package-lock.json")
_FILES = ("package.json", *_LOCKS, ".npmrc")
_OUT_OF_SYNC = re.compile(r"code EUSAGE\b.* in sync\b", re.DOTALL)
_DIFFERENCE = re.compile(
    r"Missing: (?P<missing>@?[^@\s]+)@\S* from lock file"
    r"|Invalid: lock file's (?P<name>@?[^@\s]+)@(?P<version>\S+) does not satisfy \S+"
)


@contextmanager
def comparing(project: Project, record: Record, *, fetches: bool) -> Iterator[Callable[[], list[Problem]]]:
    """npm compares the lock with package.json while the body runs, and the function waits for the problems.

    npm may ask the package index: not without `fetches`.
    """
    front_end = next((one for one in project.front_ends if one.served and " ".join(one.install) == _INSTALL), None)
    if not front_end or not fetches or not which("npm"):
        yield list
        return
    with tempfile.TemporaryDirectory(prefix="simple_deploy-") as name:
        place = Path(name)
        _copy(project.root, front_end, place, record)
        if _lock(place) and _is_alone(place):
            with _asking(place, record) as differences:
                yield lambda: list(_problems(front_end, _lock(place), differences()))
        else:
            yield list


def _copy(root: Path, front_end: FrontEnd, place: Path, record: Record) -> None:
    """Write what Git has of npm's files."""
    for file in _FILES:
        ran = run(("git", "show", f"HEAD:{front_end.beside(file)}"), cwd=root)
        record(ran, False)
        if ran.ok:
            write(place, {file: ran.stdout.encode()})


def _lock(place: Path) -> str:
    return next((file for file in _LOCKS if (place / file).is_file()), "")


def _is_alone(place: Path) -> bool:
    """Whether npm needs no other folder of the repository: neither a workspace nor a package in a folder."""
    document = _read(place / "package.json")
    return bool(document) and "workspaces" not in document and not re.search(r'"(file|link):', json.dumps(document))


@contextmanager
def _asking(place: Path, record: Record) -> Iterator[Callable[[], list[str]]]:
    """A function that waits for what npm finds missing or different; a clear answer is kept for other runs."""
    texts = [path.read_bytes() for file in _FILES if (path := place / file).is_file()]
    key = "npm-" + sha256(b"\0".join(texts)).hexdigest()
    known = cache.load(key)
    if known:
        yield lambda: list(known["differences"])
        return
    with running([(*_INSTALL.split(), *_LOOK)], cwd=place) as (npm,):

        def answer() -> list[str]:
            ran = npm.ended(_SECONDS)
            record(ran, True)
            found = _certain(ran, place) if _OUT_OF_SYNC.search(ran.stderr) else []
            if ran.ok or found:
                cache.store(key, {"differences": found})
            return found

        yield answer


def _certain(ran: Ran, place: Path) -> list[str]:
    """The differences that every version of npm sees: those of packages which package.json itself asks for.

    Versions of npm differ in which packages that nothing asks for directly belong in a lock.
    """
    asked, locked = _asked(_read(place / "package.json")), _locked(place)
    found = _DIFFERENCE.finditer(ran.stderr)
    return [
        one[0]
        for one in found
        if (one["missing"] in asked and one["missing"] not in locked)
        or (one["name"] in asked and locked.get(one["name"]) == one["version"])
    ]


def _asked(document: Mapping[str, Any]) -> set[str]:
    tables = [document.get(name) for name in ("dependencies", "devDependencies")]
    return {name for table in tables if isinstance(table, dict) for name in table}


def _locked(place: Path) -> dict[str, str]:
    """Package → version, of the packages that are installed at the top."""
    lock = _read(place / _lock(place))
    packages, older = lock.get("packages"), lock.get("dependencies")
    found = packages if isinstance(packages, dict) else older if isinstance(older, dict) else {}
    entries = {path.removeprefix("node_modules/"): entry for path, entry in found.items()}
    return {name: str(entry.get("version")) for name, entry in entries.items() if isinstance(entry, dict)}


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _problems(front_end: FrontEnd, lock: str, differences: list[str]) -> Iterator[Problem]:
    if differences:
        yield errors.front_end_lock(package=front_end.package, lock=front_end.beside(lock), differences=differences[:5])
