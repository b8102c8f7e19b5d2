"""The only runner of the plan's commands: each pending step in order, logged, resumable by running again."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from .commands import run
from .errors import StepFailed, interrupted_during
from .log import Log, shown
from .model import Plan, Ran, Step
from .receipt import StepState
from .terminal import Terminal

# Takes note of how it stands with a step.
Note = Callable[[Step, StepState], None]

# How much of a failed command's output is shown; the log has all of it.
_TAIL = 30


def deploy(plan: Plan, root: Path, terminal: Terminal, log: Log, note: Note) -> tuple[str, ...]:
    """Run every pending step; answers with their ids. Raises StepFailed or Interrupted.

    `note` hears of every step when it begins and when it ends.
    """
    done: list[str] = []
    titles: list[str] = []
    for step in plan.pending:
        try:
            note(step, "started")
            with terminal.working(step.title) as heard:
                _run_step(step, root, heard, log)
            note(step, "done")
        except KeyboardInterrupt as error:
            raise interrupted_during(step.title, titles) from error
        except StepFailed:
            note(step, "failed")
            raise
        done.append(step.id)
        titles.append(step.title)
    return tuple(done)


def site_address(plan: Plan, root: Path, log: Log) -> str | None:
    """Where the platform says that the app is; None if it does not say."""
    if plan.address is None:
        return None
    ran = run(plan.address.argv, cwd=root)
    log.ran(ran)
    try:
        return plan.address.read(ran.stdout) if ran.ok else None
    except (ValueError, KeyError, TypeError):
        return None


def _run_step(step: Step, root: Path, heard: Callable[[str], None], log: Log) -> None:
    log.write(f"$ {shown(step.argv)}")
    ran = _polled(step, root, log) if step.poll else _streamed(step, root, heard, log)
    log.write(f"[exit {ran.returncode}, {ran.seconds:.2f} s]")
    if not ran.ok:
        reason = {
            124: f"did not finish within {step.timeout} seconds",
            127: "could not be started: there is no such program",
        }.get(ran.returncode, f"ended with exit status {ran.returncode}")
        raise _failed(step, ran, reason, log)


def _streamed(step: Step, root: Path, heard: Callable[[str], None], log: Log) -> Ran:
    return run(step.argv, cwd=root, timeout=step.timeout, on_line=lambda line: heard(log.redact.output(line)))


def _polled(step: Step, root: Path, log: Log) -> Ran:
    """Ask until the answer is final. A question that fails is asked again: networks have short outages."""
    assert step.poll is not None
    deadline = time.monotonic() + step.poll.timeout
    while True:
        ran = run(step.argv, cwd=root, timeout=60)
        verdict = step.poll.verdict(ran.stdout) if ran.ok else "wait"
        if verdict == "done":
            return ran
        if verdict != "wait":
            raise _failed(step, ran, verdict, log)
        if time.monotonic() >= deadline:
            raise _failed(step, ran, f"was not finished after {step.poll.timeout} seconds", log)
        time.sleep(step.poll.interval)


def _failed(step: Step, ran: Ran, reason: str, log: Log) -> StepFailed:
    lines = [line.rstrip() for line in (ran.stdout + ran.stderr).splitlines() if line.strip()]
    output = "" if step.poll else log.redact.output("\n".join(lines[-_TAIL:]))
    return StepFailed(step.title, shown(step.argv), reason, output, step.on_failure, log.name)
