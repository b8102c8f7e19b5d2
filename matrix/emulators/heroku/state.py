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
from typing import Literal, TypedDict, cast

LOCK_DEADLINE = 10.0  # seconds

ReleaseStatus = Literal["succeeded", "failed", "pending"]


class Release(TypedDict):
    """One version of an app: a slug and the environment that its dynos get."""

    id: str
    version: int
    description: str
    status: ReleaseStatus
    created_at: str
    updated_at: str
    slug: str | None
    env: dict[str, str]
    output: str | None  # file with what the release command said; None if there was no command
    addon_plans: list[str]


class Addon(TypedDict):
    """A database. `database` is its name on the sandbox's server, `config_var` the variable with its URL."""

    id: str
    name: str
    plan: str
    config_var: str
    database: str
    created_at: str


class Dyno(TypedDict):
    """A web process as Heroku last saw it."""

    id: str
    name: str
    command: str
    state: Literal["up", "crashed"]
    version: int
    updated_at: str


class App(TypedDict):
    """An app. `folder` is inside the emulator's folder and holds its slugs, dynos and logs."""

    id: str
    name: str
    owner: str
    region: str
    host: str
    created_at: str
    config: dict[str, str]
    features: list[str]
    addons: list[Addon]
    releases: list[Release]
    slug: str | None
    dynos: list[Dyno]


class Fault(TypedDict, total=False):
    """What goes wrong: a command of the CLI, or the pseudo commands "git push", "build" and "release".

    `times` (default 1) counts down; `hang` waits until killed; `after` fails when the work is done.
    """

    command: str
    times: int
    stderr: str
    returncode: int
    hang: bool
    after: bool


class Limits(TypedDict):
    """Seconds that Heroku waits: for a web process to bind (R10), to stop (R12), for a release command."""

    boot: float
    stop: float
    release: float


class Account(TypedDict):
    """The developer. `api_key` is what HEROKU_API_KEY must hold where it is set."""

    id: str
    email: str
    api_key: str
    logged_in: bool


class Platform(TypedDict):
    """Everything."""

    account: Account
    apps: dict[str, App]
    faults: list[Fault]
    limits: Limits


class Call(TypedDict):
    """One call of the `heroku` command."""

    argv: list[str]
    returncode: int


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


def new_id() -> str:
    """A fresh identifier in the form of a UUID."""
    text = os.urandom(16).hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def now() -> str:
    """The time, in the form that Heroku's API uses."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def web_dyno(app: App) -> Dyno | None:
    """The web dyno of an app, None if it has none."""
    return app["dynos"][0] if app["dynos"] else None


def current_release(app: App) -> Release | None:
    """The release whose dynos serve: the last one that succeeded."""
    succeeded = [release for release in app["releases"] if release["status"] == "succeeded"]
    return succeeded[-1] if succeeded else None
