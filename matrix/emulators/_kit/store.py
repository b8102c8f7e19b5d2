"""The state of an emulated platform: one JSON file that every command and every push reads and writes.

A change is made under a lock and replaces the file in one piece, so a killed command leaves the state from
before or after its change, never in between, and leaves no lock. The lock is held for milliseconds, never while an
app builds.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypedDict, TypeVar, cast

from .faults import Fault
from .file_lock import file_lock

if TYPE_CHECKING:
    from ...sandbox.control import Control


class Account(TypedDict):
    """The developer. `token` is the required value of the variable with an API token, if that is set."""

    id: str
    email: str
    token: str
    logged_in: bool


class Stored(TypedDict):
    """The state that every platform has; each adds its own. `limits` are in seconds."""

    account: Account
    limits: dict[str, float]
    faults: list[Fault]


class CallRecord(TypedDict):
    """One call of the platform's command."""

    argv: list[str]
    returncode: int


Platform = TypeVar("Platform", bound=Stored)
Row = TypeVar("Row", bound=Mapping[str, Any])


class Store(Generic[Platform]):
    """The state of a platform in the folder `name` of a sandbox."""

    name = ""

    def __init__(self, root: Path, name: str = "") -> None:
        self.root = root
        self.folder = root / (name or self.name)
        self.path = self.folder / "state.json"
        self._calls = self.folder / "calls.jsonl"

    def create(self) -> None:
        """Begin with an empty platform and a logged-in developer."""
        raise NotImplementedError

    def begin(self, platform: Platform) -> None:
        """Write the first state."""
        self.folder.mkdir(parents=True)
        self._write(platform)

    def read(self) -> Platform:
        """The current state."""
        return cast(Platform, json.loads(self.path.read_bytes()))

    @contextmanager
    def change(self) -> Iterator[Platform]:
        """The current state, written back at the end unless an exception is raised."""
        with file_lock(self.path.with_suffix(".lock")):
            platform = self.read()
            yield platform
            self._write(platform)

    def app_folder(self, app: str) -> Path:
        """The folder of an app: its builds, its processes' folders and its logs."""
        return self.folder / "apps" / app

    def sandbox(self) -> Control:
        """The sandbox, with its processes and databases."""
        from ...sandbox.control import Control  # not at the top: slow, and most commands do not need it

        return Control.connect(self.root)

    def remove_site(self, name: str, databases: Iterable[str], *folders: Path) -> None:
        """Stop a web process, drop its databases and delete its folders."""
        import shutil  # not at the top: slow, and few commands remove anything

        control = self.sandbox()
        control.stop_site(name)
        for database in databases:
            control.drop_database(database)
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)

    def add_fault(self, fault: Fault) -> None:
        """Set a fault."""
        with self.change() as platform:
            platform["faults"].append(fault)

    def take_fault(self, command: str) -> Fault | None:
        """The fault set for `command`, counted down; None if there is none."""
        if not any(fault["command"] == command for fault in self.read()["faults"]):
            return None
        with self.change() as platform:
            for fault in platform["faults"]:
                if fault["command"] == command and fault.get("times", 1) > 0:
                    fault["times"] = fault.get("times", 1) - 1
                    return fault
        return None

    def logs(self) -> list[Path]:
        """The calls of the platform's command, and the output of builds, releases and web processes."""
        written = [path for name in ("logs", "activities") for path in self.folder.glob(f"apps/*/{name}/*")]
        return [path for path in (self._calls, *sorted(written)) if path.is_file()]

    def record_call(self, argv: Sequence[str], returncode: int) -> None:
        """Record a call of the command."""
        line = json.dumps({"argv": list(argv), "returncode": returncode}) + "\n"
        with self._calls.open("a", encoding="utf-8") as stream:
            stream.write(line)

    def calls(self) -> list[CallRecord]:
        """Every call so far, oldest first."""
        if not self._calls.exists():
            return []
        return [json.loads(line) for line in self._calls.read_text(encoding="utf-8").splitlines()]

    def _write(self, platform: Mapping[str, object]) -> None:
        unfinished = self.path.with_name(f"state.{os.getpid()}.tmp")
        unfinished.write_text(json.dumps(platform, indent=1), encoding="utf-8")
        unfinished.replace(self.path)


def new_account(email: str, token: str = "") -> Account:
    """A logged-in developer."""
    return {"id": new_id(), "email": email, "token": token or new_id(), "logged_in": True}


def first(rows: Iterable[Row], **wanted: object) -> Row | None:
    """The first row with these values, None if there is none."""
    return next((row for row in rows if all(row.get(name) == value for name, value in wanted.items())), None)


def new_id() -> str:
    """A fresh identifier in the form of a UUID."""
    text = os.urandom(16).hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def now() -> str:
    """The time, in the format of the platforms' APIs."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
