"""The jobs of the CI workflows, computed: tests from `axes.toml`, cells from a plan. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..cells import Axes
from ..places import SYSTEMS
from ..walls import KINDS
from .planning import Planned
from .shards import MOST_JOBS, count_for

RUNNERS = {"Linux": "ubuntu-latest", "macOS": "macos-latest", "Windows": "windows-latest"}
# The approximate length of a shard, so that repeating a failed job costs no more than this.
TARGET = 900.0


def jobs_of_tests(axes: Axes) -> dict[str, Any]:
    """Where the tests run: every known Python on every system."""
    versions = sorted(axes.values["python"].known, key=lambda version: [int(part) for part in version.split(".")])
    return {"os": [*RUNNERS.values()], "python": versions}


def cell_jobs(planned: Sequence[Planned]) -> list[dict[str, str]]:
    """One job for each shard of the cells to run in a system and isolation, and of its local halves."""
    groups = [(system, isolation, halves) for system in SYSTEMS for isolation in KINDS for halves in (False, True)]
    wanted = {group: [entry for entry in planned if _belongs(entry, *group)] for group in groups}
    room = MOST_JOBS // max(1, sum(map(bool, wanted.values())))
    return [job for group, entries in wanted.items() if entries for job in _shards(*group, entries, room)]


def finish_jobs(planned: Iterable[Planned]) -> list[dict[str, str]]:
    """One job for each shard of the remote halves."""
    entries = [entry for entry in planned if entry.action == "run" and entry.where.conditions]
    count = _count(entries, MOST_JOBS) if entries else 0
    return [{"shard": f"{number}/{count}", "name": f"finish-{number}"} for number in range(1, count + 1)]


def _belongs(entry: Planned, system: str, isolation: str, halves: bool) -> bool:
    where = entry.where
    here = (where.system, where.isolation, bool(where.conditions)) == (system, isolation, halves)
    return here and entry.action == "run"


def _shards(
    system: str, isolation: str, halves: bool, entries: Sequence[Planned], room: int
) -> Iterable[dict[str, str]]:
    count = _count(entries, room)
    for number in range(1, count + 1):
        yield {
            "os": RUNNERS[system],
            "isolation": isolation,
            "halves": "--halves" if halves else "",
            "shard": f"{number}/{count}",
            "name": f"{system}-{isolation}-{'halves' if halves else 'whole'}-{number}".lower(),
        }


def _count(entries: Sequence[Planned], most: int) -> int:
    return count_for(sum(entry.seconds for entry in entries), items=len(entries), target=TARGET, most=most)


def outputs(axes: Axes, planned: Sequence[Planned]) -> dict[str, Any]:
    """The outputs of the workflow's job `plan`. GitHub rejects a matrix without jobs, so `any` says if it has any."""
    cells, finish = cell_jobs(planned), finish_jobs(planned)
    return {
        "tests": jobs_of_tests(axes),
        "cells": {"include": cells},
        "finish": {"include": finish},
        "any_cells": bool(cells),
        "any_halves": bool(finish),
    }
