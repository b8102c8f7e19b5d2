"""The shared state of the harness and of the programs that it makes fail: files in one folder of the sandbox."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from .. import emulators

WORDS = "The lights went out."
NETWORK_WORDS = "Could not resolve host: the network is gone."
# Longer than the interval at which a polling program asks.
OUTAGE = 3.0  # seconds

# In the order in which a call meets them: after a lost answer, the call's changes are permanent.
KINDS = ("fails", "nonsense", "interrupted", "killed", "network gone", "answer lost")
_GIT_CHANGES = frozenset({"add", "commit", "push", "remote"})
_GIT_NETWORK = frozenset({"push", "fetch", "ls-remote"})


class CaughtCall(NamedTuple):
    """One start of a program: its words before the first option, and whether the same was called before in this run.

    `changes` is whether it may change anything, `remote` whether it needs the network; `late` comes after a call that
    changes something.
    """

    program: str
    words: str
    again: bool
    changes: bool
    remote: bool
    late: bool

    @property
    def command(self) -> str:
        """The beginning of its command line."""
        return f"{self.program} {self.words}"


class Strike(NamedTuple):
    """A fault that a call met, in the run with that number; `pid` is the process that stood in for the program."""

    run: int
    kind: str
    call: CaughtCall
    pid: int


class Trap:
    """Counts the calls of a run, and remembers which kinds of faults each has met in all runs."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "faults"
        self.programs = self.folder / "bin"
        self._journal = self.folder / "strikes.jsonl"
        self._state = self.folder / "state.json"

    def begin(
        self, platform: str, programs: Mapping[str, str], polled: Sequence[str], kinds: Sequence[str] = KINDS
    ) -> None:
        """Create the folder. `programs` are the paths of the real ones, by their names.

        `polled` are the commands that are repeated until their answer is final.
        """
        self.programs.mkdir(parents=True)
        state = {"platform": platform, "programs": dict(programs), "polled": list(polled)}
        self._write({**state, "run": 0, "kinds": list(kinds), "reading": False})

    def open_run(self) -> int:
        """Begin a new run, and return its number."""
        state = self._read()
        state["run"] += 1
        (self.folder / str(state["run"])).mkdir()
        self._write(state)
        return int(state["run"])

    def start_over(self, kinds: Sequence[str]) -> None:
        """Forget which calls have met which faults; from now on only read-only calls meet these kinds."""
        self._journal.rename(self.folder / "strikes-before.jsonl")
        self._write(self._read() | {"kinds": list(kinds), "reading": True})

    def strikes(self) -> list[Strike]:
        """Every fault so far, oldest first."""
        if not self._journal.exists():
            return []
        # A line that is being written has no end yet.
        whole, _, _ = self._journal.read_text(encoding="utf-8").rpartition("\n")
        lines = map(json.loads, whole.splitlines())
        return [Strike(**{**line, "call": CaughtCall(**line["call"])}) for line in lines]

    def real(self, call: CaughtCall) -> str:
        """The path of the program itself."""
        return str(self._read()["programs"][call.program])

    def recognise(self, program: str, argv: Sequence[str]) -> CaughtCall:
        """Identify the call."""
        state = self._read()
        if program == "git":
            changes, remote = argv[0] in _GIT_CHANGES, argv[0] in _GIT_NETWORK
        else:
            emulator = emulators.load(state["platform"])
            changes, remote = emulator.command(argv) not in emulator.READING, True
        here = self.folder / str(state["run"])
        again = not _create(here / f"{program} {words(argv)}".replace("/", "%"))
        late = (here / "late").exists()
        if changes:
            _create(here / "late")
        return CaughtCall(program=program, words=words(argv), again=again, changes=changes, remote=remote, late=late)

    def is_offline(self, call: CaughtCall) -> bool:
        """Whether the network is gone for this call."""
        gone = self.folder / str(self._read()["run"]) / "offline"
        # A program that is currently writing the time has just lost the network.
        with suppress(FileNotFoundError):
            return call.remote and time.time() - float(gone.read_text(encoding="utf-8") or "inf") < OUTAGE
        return False

    def next_kind(self, call: CaughtCall) -> str | None:
        """The first kind of fault that this call should meet and has not met; None if there is none."""
        state = self._read()
        if state["reading"] and call.changes:
            return None
        met = {(strike.call.command, strike.call.again, strike.kind) for strike in self.strikes()}
        left = (kind for kind in state["kinds"] if _applies(kind, call))
        return next((kind for kind in left if (call.command, call.again, kind) not in met), None)

    def note(self, call: CaughtCall, kind: str) -> bool:
        """Record the fault; False if the call has to pass after all: among read-only calls, one fault per run.

        They run in parallel, and a harmless fault must not hide the next. A question that is repeated until the answer
        is final may meet several.
        """
        state = self._read()
        here = self.folder / str(state["run"])
        if not call.changes and not self.is_polled(call) and not _create(here / "struck"):
            return False
        if kind == "network gone":
            _create(here / "offline", str(time.time()))
        strike = Strike(run=state["run"], kind=kind, call=call, pid=os.getpid())
        with self._journal.open("a", encoding="utf-8") as file:
            file.write(json.dumps({**strike._asdict(), "call": call._asdict()}) + "\n")
        return True

    def is_polled(self, call: CaughtCall) -> bool:
        """Whether it asks for the progress of a change that this run has made."""
        return call.late and call.command in self._read()["polled"]

    def _read(self) -> dict[str, Any]:
        state: dict[str, Any] = json.loads(self._state.read_bytes())
        return state

    def _write(self, state: dict[str, Any]) -> None:
        self._state.write_text(json.dumps(state), encoding="utf-8")


def words(argv: Sequence[str]) -> str:
    """The key of a command line: its words before the first option, which never include a secret."""
    options = (place for place, word in enumerate(argv) if word.startswith("-"))
    return " ".join(argv[: next(options, None)] or argv[:1])


def _applies(kind: str, call: CaughtCall) -> bool:
    if kind == "nonsense":
        return call.program != "git" and not call.changes
    if kind == "network gone":
        return call.remote
    return kind != "answer lost" or call.changes


def _create(path: Path, text: str = "") -> bool:
    """Create the file; returns whether it was missing. Its time is not used: file systems have their own clocks."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        return False
    return True
