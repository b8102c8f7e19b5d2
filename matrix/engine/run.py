"""The engine: runs stages one after another over one `Run`, timed, logged and reported as they end."""

import os
import shlex
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..cells import Cell
from ..emulators import Emulator
from ..record.results import StageResult, Status
from ..sandbox.machine import CommandTimedOut, Ran, Sandbox
from ..visitor import Findings, Sight
from .causes import cause

Json = dict[str, Any]
NO_FILE = Path(os.devnull)


class StageFailed(Exception):
    """A stage did not find what it expects; the text has what it found, the log all of it."""


class StageSkipped(Exception):
    """This machine cannot run the stage; the text says what is missing."""


@dataclass(frozen=True, kw_only=True)
class Log:
    """The log of one run: every command with its output and duration."""

    path: Path

    def write(self, text: str) -> None:
        """Append a line or more."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(text.rstrip("\n") + "\n")


def last_words(completed: Ran) -> str:
    """Why a command failed: the cause first, since only the first line is shown when a stage ends."""
    outputs = [said for said in (completed.stderr.strip(), completed.stdout.strip()) if said]
    # Poetry explains a failed build on standard output, and may warn about something else on the other.
    said = next(filter(cause, outputs), "".join(outputs[:1]))
    ended = f"{shlex.join(completed.argv)} ended with {completed.returncode}"
    lines = said.splitlines()
    # A refusal lists every problem.
    refused = next((number for number, line in enumerate(lines) if "Nothing was changed." in line), len(lines))
    return "\n".join([*filter(None, [cause(said)]), ended, *lines[min(refused, max(len(lines) - 15, 0)) :]])


@dataclass(frozen=True, kw_only=True)
class Run:
    """What the stages share. A stage returns the run it got, with its findings added.

    `entry` is how Python starts the deployer, `options` are passed to it in addition to those of a stage, and `say`
    shows a line to the person watching. `interpreter` is the base of `python`, which has the project's requirements;
    `interpreter_source` is what asked for it. `variables` are given to the deployed project, and to its commands here;
    `offered` are those of the developer's own file. `source` is the committed project before configuration,
    `configured` the deployer's output about configuring it; `deployed` is the copy that was deployed, `outcome` the
    deployer's JSON output about that, and `summary` its text for people; `findings` are those of a visit to it
    since then, and `sights` what an anonymous visitor saw of it.
    """

    box: Sandbox
    platform: str
    emulator: Emulator
    log: Log
    entry: tuple[str, ...]
    say: Callable[[str], None]
    cell: Cell | None = None
    options: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    offered: Mapping[str, str] = field(default_factory=dict)
    interpreter: Path = NO_FILE
    interpreter_source: str = ""
    python: Path = NO_FILE
    source: Path = NO_FILE
    deployed: Path = NO_FILE
    configured: Json = field(default_factory=dict)
    outcome: Json = field(default_factory=dict)
    summary: str = ""
    findings: Findings | None = None
    sights: tuple[Sight, ...] = ()

    @property
    def app(self) -> str:
        """The app's name on the platform."""
        return str(self.outcome["app"])

    @property
    def url(self) -> str:
        """The site's canonical address; raises StageFailed if the deployer reported none."""
        if not self.outcome.get("url"):
            raise StageFailed("The deployer's JSON names no URL.")
        return str(self.outcome["url"])

    def command(
        self,
        argv: Sequence[str | Path],
        *,
        cwd: Path,
        env: Mapping[str, str] | None = None,
        timeout: float = 300,
        expect: int | None = 0,
        reason: Callable[[Ran], str] = last_words,
    ) -> Ran:
        """Run a command as the developer and log it.

        Raises StageFailed with its `reason` unless it exits with the status `expect`; None allows any.
        """
        started = time.monotonic()
        try:
            completed = self.box.run(argv, cwd=cwd, env=env, timeout=timeout, check=False)
        except CommandTimedOut as error:
            self.log.write(_as_text(error.completed, cwd, time.monotonic() - started))
            raise StageFailed(f"{shlex.join(map(str, argv))} took longer than {timeout:g} s") from error
        self.log.write(_as_text(completed, cwd, time.monotonic() - started))
        if expect is not None and completed.returncode != expect:
            raise StageFailed(reason(completed))
        return completed


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One stage. An `always` stage runs even after a failure, such as cleaning up."""

    name: str
    function: Callable[[Run], Run]
    always: bool = False


def run_stages(
    stages: Sequence[Stage], run: Run, on_stage: Callable[[StageResult], None]
) -> tuple[Run, tuple[StageResult, ...]]:
    """Run the stages in order; after the first that does not pass, the rest is skipped with a reason."""
    results: list[StageResult] = []
    stopped = ""
    for stage in stages:
        if stopped and not stage.always:
            result = StageResult(name=stage.name, status="skip", seconds=0.0, reason=stopped)
        else:
            run, result = _run_stage(stage, run)
        if result.status != "pass" and not stopped:
            stopped = f"{stage.name} {'failed' if result.status == 'fail' else 'was skipped'}"
        results.append(result)
        on_stage(result)
    return run, tuple(results)


def _run_stage(stage: Stage, run: Run) -> tuple[Run, StageResult]:
    run.log.write(f"\n===== {stage.name}")
    started = time.monotonic()
    status: Status = "pass"
    reason = ""
    try:
        run = stage.function(run)
    except StageSkipped as error:
        status, reason = "skip", str(error)
    except StageFailed as error:
        status, reason = "fail", str(error)
    except Exception as error:
        status, reason = "fail", f"{type(error).__name__}: {error}"
        run.log.write(traceback.format_exc())
    seconds = round(time.monotonic() - started, 2)
    run.log.write(f"===== {stage.name}: {status} after {seconds} s {reason}")
    return run, StageResult(name=stage.name, status=status, seconds=seconds, reason=reason)


def _as_text(completed: Ran, cwd: Path, seconds: float) -> str:
    parts = [f"\n$ cd {cwd}\n$ {shlex.join(completed.argv)}", completed.stdout, completed.stderr]
    text = "\n".join([*filter(None, parts), f"[{completed.returncode} after {seconds:.2f} s]"])
    return text.replace("\0", "\n")
