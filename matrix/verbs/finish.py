"""`finish`: run the remote halves of cells, on Linux, from the hand-offs of local halves."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ..display import say
from ..record import provenance, results
from . import Subcommands, complain, run_tests, shards

SUFFIX = ".hand-off"


def add(commands: Subcommands) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("finish", help=__doc__, epilog="Arguments after `--` go to pytest.")
    parser.add_argument(
        "hand_offs", type=Path, nargs="+", metavar="HAND_OFF", help="a hand-off, or a folder with hand-offs"
    )
    parser.add_argument("--shard", default="1/1", metavar="i/n", help="every n-th hand-off, from the i-th on")
    parser.add_argument("--retries", type=int, default=1, metavar="N", help="run a failed half again (default: once)")
    parser.add_argument("--results", type=Path, default=results.DEFAULT_FOLDER, metavar="DIR", help="default: results/")
    parser.set_defaults(run=_run)


def found(folders: Iterable[Path]) -> Iterator[Path]:
    """Every hand-off in these folders and below."""
    for folder in folders:
        if folder.suffix == SUFFIX:
            yield folder
        else:
            yield from sorted(path for path in folder.rglob(f"*{SUFFIX}") if path.is_dir())


def _run(options: argparse.Namespace, rest: Sequence[str]) -> int:
    try:
        number, count = shards.parse(options.shard)
    except ValueError as error:
        return complain(str(error))
    folders = list(found(options.hand_offs))
    if provenance.system() != "Linux":
        return complain("A remote half needs Linux: only there the platforms are emulated as a whole.")
    if not folders:
        return complain("There is no hand-off in these folders. `run --halves` makes them.")
    mine = folders[number - 1 :: count]
    say(f"{len(mine)} of {len(folders)} hand-offs to finish.")
    if not mine:
        return 0
    argv = [word for folder in mine for word in ("--hand-off", str(folder.resolve()))]
    argv += ["--retries", str(options.retries)]
    return run_tests(["matrix/test_halves.py::test_remote_half", *argv], rest, results=options.results)
