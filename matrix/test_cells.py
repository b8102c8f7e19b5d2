"""Every selected cell is one item: it passes only if every stage of it does."""

from collections.abc import Callable
from pathlib import Path

import pytest

from matrix import display, results
from matrix.cells import Cell
from matrix.prove import prove


def test_cell(
    cell: Cell,
    say: Callable[[str], None],
    pytestconfig: pytest.Config,
    record_property: Callable[[str, object], None],
) -> None:
    """Deploy a generated project and use it; save what became of it whatever happens."""
    folder: Path = pytestconfig.getoption("results").resolve()
    log = folder / f"{cell.id}.log"
    result = prove(
        cell,
        log=log,
        on_stage=lambda stage: say(display.stage_line(cell.id, stage)),
        say=say,
        keep=pytestconfig.getoption("keep"),
    )
    record_property("result", str(results.save(result, folder)))
    record_property("log", str(log))
    if result.status == "fail":
        pytest.fail(f"{display.failure(result)}\nlog: {log}", pytrace=False)
    if result.status == "skip":
        pytest.skip("; ".join(stage.reason for stage in result.stages if stage.reason))
