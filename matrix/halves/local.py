"""The local half of a cell, on any system: everything until the project has been sent."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from ..cells import Cell
from ..engine import deployer, projects, stages
from ..engine.run import Run, Stage, StageFailed, run_stages
from ..proving import evidence
from ..proving.prove import origin_of, result_of, run_of, versions_of
from ..record import again, spurious
from ..record.provenance import REPOSITORY
from ..record.results import CellResult, StageResult, overall
from ..sandbox import isolation
from . import conditions as machines
from . import hand_off
from .hand_off import HandOff

# Which of these commands sends a project depends on the platform.
SENDING = ("git push", "deploy")
STOPPED = "The local half ends here: the platform has what was sent, and does nothing with it."


def prove(
    cell: Cell, conditions: str, *, log: Path, on_stage: Callable[[StageResult], None], say: Callable[[str], None]
) -> CellResult:
    """Run the stages of the local half, and pack the hand-off next to the log; returns the result so far."""
    evidence.forget(log)
    origin = origin_of(cell, "emulated", conditions=conditions)
    with machines.machine(conditions) as box:
        run = run_of(cell, box, log=log, say=say)
        run, ran = run_stages(LOCAL_STAGES, run, on_stage)
        result = result_of(cell, ran, origin, kind="emulated", versions=versions_of(run), conditions=conditions)
        if result.status == "fail":
            evidence.keep(run, ran, again.cell_command(cell, isolation.current(), conditions=conditions))
        packing = Stage(name="hand_off", function=partial(_pack, result=result, folder=folder_for(log)))
        _, packed = run_stages((packing,) if result.status == "pass" else (), run, on_stage)
        evidence.mask(run)
        _, ended = run_stages((stages.TEARDOWN,), run, on_stage)
    whole = tuple(stage for stage in (*ran, *packed, *ended) if stage.name != "teardown" or stage.status != "pass")
    return replace(result, stages=whole, status=overall(whole), spurious=spurious.reason(whole))


def folder_for(log: Path) -> Path:
    """The folder of the hand-off."""
    return log.with_suffix(".hand-off")


def send(run: Run) -> Run:
    """Deploy with one command until the project has been sent; the platform stops there."""
    folder = projects.fresh_copy(run, "deploy")
    for command in SENDING:
        run.emulator.store(run.box.root).add_fault({"command": command, "stderr": STOPPED, "returncode": 1})
    completed = deployer.start_deployer(run, folder, "--automate-all", expect=None)
    if completed.returncode == 0 or STOPPED not in f"{completed.stdout}{completed.stderr}":
        raise StageFailed(f"Nothing was sent.\n{deployer.refusal(completed)}")
    return replace(run, deployed=folder)


LOCAL_STAGES = (
    Stage(name="generate", function=stages.make_project),
    Stage(name="configure", function=stages.configure),
    Stage(name="check", function=stages.check),
    Stage(name="send", function=send),
)


def _excluded(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def _pack(run: Run, *, result: CellResult, folder: Path) -> Run:
    """Pack everything that was sent to the platform."""
    folder.mkdir(parents=True, exist_ok=True)
    sent = run.deployed
    run.command(["git", "bundle", "create", folder / hand_off.BUNDLE, "--all"], cwd=sent)
    (folder / hand_off.FOLDER).write_bytes(hand_off.pack(sent, without=(".git",)))
    (folder / hand_off.PLAN).write_text(json.dumps(run.configured, indent=1) + "\n", encoding="utf-8", newline="\n")
    names = run.command(["git", "remote"], cwd=sent).stdout.split()
    urls = {name: run.command(["git", "config", f"remote.{name}.url"], cwd=sent).stdout.strip() for name in names}
    about = HandOff(
        result=result,
        head=projects.head(run, sent),
        project=sent.name,
        remotes=urls,
        exclude=_excluded(sent / ".git" / "info" / "exclude"),
        git=machines.developers_git(run.box),
        databases=run.box.postgres.urls(),
        origin={"root": str(run.box.root), "sources": str(REPOSITORY), "python": sys.executable},
        digests={},
    )
    store = run.emulator.store(run.box.root)
    hand_off.write(folder, about, account=hand_off.pack(store.folder))
    return run
