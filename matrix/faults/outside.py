"""Faults outside the deployer's programs: the platform's own work fails or hangs, and the site does not respond."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from dataclasses import replace

from ..emulators._kit.faults import Fault
from ..sandbox import processes, variables
from ..sandbox.processes import Ran
from . import machine, verdict
from .trap import WORDS
from .verdict import INTERRUPTED, Finding
from .walk import Walk

# Parts of a platform's work, as the emulators call them; a platform without such a part never meets the fault.
PARTS = ("build", "release")


def verdicts(walk: Walk) -> Iterator[Finding]:
    """One fault after the other, on the walk's deployed project."""
    for part in PARTS:
        for hangs in (False, True):
            yield from _part(walk, part, hangs=hangs)
    yield from _finished(walk)
    yield from _silent(walk)


def _part(walk: Walk, part: str, *, hangs: bool) -> Iterator[Finding]:
    """A new commit is deployed, and that part of the platform's work fails; no verdict if there is no such part."""
    run, store = walk.run, walk.run.emulator.store(walk.run.box.root)
    walk.next_commit()
    fault: Fault = {"command": part, "hang": hangs, "returncode": 1, "stderr": WORDS}
    store.add_fault(fault)

    def met() -> bool:
        return all(known.get("times", 1) == 0 for known in store.read()["faults"])

    started = machine.start(run, walk.project, "--automate-all")
    child = started.child
    processes.wait_until(lambda: child.poll() is not None or (hangs and met()), machine.DEADLINE)
    since = time.monotonic()
    if child.poll() is None:
        processes.interrupt(child)
    ended = machine.ended(run, started, since)
    if met():
        kind = "part interrupted" if hangs else "part fails"
        yield _judged(walk, kind, part, ended, INTERRUPTED if hangs else 1)
    with store.change() as platform:
        platform["faults"].clear()


def _finished(walk: Walk) -> Iterator[Finding]:
    yield _judged(
        walk, "no fault", "after the platform's own faults", machine.deploy(walk.run, walk.project, "--automate-all"), 0
    )


def _silent(walk: Walk) -> Iterator[Finding]:
    """Everything is released, but requests to the site reach a server that never answers."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(machine.DEADLINE)
        env = variables.through(f"http://127.0.0.1:{silent.getsockname()[1]}")
        ended = machine.deploy(walk.run, walk.project, "--automate-all", "--wait", "1", env=env)
        yield _judged(walk, "site silent", "the site", ended, 1, "did not respond within 1 s")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(machine.DEADLINE)
        env = variables.through(f"http://127.0.0.1:{silent.getsockname()[1]}")
        started = machine.start(walk.run, walk.project, "--automate-all", env=env)
        visitor, _ = silent.accept()
        with visitor:
            since = time.monotonic()
            processes.interrupt(started.child)
            ended = machine.ended(walk.run, started, since)
        yield _judged(walk, "wait interrupted", "the site", ended, INTERRUPTED)


def _judged(walk: Walk, kind: str, where: str, ended: Ran, status: int, *names: str) -> Finding:
    seen = walk.seen(ended, frozenset({status}), *names)
    if status == INTERRUPTED:
        seen = replace(seen, seconds=ended.seconds)
    return verdict.judge(kind, where, seen)
