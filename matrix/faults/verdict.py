"""The conditions after a fault, as a pure function of what was observed; a complaint describes a violation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

# How long people wait for a program that they have interrupted, on an otherwise idle machine.
PATIENCE = 2.0  # seconds
INTERRUPTED, KILLED = 130, -9
_WHAT_TO_DO = re.compile(r"-> |[Rr]un the same command|[Rr]un the command|run the same command")


@dataclass(frozen=True, kw_only=True)
class Aftermath:
    """How a run of the deployer ended, and what it left behind.

    `statuses` are the exit statuses that are correct for the fault; the message must contain one of `names`. `seconds`
    is the time from Ctrl-C to the exit, None if there was no Ctrl-C, and `patience` its limit. `project` lists what is
    neither in its previous state nor as the preview promised, `left` remaining processes and locks, `twice` what was
    created more than once.
    """

    statuses: frozenset[int]
    names: tuple[str, ...]
    returncode: int
    stdout: str
    stderr: str
    seconds: float | None = None
    patience: float = PATIENCE
    project: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One fault: its kind, what it met, and what is wrong after it; nothing if it was survived.

    `seconds` is the time from Ctrl-C to the exit, None if there was no Ctrl-C.
    """

    kind: str
    where: str
    complaints: tuple[str, ...]
    seconds: float | None = None

    @property
    def survived(self) -> bool:
        """Whether all conditions hold."""
        return not self.complaints


def judge(kind: str, where: str, seen: Aftermath) -> Finding:
    """The finding about one fault."""
    return Finding(kind=kind, where=where, complaints=tuple(_complaints(seen)), seconds=seen.seconds)


def _complaints(seen: Aftermath) -> Iterator[str]:
    if seen.returncode not in seen.statuses:
        yield f"exit status {seen.returncode} instead of {' or '.join(map(str, sorted(seen.statuses)))}"
    if seen.returncode != KILLED:
        yield from _complaints_about_words(seen)
    if seen.returncode == 0:
        yield from _complaints_about_success(seen)
    if seen.seconds is not None and seen.seconds >= seen.patience:
        yield f"ended {seen.seconds:.1f} s after Ctrl-C"
    yield from (f"the project: {line}" for line in seen.project)
    yield from (f"left behind: {line}" for line in seen.left)
    yield from (f"created twice: {line}" for line in seen.twice)


def _complaints_about_words(seen: Aftermath) -> Iterator[str]:
    if "Traceback" in seen.stdout + seen.stderr:
        yield f"a traceback: {seen.stderr.strip().splitlines()[-1]}"
    stops = [line for line in seen.stderr.splitlines() if line.startswith("Stopped: ")]
    if len(stops) != (seen.returncode != 0):
        yield f"{len(stops)} messages: {seen.stderr[-300:]}"
    if not stops:
        return
    message = seen.stderr[seen.stderr.index(stops[0]) :]
    if "hit an unexpected error" in message:
        yield f"an unexpected error: {message}"
    if seen.returncode == 1 and seen.names and not any(name in message for name in seen.names):
        yield f"the message names none of {', '.join(seen.names)}: {message}"
    if not _WHAT_TO_DO.search(message):
        yield f"the message does not say what to do: {message}"
    yield from _complaints_about_json(seen)


def _complaints_about_success(seen: Aftermath) -> Iterator[str]:
    try:
        outcome = json.loads(seen.stdout)
        told = outcome["status"] == "configured" or bool(outcome["url"])
    except (ValueError, KeyError, TypeError):
        yield f"standard output is not the JSON of a success: {seen.stdout[:200]!r}"
    else:
        if not told:
            yield "a success that does not say where the site is"


def _complaints_about_json(seen: Aftermath) -> Iterator[str]:
    try:
        said = json.loads(seen.stdout)["error"]["message"]
    except (ValueError, KeyError, TypeError):
        yield f"standard output is not the JSON of a failure: {seen.stdout[:200]!r}"
    else:
        if f"Stopped: {said}" not in seen.stderr:
            yield "JSON and message say different things"
