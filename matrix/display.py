"""What people see of the cells while they run and at the end. Pure, except for `say`."""

import sys
from collections.abc import Iterable, Sequence

from .record.results import STAGES, CellResult, StageResult


def say(text: str) -> None:
    """Show one or more lines immediately."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def stage_line(name: str, stage: StageResult) -> str:
    """The line shown when a stage ends."""
    first = stage.reason.partition("\n")[0]
    line = f"{name}  {stage.name:<9}  {stage.status}  {stage.seconds:6.2f} s"
    return f"{line}  {first}" if first else line


def cell_table(results: Iterable[CellResult]) -> list[str]:
    """The lines of a table: one row per cell, with the seconds of its stages and its verdict."""
    rows = [["cell", "isolation", *STAGES, "total", "status"], *map(_row, results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(_aligned(row, widths)).rstrip() for row in rows]


def _row(result: CellResult) -> list[str]:
    stages = {stage.name: stage for stage in result.stages}
    times = [_time(stages.get(name)) for name in STAGES]
    return [result.cell.id, result.isolation, *times, f"{result.seconds:.1f}", result.status]


def _time(stage: StageResult | None) -> str:
    if stage is None or stage.status == "skip":
        return "-"
    return f"{stage.seconds:.1f}" + ("!" if stage.status == "fail" else "")


def _aligned(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    first, *others = zip(row, widths, strict=True)
    return [first[0].ljust(first[1]), *(text.rjust(width) for text, width in others)]
