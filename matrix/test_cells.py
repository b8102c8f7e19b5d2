"""Every selected cell is one item: it passes only if every stage of it does."""

from collections.abc import Callable
from pathlib import Path

import pytest

from . import display
from .attempts import until_it_passes
from .cells import Cell
from .proving import evidence
from .proving.holding import Keep
from .proving.prove import prove
from .record import again, results
from .sandbox import isolation


def test_cell(
    cell: Cell,
    say: Callable[[str], None],
    pytestconfig: pytest.Config,
    record_property: Callable[[str, object], None],
) -> None:
    """Deploy a generated project and use it; save the result in any case."""
    folder: Path = pytestconfig.getoption("results").resolve()
    log = folder / f"{cell.id}.{isolation.current()}.log"
    keep = Keep(passed=pytestconfig.getoption("keep"), failed=pytestconfig.getoption("keep_failed"))

    def once() -> results.CellResult:
        return prove(cell, log=log, on_stage=lambda stage: say(display.stage_line(cell.id, stage)), say=say, keep=keep)

    result, saved = until_it_passes(once, folder, retries=pytestconfig.getoption("retries"))
    record_property("result", str(saved))
    record_property("log", str(log))
    if result.status == "fail":
        pytest.fail(f"{cell.id}: {_told(result, log)}", pytrace=False)
    if result.status == "skip":
        pytest.skip("; ".join(stage.reason for stage in result.stages if stage.reason))


def _told(result: results.CellResult, log: Path) -> str:
    """The recorded reason; if a teardown failed, there is only the log."""
    kept = evidence.folder_for(log) / evidence.FAILURE
    if kept.is_file():
        return kept.read_text(encoding="utf-8")
    return evidence.failure(result.stages, [], log, again.cell_command(result.cell, result.isolation))
