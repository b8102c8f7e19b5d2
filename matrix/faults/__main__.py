"""`python -m matrix.faults`: let everything go wrong once on emulated platforms, and count what was survived."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import chain

from matrix import prove, provenance
from matrix.cells import load_axes
from matrix.faults import figures, machine, outside
from matrix.faults.figures import Figures
from matrix.faults.verdict import PATIENCE, Verdict
from matrix.faults.walk import Walk
from matrix.faults.writing import Writing
from matrix.run import Run
from matrix.samples import RUNNING

ENTRY = ("manage.py", "simple_deploy")


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0 only if every fault was survived on every platform that was asked for."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.record and (options.every, options.patience) != (1, PATIENCE):
        parser.error("what is kept must be whole: leave out --every and --patience")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # A shell's background job ignores Ctrl-C and hands that on; the runs here must hear it.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        tried = [
            _tried(platform, options.every, options.patience)
            for platform in options.platform or load_axes().values["platform"].default
        ]
    except KeyboardInterrupt:
        return 130
    _say(f"\n{figures.text_table(tried)}")
    if options.record:
        for result in tried:
            _say(f"Wrote {figures.save(result)}")
        figures.write_page(figures.FAULTS)
    return 0 if all(result.survived for result in tried) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m matrix.faults", description=__doc__)
    parser.add_argument(
        "--platform", action="append", choices=load_axes().values["platform"].known, help="(repeatable)"
    )
    parser.add_argument("--every", type=int, default=1, metavar="N", help="of the changes on disk, every N-th only")
    parser.add_argument(
        "--patience",
        type=float,
        default=PATIENCE,
        metavar="SECONDS",
        help="how long a run may take to end after Ctrl-C (default: %(default)s; a busy machine needs more)",
    )
    parser.add_argument("--record", action="store_true", help="keep the figures, and write them into the docs")
    return parser


def _tried(platform: str, every: int, patience: float) -> Figures:
    started, commit, fingerprint = time.monotonic(), provenance.commit(), provenance.fingerprint(python=RUNNING)
    log = provenance.REPOSITORY / "results" / f"faults-{platform}.log"
    with machine.prepared(platform, log, ENTRY, _say) as run:
        seen = [_told(platform, verdict) for verdict in _verdicts(run, every, patience)]
        versions = prove.versions_of(run)
    return Figures(
        platform=platform,
        figures=figures.counted(seen),
        slowest=round(max((verdict.seconds or 0.0 for verdict in seen), default=0.0), 2),
        seconds=round(time.monotonic() - started),
        system=provenance.system(),
        versions=versions,
        commit=commit,
        when=provenance.now(),
        fingerprint=fingerprint,
    )


def _verdicts(run: Run, every: int, patience: float) -> Iterator[Verdict]:
    yield from Writing(run).verdicts(every)
    walk = Walk(run, patience=patience)
    yield from chain.from_iterable(walk.runs())
    yield from chain.from_iterable(walk.again())
    yield from outside.verdicts(walk)
    yield walk.nothing_left()


def _told(platform: str, verdict: Verdict) -> Verdict:
    _say(f"{platform}  {'ok ' if verdict.survived else 'BAD'}  {verdict.kind}: {verdict.where}")
    for complaint in verdict.complaints:
        _say(f"    {complaint}")
    return verdict


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
