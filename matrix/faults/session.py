"""What the counting sessions have in common: a machine for each platform, verdicts as they come, and the figures."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Sequence

from ..cells import load_axes
from ..display import say
from ..engine.run import Run
from ..proving import fingerprints, prove
from ..record import provenance
from . import figures, machine
from .figures import Figures, Tally
from .verdict import Finding

ENTRY = ("manage.py", "simple_deploy")


def parser(module: str, description: str | None) -> argparse.ArgumentParser:
    """The options that each session has."""
    options = argparse.ArgumentParser(prog=f"python -m {module}", description=description)
    options.add_argument(
        "--platform", action="append", choices=load_axes().values["platform"].known, help="(repeatable)"
    )
    options.add_argument("--record", action="store_true", help="store the figures, and write them into the docs")
    return options


def run(tally: Tally, options: argparse.Namespace, on_platform: Callable[[str], Figures]) -> int:
    """Return 0 only if everything was survived on every requested platform."""
    try:
        seen = [on_platform(platform) for platform in options.platform or load_axes().values["platform"].default]
    except KeyboardInterrupt:
        return 130
    say(f"\n{figures.text_table(seen, tally)}")
    if options.record:
        _keep(tally, seen)
    return 0 if all(result.survived for result in seen) else 1


def _keep(tally: Tally, seen: Sequence[Figures]) -> None:
    for result in seen:
        say(f"Wrote {figures.save(result, tally.folder)}")
    figures.write_page(tally)


def measured(tally: Tally, platform: str, log: str, verdicts: Callable[[Run], Iterable[Finding]]) -> Figures:
    """The figures of one platform. `log` is the name of the file in results/ with the output of its runs."""
    started, commit, fingerprint = time.monotonic(), provenance.commit(), fingerprints.Sources().digest(platform)
    with machine.prepared(platform, provenance.REPOSITORY / "results" / log, ENTRY, say) as box:
        seen = [_told(platform, verdict) for verdict in verdicts(box)]
        versions = prove.versions_of(box)
    return Figures(
        platform=platform,
        figures=figures.counted(seen, tally),
        slowest=round(max((verdict.seconds or 0.0 for verdict in seen), default=0.0), 2),
        seconds=round(time.monotonic() - started),
        system=provenance.system(),
        versions=versions,
        commit=commit,
        when=provenance.now(),
        fingerprint=fingerprint,
    )


def _told(platform: str, verdict: Finding) -> Finding:
    say(f"{platform}  {'ok ' if verdict.survived else 'BAD'}  {verdict.kind}: {verdict.where}")
    for complaint in verdict.complaints:
        say(f"    {complaint}")
    return verdict
