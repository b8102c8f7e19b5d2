"""`judge`: compare results with the record. The exit status is 1 only for a regression."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from ..display import say
from ..record import again, judging_reports, results
from ..record.judging import judge, regressed, unproved
from . import Subcommands, complain, merge, plan

UNPROVED = 3  # the exit status with --complete if results are missing


def add(commands: Subcommands) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("judge", help=__doc__)
    parser.add_argument(
        "results", type=Path, nargs="+", metavar="RESULTS", help="folders with results, or their parents"
    )
    parser.add_argument(
        "--against", type=Path, default=results.COMMITTED, metavar="RECORD", help="the record to compare with"
    )
    parser.add_argument("--plan", type=Path, metavar="FILE", help="count its cells without a result as lost")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="append a job summary for GitHub")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write the verdicts as JUnit XML")
    parser.add_argument(
        "--complete", action="store_true", help="end with status 3 if a planned cell has no result, or all are spurious"
    )
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace, rest: Sequence[str]) -> int:
    try:
        new = results.merge(merge.found(options.results))
        record = {result.name: result for result in results.load(options.against)}
        wanted = plan.to_run(options.plan)
    except ValueError as error:
        return complain(str(error))
    judged = judge(new, record, wanted)
    missing = unproved(judged)
    say("\n".join(filter(None, (judging_reports.text(judged), missing))))
    if options.markdown:
        with options.markdown.open("a", encoding="utf-8", newline="\n") as file:
            file.write(judging_reports.markdown(judged, again.result_command))
    if options.junit:
        options.junit.write_text(judging_reports.junit(judged), encoding="utf-8", newline="\n")
    return 1 if regressed(judged) else UNPROVED if missing and options.complete else 0
