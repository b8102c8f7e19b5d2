"""`trim`: remove what was used least recently from the harness's cache, until it has that size."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence

from ..display import say
from ..sandbox import environments, room, seals
from . import Subcommands


def add(commands: Subcommands) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("trim", help=__doc__)
    parser.add_argument("size", type=float, metavar="GB", help="the size of the whole cache, in 1e9 bytes")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace, rest: Sequence[str]) -> int:
    """The exit status: 1 if the cache is still larger, because of running sandboxes or of other parts of it."""
    most, cache = options.size * 1e9, environments.cache_folder()
    others = seals.size(cache) - seals.size(environments.folders())
    room.make(environments.folders(), most - others, just_used=0, seconds=math.inf)
    left = seals.size(cache)
    say(f"The cache has {left / 1e9:.1f} GB: {cache}")
    return 0 if left <= most else 1
