"""`merge`: add results from other folders or machines to the record. No cell may be missing."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from pathlib import Path

from ..display import say
from ..record import logs, results
from ..record.results import CellResult
from . import Subcommands, complain, plan


def add(commands: Subcommands) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("merge", help=__doc__)
    parser.add_argument(
        "results", type=Path, nargs="+", metavar="RESULTS", help="folders with results, or their parents"
    )
    parser.add_argument("--into", type=Path, default=results.COMMITTED, metavar="DIR", help="default: the record")
    parser.add_argument("--plan", type=Path, metavar="FILE", help="exit 1 if a planned cell has no result")
    parser.add_argument(
        "--with-logs", action="store_true", help="also keep the logs next to these results, in DIR/logs"
    )
    parser.add_argument("--uncommitted", action="store_true", help="also add results of changed sources")
    parser.set_defaults(run=_run)


def found(folders: Iterable[Path]) -> Iterator[CellResult]:
    """Every result in these folders and their subfolders, where a download of artifacts has put them.

    Raises ValueError for a folder that does not exist and for a file that is not a result.
    """
    for folder in folders:
        if not folder.is_dir():
            raise ValueError(f"There is no folder {folder}.")
        for place in results.and_inside(folder):
            yield from results.load(place)


def into(record: Path, new: Iterable[CellResult], *, uncommitted: bool = False) -> int:
    """Add results to a record, including those of changed sources only on request; returns how many were added."""
    taken = 0
    for result in new:
        if result.commit.endswith("+") and not uncommitted:
            say(f"Left out {result.name}: it ran with changes that are not committed.")
        else:
            results.save(result, record)
            taken += 1
    return taken


def _keep_logs(record: Path, found: logs.Logs, names: Set[str]) -> None:
    for result in results.load(record):
        if result.name in names:
            logs.keep(record, result, found)


def _run(options: argparse.Namespace, rest: Sequence[str]) -> int:
    try:
        new = list(found(options.results))
        wanted = plan.to_run(options.plan)
        count = into(options.into, new, uncommitted=options.uncommitted)
        if options.with_logs:
            _keep_logs(options.into, logs.find(options.results), {result.name for result in new})
    except ValueError as error:
        return complain(str(error))
    for name, several in Counter(result.name for result in new).items():
        if several > 1:
            say(f"{name} has {several} results; the newest counts.")
    lost = sorted(set(wanted) - {result.name for result in new})
    for name in lost:
        say(f"Lost: {name} has no result.")
    say(f"Merged {count} results into {options.into}.")
    return 1 if lost else 0
