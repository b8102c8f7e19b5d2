"""What live runs have begun to create and not yet destroyed: one folder each, which also contains the project."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from ..sandbox import environments

PREFIX = "sd-live-"
VARIABLE = "SIMPLE_DEPLOY_LIVE_FOLDER"
_FILE = "live.json"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An app: the project that was deployed to it, the Python that has its packages, and when it was begun."""

    platform: str
    app: str
    project: str
    python: str
    begun: str

    @property
    def folder(self) -> Path:
        """The folder of everything in this run."""
        return home() / self.app


def home() -> Path:
    """The parent of these folders; the variable sets another one."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else environments.cache_folder() / "live"


def new_name() -> str:
    """A name that no other app has, and that shows what it is."""
    return f"{PREFIX}{os.urandom(5).hex()}"


def note(entry: Entry) -> None:
    """Record it, before anything is created."""
    (entry.folder / _FILE).write_text(json.dumps(asdict(entry), indent=2) + "\n", encoding="utf-8")


def forget(folder: Path) -> None:
    """The app is gone, or never was."""
    shutil.rmtree(folder, ignore_errors=True)


def entries() -> Iterator[Entry]:
    """What may still exist. A folder without a note is one in which nothing had begun."""
    for folder in sorted(home().glob(f"{PREFIX}*")):
        if (folder / _FILE).is_file():
            yield Entry(**json.loads((folder / _FILE).read_text(encoding="utf-8")))
