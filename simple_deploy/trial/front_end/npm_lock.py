"""What npm finds wrong with its lock: the npm of this machine is asked what `npm ci` would do."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from ...effects.commands import found, running
from ...model import Ran, Record
from .. import cache
from .package_json import FILE, asked, read

INSTALL = re.compile(r"npm ci")
FILES = (FILE, ".npmrc")
# npm reads the first of these that exists.
LOCKS = ("npm-shrinkwrap.json", "package-lock.json")
UPDATE = "npm install"
_SECONDS = 20
_LOOK = ("--dry-run", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=0")
_OUT_OF_SYNC = re.compile(r"code EUSAGE\b.* in sync\b", re.DOTALL)
_DIFFERENCE = re.compile(
    r"Missing: (?P<missing>@?[^@\s]+)@\S* from lock file"
    r"|Invalid: lock file's (?P<name>@?[^@\s]+)@(?P<version>\S+) does not satisfy \S+"
)


@contextmanager
def comparing(place: Path, lock: str, record: Record) -> Iterator[Callable[[], list[str]]]:
    """A function that waits for what npm finds missing or different; a clear answer is kept for other runs."""
    if not found("npm") or not _is_alone(place):
        yield list
        return
    texts = [path.read_bytes() for file in (*FILES, *LOCKS) if (path := place / file).is_file()]
    key = "npm-" + sha256(b"\0".join(texts)).hexdigest()
    known = cache.load(key)
    if known:
        yield lambda: list(known["differences"])
        return
    with running([(*INSTALL.pattern.split(), *_LOOK)], cwd=place) as (npm,):

        def answer() -> list[str]:
            ran = npm.ended(_SECONDS)
            record(ran, True)
            differences = _certain(ran, place, lock) if _OUT_OF_SYNC.search(ran.stderr) else []
            if ran.ok or differences:
                cache.store(key, {"differences": differences})
            return differences

        yield answer


def _is_alone(place: Path) -> bool:
    """Whether npm needs no other folder of the repository: neither a workspace nor a package in a folder."""
    document = read(place / FILE)
    return bool(document) and "workspaces" not in document and not re.search(r'"(file|link):', json.dumps(document))


def _certain(ran: Ran, place: Path, lock: str) -> list[str]:
    """The differences that every version of npm sees: those of packages which package.json itself asks for.

    Versions of npm differ in which packages that nothing asks for directly belong in a lock.
    """
    wanted, locked = asked(read(place / FILE)), _locked(place / lock)
    return [
        one[0]
        for one in _DIFFERENCE.finditer(ran.stderr)
        if (one["missing"] in wanted and one["missing"] not in locked)
        or (one["name"] in wanted and locked.get(one["name"]) == one["version"])
    ]


def _locked(path: Path) -> dict[str, str]:
    """Package → version, of the packages that are installed at the top."""
    document = read(path)
    packages, older = document.get("packages"), document.get("dependencies")
    listed = packages if isinstance(packages, dict) else older if isinstance(older, dict) else {}
    entries = {key.removeprefix("node_modules/"): entry for key, entry in listed.items()}
    return {name: str(entry.get("version")) for name, entry in entries.items() if isinstance(entry, dict)}
