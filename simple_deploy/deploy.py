"""The only runner of the plan's commands: each pending step in order, logged, and resumed by running again."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from .effects.commands import converse, run
from .effects.log import Log
from .effects.terminal import Terminal
from .masking.redact import CONTROL
from .messages.stops import StepFailed, interrupted_during
from .model import Argument, Deferred, Plan, Query, Ran, Step, Watch
from .receipt import StepState
from .text.shell import shown

# Records the state of a step and the platform's own ID of the app that it created.
Note = Callable[[Step, StepState, str | None], None]

# How many lines of a failed command's output are shown, and how many if the first error is above them; the log has all.
_TAIL, _LONG_TAIL = 30, 100
# The last line of a traceback, perhaps after the time and the process.
_RAISED = re.compile(r"(?:^|\]:? |\| )(?:\w+\.)*\w+(?:Error|Exception|DoesNotExist)(?:: |$)")
# The first line of an error, in Git's output of a build too.
_ERROR = re.compile(r"(remote: )?\W*(Traceback \(most recent|(error|fatal)\b)", re.IGNORECASE)
# The same for the site's own log: the traceback of a web server that cannot load the site has 40 lines.
_LOG_TAIL, _LOG_WIDTH, _LOG_SECONDS = 60, 500, 30


def deploy(plan: Plan, root: Path, terminal: Terminal, log: Log, note: Note) -> tuple[str, ...]:
    """Run every pending step and return their IDs. Raises StepFailed or Interrupted.

    `note` is called when each step begins and when it ends.
    """
    done: list[str] = []
    titles: list[str] = []
    for step in plan.pending:
        try:
            note(step, "started", None)
            with terminal.working(step.title) as heard:
                _run_step(step, root, terminal, heard, log)
            note(step, "done", _answer(step.identity, root, log)[0] if step.identity else None)
        except KeyboardInterrupt as error:
            raise interrupted_during(step.title, titles) from error
        except StepFailed:
            note(step, "failed", None)
            raise
        done.append(step.id)
        titles.append(step.title)
    return tuple(done)


def site_address(plan: Plan, root: Path, log: Log) -> str | None:
    """The address that the platform reports; None if it cannot be asked. Raises StepFailed if it reports none."""
    if plan.address is None:
        return None
    address, said = _answer(plan.address, root, log)
    if address is None or not address.startswith(("https://", "http://")):
        reason = "did not report it, although the release succeeded"
        raise StepFailed("Ask for the site's address", shown(plan.address.argv), reason, said, "", log.name)
    return address


class Watcher:
    """What the platform reports about a site that does not answer. `crashed` is its last report of a crash."""

    def __init__(self, watch: Watch | None, root: Path, log: Log) -> None:
        self.crashed = ""
        self._watch = watch
        self._root = root
        self._log = log

    def has_crashed(self) -> bool:
        """Ask whether the web process has crashed. A question that fails counts as no."""
        if self._watch and self._watch.crashed:
            self.crashed = _answer(self._watch.crashed, self._root, self._log)[0] or ""
        return bool(self.crashed)

    def last_lines(self) -> str:
        """The end of the site's log, or why it could not be read; at most a screen or two."""
        return _last_lines(self._watch.log, self._root, self._log) if self._watch else ""


def _last_lines(argv: Sequence[str], root: Path, log: Log) -> str:
    """The end of what a command prints, or why it prints nothing."""
    ran = run(argv, cwd=root, timeout=_LOG_SECONDS)
    log.ran(ran)
    said = log.redact.output(ran.stdout if ran.ok else ran.stderr)
    lines = [CONTROL.sub("", line)[:_LOG_WIDTH].rstrip() for line in said.split("\n")]
    last = _to_the_exception([line for line in lines if line])
    return "\n".join(last if ran.ok else [*last, f"(the command ended with exit status {ran.returncode})"])


def _to_the_exception(lines: Sequence[str]) -> Sequence[str]:
    """The last lines, or those up to the last exception: a site that mails errors writes its settings after it."""
    raised = max((number for number, line in enumerate(lines) if _RAISED.search(line)), default=len(lines))
    end = raised + 1 if raised < len(lines) - _LOG_TAIL else len(lines)
    return lines[max(0, end - _LOG_TAIL) : end]


def _answer(query: Query, root: Path, log: Log) -> tuple[str | None, str]:
    """The program's parsed answer, None if it fails or cannot be parsed; and its output for people."""
    ran = run(query.argv, cwd=root)
    log.ran(ran)
    try:
        answer = query.read(ran.stdout) if ran.ok else None
    except (ValueError, LookupError, TypeError, AttributeError):
        answer = None
    return answer, log.redact.output(ran.stderr.strip())


def _run_step(step: Step, root: Path, terminal: Terminal, heard: Callable[[str], None], log: Log) -> None:
    argv = [_known(word, step, root, log) for word in step.argv]
    log.write(f"$ {shown(argv)}")
    if step.poll:
        ran = _polled(step, argv, root, log)
    elif step.interactive:
        with terminal.talking() as said:
            ran = converse(argv, cwd=root, timeout=step.timeout, on_text=said)
        log.ran(ran, output=not step.private)
    else:
        ran = _streamed(step, argv, root, heard, log)
    log.write(f"[exit {ran.returncode}, {ran.seconds:.2f} s]")
    if not ran.ok:
        reason = {
            124: f"did not finish within {step.timeout} seconds",
            127: "could not be started: command not found",
        }.get(ran.returncode, f"ended with exit status {ran.returncode}")
        raise _failed(step, ran, reason, root, log)


def _known(word: Argument, step: Step, root: Path, log: Log) -> Argument:
    """The word itself, now that the step is reached. Raises StepFailed if it cannot be determined."""
    if not isinstance(word, Deferred):
        return word
    answer, said = _answer(word.query, root, log)
    if answer is None:
        reason = f"could not start: {shown(word.query.argv)} did not report {word.shown}"
        raise StepFailed(step.title, shown(step.argv), reason, said, step.on_failure, log.name)
    return answer


def _streamed(step: Step, argv: Sequence[Argument], root: Path, heard: Callable[[str], None], log: Log) -> Ran:
    def on_line(line: str) -> None:
        if not step.private:
            heard(line)

    return run(argv, cwd=root, timeout=step.timeout, on_line=on_line, stdin=step.stdin)


def _polled(step: Step, argv: Sequence[Argument], root: Path, log: Log) -> Ran:
    """Ask until the answer is final. A failed question is repeated: networks have short outages."""
    assert step.poll is not None
    deadline = time.monotonic() + step.poll.timeout
    while True:
        ran = run(argv, cwd=root, timeout=60)
        verdict = step.poll.verdict(ran.stdout) if ran.ok else "wait"
        if verdict == "done":
            return ran
        if verdict != "wait":
            raise _failed(step, ran, verdict, root, log)
        if time.monotonic() >= deadline:
            raise _failed(step, ran, f"was not finished after {step.poll.timeout} seconds", root, log)
        time.sleep(step.poll.interval)


def _end(lines: Sequence[str]) -> Sequence[str]:
    """The last lines, from the first error on where that is not far above: a build says much after it has failed."""
    last = lines[-_LONG_TAIL:]
    first = next((index for index, line in enumerate(last) if _ERROR.match(line)), len(last))
    return last[min(first, max(len(last) - _TAIL, 0)) :]


def _failed(step: Step, ran: Ran, reason: str, root: Path, log: Log) -> StepFailed:
    said = ran.stderr if step.private else ran.stdout + ran.stderr
    lines = [line.rstrip() for line in said.splitlines() if line.strip()]
    tells = step.poll is None or step.poll.telling
    output = log.redact.output("\n".join(_end(lines))) if tells else ""
    if step.explain:
        output = f"{output}\n\n{shown(step.explain)}:\n{_last_lines(step.explain, root, log)}".strip()
    return StepFailed(step.title, shown(step.argv), reason, output, step.on_failure, log.name)
