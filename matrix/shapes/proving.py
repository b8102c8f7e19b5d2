"""The outcome of a shape on a platform, and whether it is the expected one."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Literal

from .. import emulators
from ..engine import deployer, projects, stages
from ..engine.deployer import expect_equal
from ..engine.run import Json, Log, Run, Stage, StageFailed, run_stages
from ..record import provenance
from ..record.results import StageResult
from ..rehearsal import looking
from ..sandbox.machine import Sandbox
from . import Outcome, Shape
from .making import make
from .record import ShapeResult, status


def prove(shape: Shape, platform: str, *, deploys: bool, say: Callable[[str], None]) -> ShapeResult:
    """Configure the shape, and deploy it if it should be served and `deploys`; compare with its expected outcome."""
    outcome = shape.outcomes[platform]
    chosen = [
        Stage(name="make", function=partial(make, shape=shape)),
        Stage(name="configure", function=partial(_configure, outcome=outcome)),
    ]
    if deploys and shape.deployed and outcome.deployed and outcome.served:
        chosen += [
            Stage(name="deploy", function=partial(_deploy, outcome=outcome)),
            Stage(name="look", function=looking.look),
        ]
        chosen += [Stage(name="rerun", function=stages.rerun if shape.given_again else _rerun)]
    log = provenance.REPOSITORY / "results" / "shapes" / f"{shape.name}.{platform}.log"
    log.unlink(missing_ok=True)
    with Sandbox.create() as box:
        run = Run(
            box=box,
            platform=platform,
            emulator=emulators.load(platform),
            log=Log(path=log),
            entry=("-m", "simple_deploy"),
            say=say,
            options=(*shape.options, *outcome.options),
        )
        run, ran = run_stages(chosen, run, _nothing)
        _, ended = run_stages((stages.TEARDOWN,), run, _nothing)
    return _seen(run, outcome, (*ran, *ended))


def _nothing(stage: StageResult) -> None:
    """Stages are not shown one by one."""


def _seen(run: Run, outcome: Outcome, ran: tuple[StageResult, ...]) -> ShapeResult:
    failed = next((stage for stage in ran if stage.status != "pass"), None)
    what: Literal["served", "configured", "refused"] = "refused" if outcome.refused else "configured"
    if any(stage.name == "look" and stage.status == "pass" for stage in ran):
        what = "served"
    return ShapeResult(
        status=status(ran),
        what=what,
        message=str(run.configured.get("message", "")).replace(str(run.box.home), "~"),
        reason=f"{failed.name}: {failed.reason}" if failed else "",
        when=provenance.now(),
        commit=provenance.commit(),
    )


def _configure(run: Run, *, outcome: Outcome) -> Run:
    """A fresh copy is configured twice, the second time without a change, or refused with the expected codes."""
    folder = projects.fresh_copy(run, "configure")
    before = projects.contents(folder)
    first = _start(run, folder)
    error = first.get("error") or {}
    refused = tuple(error.get("problems") or [error["code"]]) if error else ()
    if error:
        run = replace(run, configured=error)
    if refused != outcome.refused:
        wanted = outcome.refused or "configured"
        raise StageFailed(f"refused with {refused or 'nothing'}, must be {wanted}\n{error.get('message', '')}")
    _expect_said(first, outcome.says)
    if refused:
        expect_equal("Files changed by a refusal", projects.difference(before, projects.contents(folder)), "none", [])
        return run
    if first["status"] == "previewed":
        return replace(run, configured=first)
    again = _start(run, folder)
    expect_equal("Files of a second run", deployer.reported_files(again), "none", [])
    return replace(run, configured=first)


def _start(run: Run, folder: Path) -> Json:
    """One run without deployment, whether refused or not."""
    place = projects.manage_folder(folder)
    argv: list[str | Path] = [run.python, *run.entry, "--platform", run.platform, "--json", "--yes", *run.options]
    completed = run.command(argv, cwd=place, timeout=900, expect=None)
    try:
        found: Json = json.loads(completed.stdout)
    except ValueError as error:
        raise StageFailed(f"No JSON: {completed.stdout}\n{completed.stderr}") from error
    return {**found, "shown": completed.stderr}


def _expect_said(found: Json, texts: tuple[str, ...]) -> None:
    said = json.dumps(found, ensure_ascii=False)
    lacking = [text for text in texts if json.dumps(text, ensure_ascii=False)[1:-1] not in said]
    if lacking:
        raise StageFailed(f"It does not say: {lacking}")


def _deploy(run: Run, *, outcome: Outcome) -> Run:
    """Deploy a fresh copy with one command."""
    folder = projects.fresh_copy(run, "deploy")
    completed = deployer.start_deployer(run, folder, "--automate-all")
    found = deployer.parse(completed.stdout, "deployed")
    _expect_said(found, outcome.deploying_says)
    return replace(run, deployed=folder, outcome=found)


def _rerun(run: Run) -> Run:
    """Deploy again without the values that the first run was given: people give them once."""
    words = iter(run.options)
    kept = [word for word in words if word not in ("--env", "--env-file") or not next(words)]
    return stages.rerun(replace(run, options=tuple(kept)))
