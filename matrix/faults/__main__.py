"""`python -m matrix.faults`: cause every fault once on emulated platforms, and count those survived."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator, Sequence
from itertools import chain

from ..engine.run import Run
from . import outside, session
from .figures import FAULTS, Figures
from .verdict import PATIENCE, Finding
from .walk import Walk
from .writing import Writing


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 only if every fault was survived on every requested platform."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.record and (options.every, options.patience) != (1, PATIENCE):
        parser.error("what is kept must be whole: leave out --every and --patience")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # A background job of a shell ignores Ctrl-C, and so do its children; the runs here must receive it.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    return session.run(FAULTS, options, lambda platform: _on(platform, options.every, options.patience))


def _parser() -> argparse.ArgumentParser:
    parser = session.parser("matrix.faults", __doc__)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every N-th change on disk")
    parser.add_argument(
        "--patience",
        type=float,
        default=PATIENCE,
        metavar="SECONDS",
        help="how long a run may take to end after Ctrl-C (default: %(default)s; a busy machine needs more)",
    )
    return parser


def _on(platform: str, every: int, patience: float) -> Figures:
    def verdicts(run: Run) -> Iterator[Finding]:
        yield from Writing(run).verdicts(every)
        walk = Walk(run, patience=patience)
        yield from chain.from_iterable(walk.runs())
        yield from chain.from_iterable(walk.again())
        yield from outside.verdicts(walk)
        yield walk.nothing_left()

    return session.measured(FAULTS, platform, f"faults-{platform}.log", verdicts)


if __name__ == "__main__":
    sys.exit(main())
