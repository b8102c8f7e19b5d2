"""Every local half, and every hand-off to be finished, is one item."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from . import display
from .attempts import until_it_passes
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
    name = results.half_name(cell, provenance.system(), conditions)
    log = _folder(pytestconfig) / f"{name}.log"
    once = partial(local.prove, cell, conditions, log=log, on_stage=_shown(name, say), say=say)
    _run(once, log, pytestconfig, record_property, passed_counts=False)


def test_remote_half(hand_off: Path, say: Say, pytestconfig: pytest.Config, record_property: Record) -> None:
    """Continue from a hand-off, and save the result of both halves."""
    log = _folder(pytestconfig) / f"{hand_off.name}.finished.log"
    once = partial(remote.finish, hand_off, log=log, on_stage=_shown(hand_off.stem, say), say=say)
    _run(once, log, pytestconfig, record_property)


def _folder(config: pytest.Config) -> Path:
    folder: Path = config.getoption("results").resolve()
    return folder


def _shown(name: str, say: Say) -> Callable[[StageResult], None]:
    return lambda stage: say(display.stage_line(name, stage))


def _run(
    once: Callable[[], CellResult], log: Path, config: pytest.Config, record: Record, *, passed_counts: bool = True
) -> None:
    retries: int = config.getoption("retries")
    result, saved = until_it_passes(once, _folder(config), retries=retries, passed_counts=passed_counts)
    if saved is None:
        return
    record("result", str(saved))
    record("log", str(log))
    if result.status == "fail":
        kept = evidence.folder_for(log) / evidence.FAILURE
        told = kept.read_text(encoding="utf-8") if kept.is_file() else result.status
        pytest.fail(f"{result.name}: {told}", pytrace=False)
    if result.status == "skip":
        pytest.skip("; ".join(stage.reason for stage in result.stages if stage.reason))
