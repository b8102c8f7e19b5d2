"""`publish`: the record as a web site, for what is checked out and today."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path

from .. import site
from ..cells import load_axes
from ..display import say
from ..proving import fingerprints
from ..record import logs, published, results, robustness
from ..record.tables import what_counts
from . import Subcommands, complain


def add(commands: Subcommands) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("publish", help=__doc__)
    parser.add_argument("out", type=Path, metavar="OUT", help="the folder of the site; it is replaced")
    parser.add_argument("--record", type=Path, default=results.COMMITTED, metavar="DIR", help="the record to publish")
    parser.add_argument(
        "--logs",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="results with logs (repeatable), besides the record's own",
    )
    parser.add_argument("--today", type=date.fromisoformat, default=None, help=argparse.SUPPRESS)
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace, rest: Sequence[str]) -> int:
    if options.out.exists() and not (options.out / site.STYLE).is_file() and any(options.out.iterdir()):
        return complain(f"{options.out} has files that are not of a published site. Name another folder.")
    try:
        record, found = results.load(options.record), logs.find([*options.logs, options.record])
    except (OSError, ValueError) as error:
        return complain(str(error))
    shown = published.current(record, fingerprints.Sources().digest, day=str(options.today or ""))
    robust = partial(robustness.of, is_old=shown.is_old, record=options.record)
    axes = load_axes()
    written = site.write(options.out, axes, what_counts(axes, record, shown, robust), found)
    say(f"Wrote {len(written)} files: open {options.out / 'index.html'}")
    return 0
