"""`run`: run the cells of a plan, or of one shard of it, that are not already known."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ..display import say
from ..record import provenance, results
from ..walls import KINDS, Isolation
from . import Subcommands, complain, plan, run_tests, shards
from .planning import Planned

LOCAL = "matrix/test_halves.py::test_local_half"


def add(commands: Subcommands) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("run", help=__doc__, epilog="Arguments after `--` go to pytest.")
    plan.add_selection(parser)
    parser.add_argument(
        "--plan", type=Path, metavar="FILE", help="run the part of a plan (`plan --out`) for this place"
    )
    parser.add_argument("--shard", default="1/1", metavar="i/n", help="the i-th of n parts of about equal length")
    parser.add_argument("--retries", type=int, default=1, metavar="N", help="run a failed cell again (default: once)")
    parser.add_argument(
        "--results",
        type=Path,
        default=results.DEFAULT_FOLDER,
        metavar="DIR",
        help="the folder for results; existing results count as known (default: results/)",
    )
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace, rest: Sequence[str]) -> int:
    try:
        number, count = shards.parse(options.shard)
        made = _here(options) if options.plan else plan.planned(options, options.results)
        wanted = [entry for entry in made if entry.action == "run"]
        shard = shards.split(wanted, count, lambda entry: entry.seconds)[number - 1]
    except ValueError as error:
        return complain(str(error))
    mine = [entry for entry in shard if not _is_there(entry, options)]
    if known := [entry for entry in made if entry.action == "reuse"]:
        say(f"{len(known)} of {len(made)} cells are known, the oldest is of {min(map(_day, known))}.")
    if not mine:
        say("Nothing is left to run.")
        return 0
    say(f"{len(mine)} cells to run, about {sum(entry.seconds for entry in mine):.0f} s one after the other.")
    return max(_pytest(isolation, mine, options, rest) for isolation in sorted({e.where.isolation for e in mine}))


def _here(options: argparse.Namespace) -> tuple[Planned, ...]:
    """The part of a plan for many machines that is for this system and the requested isolation."""
    isolations = options.isolation or KINDS
    return tuple(
        entry
        for entry in plan.read(options.plan)
        if entry.where.system == provenance.system()
        and entry.where.isolation in isolations
        and bool(entry.where.conditions) == options.halves
    )


def _day(entry: Planned) -> str:
    return entry.why.removeprefix("recorded ")[:10]


def _is_there(entry: Planned, options: argparse.Namespace) -> bool:
    """Whether an earlier attempt at this shard has left the result."""
    path = options.results / f"{entry.id}.json"
    if options.fresh or not path.is_file():
        return False
    found = results.from_json(path.read_text(encoding="utf-8"))
    return found.fingerprint == entry.fingerprint and found.status == "pass" and not found.flaky


def _pytest(isolation: Isolation, entries: Sequence[Planned], options: argparse.Namespace, rest: Sequence[str]) -> int:
    """The exit status: 1 if a cell has failed."""
    chosen = [entry for entry in entries if entry.where.isolation == isolation]
    with tempfile.TemporaryDirectory() as folder:
        cells = Path(folder, "cells.txt")
        lines = (f"{entry.cell.id} {entry.where.conditions}".strip() for entry in chosen)
        cells.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        halves = {bool(entry.where.conditions) for entry in chosen}
        files = [name for name, half in (("matrix/test_cells.py", False), (LOCAL, True)) if half in halves]
        argv = ["--isolation", isolation, "--cells", str(cells), "--retries", str(options.retries)]
        return run_tests([*files, *argv], rest, results=options.results)
