"""Every call of every program in a run, with every kind of fault, in the order of the run.

The deployer is started repeatedly; each time the first call with a remaining kind of fault meets it. So a walk costs
one short run per fault, from an empty account to a deployed site, and the last run, without a fault, must finish what
the others left. Then all read-only calls are walked once more, now that there is something that could be created twice.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from simple_deploy import platforms

from ..engine import projects
from ..engine.run import Run
from ..sandbox import processes
from ..sandbox.processes import Ran
from . import machine, verdict
from .machine import Shape
from .trap import KINDS, NETWORK_WORDS, WORDS, Strike, Trap, words
from .verdict import INTERRUPTED, KILLED, PATIENCE, Aftermath, Finding

# More runs than any walk needs: a deployer that makes no progress must not be started forever.
MOST_RUNS = 400
# The name of a run that meets no fault and must finish what the others left.
AFTERWARDS = "no fault"
KINDLESS = frozenset({0})


class Walk:
    """One walk: a project, the trap in front of its programs, and its progress."""

    def __init__(self, run: Run, kinds: Sequence[str] = KINDS, patience: float = PATIENCE) -> None:
        self.run = run
        self.patience = patience
        self.project = projects.fresh_copy(run, "walk")
        self.trap = Trap(run.box.root)
        outcome = machine.preview(run, self.project, "--automate-all")
        self.shape: Shape = machine.shape(run, self.project, outcome)
        cli = platforms.load(run.platform).cli.executable
        questions = [step["argv"] for step in outcome["steps"] if self._asks(step["argv"], cli)]
        programs = {name: shutil.which(name, path=run.box.env["PATH"]) or name for name in (cli, "git")}
        polled = [" ".join((cli, words(argv[1:]))) for argv in questions]
        self.trap.begin(run.platform, programs, polled, kinds)
        for name in programs:
            run.box.install_command(name, f"{__package__}.program", folder=self.trap.programs)

    def _asks(self, argv: list[str], cli: str) -> bool:
        return argv[0] == cli and self.run.emulator.command(argv[1:]) in self.run.emulator.READING

    def runs(self, most: int = MOST_RUNS) -> Iterator[list[Finding]]:
        """The verdicts of one run after the other, until one meets no fault."""
        for _ in range(most):
            number = self.trap.open_run()
            self._meanwhile: list[Finding] = []
            started = machine.start(self.run, self.project, "--automate-all", env=self._path())
            since = self._stop(started.child, number)
            ended = machine.ended(self.run, started, since)
            strikes = self._strikes(number)
            self.run.log.write(f"run {number}: " + ", ".join(f"{s.call.command}: {s.kind}" for s in strikes))
            yield [*self._judged(strikes, ended), *self._meanwhile]
            if not strikes:
                return
            if self.trap.is_polled(strikes[-1].call):
                # The progress of a deployment is polled only if there is one.
                self.next_commit()
        raise RuntimeError(f"after {most} runs there are still faults left")

    def again(self) -> Iterator[list[Finding]]:
        """The same for all read-only calls: there is an app now, and nothing may be created a second time."""
        self.trap.start_over(("fails", "nonsense", "network gone"))
        return self.runs()

    def next_commit(self) -> None:
        """Give the next run something to deploy."""
        self.run.box.run(["git", "commit", "--quiet", "--allow-empty", "-m", "Next"], cwd=self.project)

    def nothing_left(self) -> Finding:
        """The last run has nothing to change, and changes nothing on the platform."""
        inventory = self.run.emulator.inventory(self.run.box.root)
        ended = machine.deploy(self.run, self.project, "--automate-all")
        seen = replace(self.seen(ended, KINDLESS), twice=self._changed(inventory))
        return verdict.judge(AFTERWARDS, "everything is there", seen)

    def _changed(self, inventory: object) -> tuple[str, ...]:
        same = self.run.emulator.inventory(self.run.box.root) == inventory
        return () if same else ("the account is not what it was",)

    def _path(self) -> dict[str, str]:
        return {"PATH": os.pathsep.join((str(self.trap.programs), self.run.box.env["PATH"]))}

    def _strikes(self, number: int) -> list[Strike]:
        return [strike for strike in self.trap.strikes() if strike.run == number]

    def _stop(self, child: subprocess.Popen[str], number: int) -> float:
        """Wait until a program hangs or the run is over, then interrupt or kill it; returns the time of that."""

        def hanging() -> list[Strike]:
            return [strike for strike in self._strikes(number) if strike.kind in ("interrupted", "killed")]

        processes.wait_until(lambda: child.poll() is not None or bool(hanging()), machine.DEADLINE)
        stopped = hanging()[:1] if child.poll() is None else []
        for strike in stopped:
            if strike.kind == "killed" and strike.call.changes:
                self._meanwhile.append(self._second(_where(strike)))
        since = time.monotonic()
        if any(strike.kind == "interrupted" for strike in stopped):
            processes.interrupt(child)
        elif child.poll() is None:
            child.kill()
            child.wait()
            # Its child processes would continue for a while; here they do nothing any more.
            processes.kill(child)
        return since

    def _second(self, where: str) -> Finding:
        """Another run while this one is at work: it reports the first one, and changes nothing."""
        seen = self.seen(machine.deploy(self.run, self.project, "--automate-all"), frozenset({1}), "Another run of")
        return verdict.judge("second run", where, replace(seen, left=()))

    def _judged(self, strikes: list[Strike], ended: Ran) -> list[Finding]:
        if not strikes:
            return [verdict.judge(AFTERWARDS, "a run without a fault", self.seen(ended, KINDLESS))]
        last = strikes[-1]
        seen = self.seen(ended, _expected(last), *_names(last))
        if last.kind == "interrupted":
            seen = replace(seen, seconds=ended.seconds)
        return [verdict.judge(strike.kind, _where(strike), seen) for strike in strikes]

    def seen(self, ended: Ran, statuses: frozenset[int], *names: str) -> Aftermath:
        """What a run has left; it should have exited with one of these statuses, and its message name one of these."""
        return Aftermath(
            statuses=statuses,
            names=names,
            returncode=ended.returncode,
            patience=self.patience,
            stdout=ended.stdout,
            stderr=ended.stderr,
            project=machine.damage(self.run, self.project, self.shape),
            left=machine.left_behind(self.project, ended),
            twice=machine.created_twice(self.run, self.project),
        )


def _expected(strike: Strike) -> frozenset[int]:
    """The correct exit statuses. An unanswered question may be harmless; a change without an answer stops the run."""
    if strike.kind in ("interrupted", "killed"):
        return frozenset({INTERRUPTED if strike.kind == "interrupted" else KILLED})
    return frozenset({1} if strike.call.changes else {0, 1})


def _names(strike: Strike) -> tuple[str, ...]:
    return (strike.call.command, WORDS, NETWORK_WORDS)


def _where(strike: Strike) -> str:
    return f"{strike.call.command} (again)" if strike.call.again else strike.call.command
