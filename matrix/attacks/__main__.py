"""`python -m matrix.attacks`: try every attack on emulated platforms, and count what was survived."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import chain

from matrix import prove, provenance
from matrix.attacks import app, broken, plan, secret, trust
from matrix.attacks.attack import ATTACKS, Attack
from matrix.attacks.scene import Start, tried
from matrix.cells import load_axes
from matrix.faults import figures, machine
from matrix.faults.figures import Figures
from matrix.faults.verdict import Verdict
from matrix.samples import RUNNING

ENTRY = ("manage.py", "simple_deploy")
MODULES = (app, plan, trust, secret, broken)


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0 only if every attack was survived on every platform that was asked for."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.record and (options.group or options.only):
        parser.error("what is kept must be of every group: leave out --group and --only")
    try:
        seen = [_on(platform, options) for platform in options.platform or load_axes().values["platform"].default]
    except KeyboardInterrupt:
        return 130
    _say(f"\n{figures.text_table(seen, ATTACKS)}")
    if options.record:
        for result in seen:
            _say(f"Wrote {figures.save(result, ATTACKS.folder)}")
        figures.write_page(ATTACKS)
    return 0 if all(result.survived for result in seen) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m matrix.attacks", description=__doc__)
    parser.add_argument(
        "--platform", action="append", choices=load_axes().values["platform"].known, help="(repeatable)"
    )
    parser.add_argument("--group", action="append", choices=ATTACKS.kinds, help="(repeatable)")
    parser.add_argument("--only", metavar="TEXT", help="attacks with this text in their name")
    parser.add_argument(
        "--every", type=int, default=1, metavar="N", help="every N-th attack, beginning at another one on each platform"
    )
    parser.add_argument("--record", action="store_true", help="keep the figures, and write them into the docs")
    return parser


def _on(platform: str, options: argparse.Namespace) -> Figures:
    started, commit, fingerprint = time.monotonic(), provenance.commit(), provenance.fingerprint(python=RUNNING)
    log = provenance.REPOSITORY / "results" / f"attacks-{platform}.log"
    with machine.prepared(platform, log, ENTRY, _say) as run:
        start = Start(run=run)
        verdicts = [_told(platform, attack, tried(start, attack)) for attack in chosen(platform, options)]
        versions = prove.versions_of(run)
    return Figures(
        platform=platform,
        figures=figures.counted(verdicts, ATTACKS),
        slowest=0.0,
        seconds=round(time.monotonic() - started),
        system=provenance.system(),
        versions=versions,
        commit=commit,
        when=provenance.now(),
        fingerprint=fingerprint,
    )


def chosen(platform: str, options: argparse.Namespace) -> Iterator[Attack]:
    """The attacks that mean something on the platform and that the options ask for."""
    wanted = [
        attack
        for attack in chain.from_iterable(module.attacks() for module in MODULES)
        if (not attack.platforms or platform in attack.platforms)
        and (not options.group or attack.group in options.group)
        and (not options.only or options.only in attack.name)
    ]
    # Each platform begins at another one, so that all of them together leave little out.
    yield from wanted[load_axes().values["platform"].known.index(platform) % options.every :: options.every]


def _told(platform: str, attack: Attack, complaints: tuple[str, ...]) -> Verdict:
    _say(f"{platform}  {'ok ' if not complaints else 'BAD'}  {attack.group}: {attack.name}")
    for complaint in complaints:
        _say(f"    {complaint}")
    return Verdict(kind=attack.group, where=attack.name, complaints=complaints)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
