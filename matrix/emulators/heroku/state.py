"""What the emulated Heroku remembers: one JSON file that every command and every push reads and writes.

A change is made under a lock and replaces the file in one piece, so a killed command leaves the state
before or after its change, never in between. The lock is held for milliseconds, never while an app builds.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from matrix.emulators.heroku.model import Account, Call, Fault, Limits, Platform, new_id

LOCK_DEADLINE = 10.0  # seconds


class State:
    """The state below the root folder of a sandbox."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "heroku"
        self.path = self.folder / "state.json"
        self._calls = self.folder / "calls.jsonl"

    def create(self, email: str = "dev@example.com") -> None:
        """A new, empty Heroku with this developer logged in."""
        self.folder.mkdir(parents=True)
        account: Account = {"id": new_id(), "email": email, "api_key": new_id(), "logged_in": True}
        limits: Limits = {"boot": 60, "stop": 30, "release": 3600}
        self._write({"account": account, "apps": {}, "faults": [], "limits": limits})

    def read(self) -> Platform:
        """The state now."""
        return cast(Platform, json.loads(self.path.read_bytes()))

    @contextmanager
    def change(self) -> Iterator[Platform]:
        """The state now, written back at the end unless an exception came."""
        with self._locked():
            platform = self.read()
            yield platform
            self._write(platform)

    def app_folder(self, app: str) -> Path:
        """Where the slugs, dynos and logs of an app are."""
        return self.folder / "apps" / app

    def add_fault(self, fault: Fault) -> None:
        """Let something go wrong from now on."""
        with self.change() as platform:
            platform["faults"].append(fault)

    def take_fault(self, command: str) -> Fault | None:
        """The fault that waits for `command`, counted down; None if there is none."""
        if not any(fault["command"] == command for fault in self.read()["faults"]):
            return None
        with self.change() as platform:
            for fault in platform["faults"]:
                if fault["command"] == command and fault.get("times", 1) > 0:
                    fault["times"] = fault.get("times", 1) - 1
                    return fault
        return None

    def record_call(self, argv: Sequence[str], returncode: int) -> None:
        """Remember that the command was called."""
        line = json.dumps({"argv": list(argv), "returncode": returncode}) + "\n"
        with self._calls.open("a", encoding="utf-8") as stream:
            stream.write(line)

    def calls(self) -> list[Call]:
        """Every call so far, oldest first."""
        if not self._calls.exists():
            return []
        return [json.loads(line) for line in self._calls.read_text(encoding="utf-8").splitlines()]

    def _write(self, platform: Mapping[str, object]) -> None:
        unfinished = self.path.with_name(f"state.{os.getpid()}.tmp")
        unfinished.write_text(json.dumps(platform, indent=1), encoding="utf-8")
        unfinished.replace(self.path)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        # Not the filelock package: importing it takes longer than all the rest of a command.
        lock = self.path.with_suffix(".lock")
        deadline = time.monotonic() + LOCK_DEADLINE
        while not _create(lock):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{lock} was left behind by a command that was killed; remove it.")
            time.sleep(0.005)
        try:
            yield
        finally:
            lock.unlink()


def _create(lock: Path) -> bool:
    try:
        os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
    except (FileExistsError, PermissionError):  # Windows says the latter while another process removes it
        return False
    return True
