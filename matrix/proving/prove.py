"""Run one cell from generating its project to removing its machine, and report the result."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from .. import emulators
from ..cells import Cell
from ..emulators import Emulator
from ..engine.run import Log, Run, run_stages
from ..engine.stages import CELL_STAGES, TEARDOWN
from ..record import again, provenance, spurious
from ..record.results import CellResult, Evidence, StageResult, overall
from ..sandbox import isolation, postgres_installation
from ..sandbox.machine import Sandbox
from . import evidence, fingerprints
from .holding import Keep, hold

NOT_KEPT = Keep()
VERSIONS = "import django, json, platform; print(json.dumps([platform.python_version(), django.__version__]))"


def prove(
    cell: Cell,
    *,
    log: Path,
    on_stage: Callable[[StageResult], None],
    say: Callable[[str], None],
    keep: Keep = NOT_KEPT,
    emulator: Emulator | None = None,
    kind: Evidence = "emulated",
    more_versions: Mapping[str, str] = MappingProxyType({}),
) -> CellResult:
    """Run every stage of a cell in its own sandbox; after a failure the evidence is kept next to the log.

    `emulator` replaces the platform's own, and the result is then evidence of another `kind`.
    """
    evidence.forget(log)
    origin = origin_of(cell, kind, more_versions=more_versions)
    before_teardown = CELL_STAGES[: CELL_STAGES.index(TEARDOWN)]
    with Sandbox.create() as box:
        run = run_of(cell, box, log=log, say=say, emulator=emulator)
        run, ran = run_stages(before_teardown, run, on_stage)
        versions = versions_of(run)
        if overall(ran) == "fail":
            told = evidence.keep(run, ran, again.cell_command(cell, isolation.current()))
            if keep.failed:
                say(f"\n{cell.id}: {told}")
        if keep.asked_for(ran):
            hold(run)
        evidence.mask(run)
        _, ended = run_stages((TEARDOWN,), run, on_stage)
    return result_of(cell, (*ran, *ended), origin, kind=kind, versions={**versions, **more_versions})


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What a result was made from, as of before the first stage."""

    commit: str
    sources: str
    fingerprint: str


def origin_of(
    cell: Cell, kind: Evidence, *, conditions: str = "", more_versions: Mapping[str, str] = MappingProxyType({})
) -> Origin:
    """What a result of the cell would be made from now; `conditions` are those of a cell in halves."""
    sources = fingerprints.Sources().digest(
        cell.platform, kind, package_manager=cell.package_manager, halves=bool(conditions)
    )
    return Origin(
        commit=provenance.commit(),
        sources=sources,
        fingerprint=fingerprints.of(
            cell, sources, isolation=isolation.current(), conditions=conditions, more=more_versions
        ),
    )


def result_of(
    cell: Cell,
    ran: tuple[StageResult, ...],
    origin: Origin,
    *,
    kind: Evidence,
    versions: dict[str, str],
    conditions: str = "",
) -> CellResult:
    """The result of stages that ran here and end now."""
    return CellResult(
        cell=cell,
        status=overall(ran),
        stages=ran,
        evidence=kind,
        isolation=isolation.current(),
        system=provenance.system(),
        versions=versions,
        commit=origin.commit,
        when=provenance.now(),
        fingerprint=origin.fingerprint,
        sources=origin.sources,
        spurious=spurious.reason(ran),
        conditions=conditions,
    )


def run_of(cell: Cell, box: Sandbox, *, log: Path, say: Callable[[str], None], emulator: Emulator | None = None) -> Run:
    """A run of the cell, before its first stage; `emulator` replaces the platform's own."""
    return Run(
        box=box,
        platform=cell.platform,
        emulator=emulator or emulators.load(cell.platform),
        log=Log(path=log),
        entry=("manage.py", "simple_deploy"),
        say=say,
        cell=cell,
    )


def versions_of(run: Run) -> dict[str, str]:
    """The versions that were used, as far as the run got."""
    versions = {
        "git": run.command(["git", "--version"], cwd=run.box.work).stdout.split()[2],
        "postgresql": postgres_installation.find().run("postgres", "--version").split()[2],
    }
    if run.source.is_dir():
        said = run.command([run.python, "-c", VERSIONS], cwd=run.box.work).stdout
        versions["python"], versions["django"] = json.loads(said)
    if run.outcome and (builder := run.emulator.builder(run.box.root)):
        versions["image built by"] = builder
    return versions
