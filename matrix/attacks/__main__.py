"""`python -m matrix.attacks`: try every attack on emulated platforms, and count those survived."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from itertools import chain

from ..cells import load_axes
from ..engine.run import Run
from ..faults import session
from ..faults.figures import Figures
from ..faults.verdict import Finding
from . import app, broken, plan, secret, trust
from .attack import ATTACKS, Attack
from .scene import Start, tried

MODULES = (app, plan, trust, secret, broken)


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 only if every attack was survived on every requested platform."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.record and (options.group or options.only):
        parser.error("what is kept must be of every group: leave out --group and --only")
    return session.run(ATTACKS, options, lambda platform: _on(platform, options))


def _parser() -> argparse.ArgumentParser:
    parser = session.parser("matrix.attacks", __doc__)
    parser.add_argument("--group", action="append", choices=ATTACKS.kinds, help="(repeatable)")
    parser.add_argument(
        "--only", action="append", metavar="TEXT", help="only attacks with this text in their name (repeatable)"
    )
    parser.add_argument(
        "--every",
        type=int,
        default=1,
        metavar="N",
        help="every N-th attack, starting at a different one on each platform",
    )
    return parser


def _on(platform: str, options: argparse.Namespace) -> Figures:
    def verdicts(run: Run) -> Iterator[Finding]:
        start = Start(run=run)
        for attack in chosen(platform, options):
            yield Finding(kind=attack.group, where=attack.name, complaints=tried(start, attack))

    return session.measured(ATTACKS, platform, f"attacks-{platform}.log", verdicts)


def chosen(platform: str, options: argparse.Namespace) -> Iterator[Attack]:
    """The attacks that apply to the platform and match the options."""
    wanted = [
        attack
        for attack in chain.from_iterable(module.attacks() for module in MODULES)
        if (not attack.platforms or platform in attack.platforms)
        and (not options.group or attack.group in options.group)
        and (not options.only or any(text in attack.name for text in options.only))
    ]
    # Each platform starts at a different one, so that together they cover nearly all.
    yield from wanted[load_axes().values["platform"].known.index(platform) % options.every :: options.every]


if __name__ == "__main__":
    sys.exit(main())
