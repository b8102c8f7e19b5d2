"""What a `yarn.lock` lacks: `yarn install --frozen-lockfile` of Yarn 1 stops for every range without an entry."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ...model import Record
from .package_json import FILE, ranges

INSTALL = re.compile(r"npx --yes yarn@1 install --frozen-lockfile")
FILES = (FILE,)
LOCKS = ("yarn.lock",)
UPDATE = "yarn install"
_FIRST_LINE = "# yarn lockfile v1"


@contextmanager
def comparing(place: Path, lock: str, record: Record) -> Iterator[Callable[[], list[str]]]:
    """A function that returns what is missing."""
    text = (place / lock).read_text(encoding="utf-8")
    entries = {one.strip('"') for line in text.splitlines() if line[:1].strip() for one in line[:-1].split(", ")}
    wanted = [f"{name}@{said}" for name, said in ranges(place).items()]
    missing = [f"Missing: {one}" for one in wanted if one not in entries]
    yield lambda: missing if _FIRST_LINE in text else []
