"""Leaves a sandbox running for a person: until Ctrl-C, or with a shell in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from ..engine.run import Run, StageFailed
from ..engine.stages import site
from ..record.results import StageResult
from ..sandbox import shell


@dataclass(frozen=True, kw_only=True)
class Keep:
    """What stays running until Ctrl-C: what passed, what failed, or nothing."""

    passed: bool = False
    failed: bool = False

    def asked_for(self, stages: Sequence[StageResult]) -> bool:
        """Whether a run that ended like this should be held; a skipped one has nothing to show."""
        statuses = {stage.status for stage in stages}
        return self.failed if "fail" in statuses else self.passed and statuses == {"pass"}


def hold(run: Run) -> None:
    """Print where the site and its files are, and wait for Ctrl-C."""
    folder = run.deployed if run.outcome else run.source if run.source.is_dir() else run.box.work
    command = shell.install(run.box, folder=folder, python=_python(run))
    if address := _front_door(run):
        run.say(f"The site runs at {address} (on the platform: {run.url})")
    try:
        run.say(f"Folder: {folder}\nA shell there: {command}\nLog: {run.log.path}\nCtrl-C ends it.")
        while not Event().wait(timeout=1):
            pass
    except KeyboardInterrupt:
        run.say("Ending it.")


def open_shell(run: Run, folder: Path, greeting: str) -> None:
    """Open a shell for the person at the terminal; it ends with `exit`."""
    shell.install(run.box, folder=folder, python=_python(run))
    run.say(greeting)
    shell.main(run.box.root, [])


def _front_door(run: Run) -> str | None:
    try:
        return run.box.sites.front_door(site(run)) if run.outcome else None
    except StageFailed:
        return None


def _python(run: Run) -> Path | None:
    return run.python if run.python.is_file() else None
