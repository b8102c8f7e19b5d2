"""Every local half, and every hand-off to be finished, is one item."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from . import display
from .cells import Cell
from .halves import local, remote
from .proving import evidence
from .record import provenance, results
from .record.results import CellResult, StageResult

Say = Callable[[str], None]
Record = Callable[[str, object], None]


def test_local_half(half: tuple[Cell, str], say: Say, pytestconfig: pytest.Config, record_property: Record) -> None:
    """Send a generated project to a platform that stops there; a failure is a result, a success a hand-off."""
    cell, conditions = half
    folder: Path = pytestconfig.getoption("results").resolve()
    log = folder / f"{results.half_name(cell, provenance.system(), conditions)}.log"
    result = local.prove(cell, conditions, log=log, on_stage=_shown(cell.id, say), say=say)
    if result.status != "pass":
        _end(result, log, folder, record_property)


def test_remote_half(hand_off: Path, say: Say, pytestconfig: pytest.Config, record_property: Record) -> None:
    """Continue from a hand-off, and save the result of both halves."""
    folder: Path = pytestconfig.getoption("results").resolve()
    log = folder / f"{hand_off.name}.finished.log"
    result = remote.finish(hand_off, log=log, on_stage=_shown(hand_off.stem, say), say=say)
    _end(result, log, folder, record_property)


def _shown(name: str, say: Say) -> Callable[[StageResult], None]:
    return lambda stage: say(display.stage_line(name, stage))


def _end(result: CellResult, log: Path, folder: Path, record_property: Record) -> None:
    record_property("result", str(results.save(result, folder)))
    record_property("log", str(log))
    if result.status == "fail":
        kept = evidence.folder_for(log) / evidence.FAILURE
        told = kept.read_text(encoding="utf-8") if kept.is_file() else result.status
        pytest.fail(f"{result.name}: {told}", pytrace=False)
    if result.status == "skip":
        pytest.skip("; ".join(stage.reason for stage in result.stages if stage.reason))
