"""`plan`: show which cells would be run, which are already known, and the cost. Nothing is run."""

from __future__ import annotations

import argparse
import functools
import json
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from ..cells import AxesError, Cell, load_axes
from ..display import say
from ..places import SYSTEMS, Where, everywhere
from ..proving import fingerprints
from ..record import provenance, results
from ..walls import KINDS
from . import Subcommands, add_filters, complain, filters, planning, shards
from .planning import Planned, Record

SET_UP = 60.0  # seconds that a machine takes before its first cell, in simulations


def add(commands: Subcommands) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("plan", help=__doc__)
    add_selection(parser)
    parser.add_argument("--json", action="store_true", help="print the plan as JSON for `run --plan`")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the plan to this file as JSON")
    parser.add_argument(
        "--simulate", type=int, metavar="CELLS", help="distribute that many cells with the recorded durations"
    )
    parser.add_argument(
        "--machines", type=int, default=20, metavar="N", help="machines in the simulation (default: 20)"
    )
    parser.set_defaults(run=_run)


def add_selection(parser: argparse.ArgumentParser) -> None:
    """What is planned, and the record for comparison."""
    add_filters(parser)
    here = provenance.system()
    parser.add_argument("--system", action="append", choices=SYSTEMS, help=f"(repeatable; default: {here})")
    parser.add_argument("--isolation", action="append", choices=KINDS, help="(repeatable; default: the strongest)")
    parser.add_argument("--halves", action="store_true", help="also local halves, which another machine finishes")
    parser.add_argument("--conditions", action="append", metavar="NAME", help="conditions of local halves (repeatable)")
    parser.add_argument("--changed-since", metavar="REV", help="only cells that use a file changed since then")
    parser.add_argument("--fresh", action="store_true", help="ignore the record, and run everything")
    parser.add_argument(
        "--sample", type=float, default=0.0, metavar="SHARE", help="also run this share of the known cells"
    )
    parser.add_argument("--against", type=Path, default=results.COMMITTED, metavar="DIR", help="the record")
    parser.add_argument("--today", type=date.fromisoformat, default=None, help=argparse.SUPPRESS)


def planned(options: argparse.Namespace, *more: Path) -> tuple[Planned, ...]:
    """The plan for these options; `more` folders have results too. Raises AxesError and ValueError."""
    today = options.today or date.fromisoformat(provenance.now()[:10])
    known = results.merge(result for folder in (options.against, *more) for result in results.load(folder))
    record = Record(
        results={result.name: result for result in known},
        today=today,
        fresh=options.fresh,
        here=provenance.system(),
    )
    digest_of = _digests(fingerprints.Sources())

    def fingerprint(cell: Cell, where: Where) -> str:
        return fingerprints.of(cell, digest_of(cell, where), isolation=where.isolation, conditions=where.conditions)

    made = planning.plan(_selected(options), record, sources=digest_of, fingerprint=fingerprint)
    if options.changed_since:
        made = _changed(made, options.changed_since)
    return planning.sampled(made, options.sample, seed=today.isoformat())


def _digests(sources: fingerprints.Sources) -> Callable[[Cell, Where], str]:
    """The hash of the sources of a cell in a place, each computed once."""
    once = functools.cache(lambda platform, name, halves: sources.digest(platform, package_manager=name, halves=halves))
    return lambda cell, where: str(once(cell.platform, cell.package_manager, bool(where.conditions)))


def _selected(options: argparse.Namespace) -> list[tuple[Cell, Where]]:
    systems = options.system or [provenance.system()]
    isolations = options.isolation or ([KINDS[-1]] if options.halves else list(_strongest(systems)))
    found = list(
        everywhere(load_axes(), filters(options), systems=systems, isolations=isolations, halves=options.halves)
    )
    if options.conditions:
        found = [(cell, where) for cell, where in found if where.conditions in options.conditions]
    if not found:
        raise AxesError("No cell is left; matrix/axes.toml says why.")
    return found


def _strongest(systems: Sequence[str]) -> Iterable[str]:
    """The isolation that a run here would choose; if other systems are included, each has its own."""
    from ..sandbox import isolation

    return KINDS if set(systems) != {provenance.system()} else (isolation.current(),)


def _changed(made: Sequence[Planned], since: str) -> tuple[Planned, ...]:
    """A cell whose sources are those of a revision is not run, whatever its record."""
    with tempfile.TemporaryDirectory() as folder:
        provenance.unpack(since, Path(folder))
        before = _digests(fingerprints.Sources(Path(folder)))
        unchanged = {entry.id for entry in made if entry.sources == before(entry.cell, entry.where)}
    why = f"nothing that it uses has changed since {since}"
    return tuple(
        replace(entry, action="skip", why=why) if entry.action == "run" and entry.id in unchanged else entry
        for entry in made
    )


def as_json(made: Sequence[Planned]) -> dict[str, Any]:
    """The plan as a document."""
    return {
        "commit": provenance.commit(),
        "when": provenance.now(),
        "seconds": round(sum(entry.seconds for entry in made if entry.action == "run"), 1),
        "cells": [entry.as_json() for entry in made],
    }


def read(path: Path) -> tuple[Planned, ...]:
    """Read a written plan; raises ValueError with the name of an invalid file."""
    try:
        return tuple(planning.from_json(entry) for entry in json.loads(path.read_text(encoding="utf-8"))["cells"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is not a plan of the matrix: {error!r}") from error


def to_run(path: Path | None) -> list[str]:
    """The names of the results that a run of the plan must produce; none without a plan. Raises ValueError."""
    return [entry.id for entry in read(path) if entry.action == "run"] if path else []


def _run(options: argparse.Namespace, rest: Sequence[str]) -> int:
    if options.simulate:
        return _simulate(options)
    try:
        made = planned(options)
    except ValueError as error:
        return complain(str(error))
    if options.out:
        options.out.write_text(json.dumps(as_json(made), indent=1) + "\n", encoding="utf-8", newline="\n")
    if options.json:
        say(json.dumps(as_json(made), indent=1))
        return 0
    for entry in made:
        say(f"{entry.action:5}  {entry.seconds:6.1f} s  {entry.id}  {entry.fingerprint[:12]}  {entry.why}")
    wanted = [entry.seconds for entry in made if entry.action == "run"]
    say(f"{len(wanted)} of {len(made)} cells would be run, about {sum(wanted):.0f} s one after the other.")
    return 0


def _simulate(options: argparse.Namespace) -> int:
    """Print jobs and makespan, without failures and with machines that die."""
    durations = [result.seconds for result in results.load(options.against) if result.status == "pass"]
    if not durations:
        return complain(f"{options.against} has no durations.")
    seconds = shards.synthesized(durations, options.simulate)
    total = sum(seconds.values())
    jobs = shards.count_for(total, items=len(seconds), target=600)
    say(f"{len(seconds)} cells, {total / 3600:.1f} h one after the other; {jobs} jobs on {options.machines} machines")
    status = 0
    for name, dies in shards.MISHAPS.items():
        seen = shards.simulate(seconds, jobs=jobs, machines=options.machines, set_up=SET_UP, dies=dies)
        lost, twice = seen.lost(seconds), seen.twice()
        say(
            f"  {name:34}{seen.makespan / 60:7.1f} min, {seen.attempts} attempts, "
            f"{seen.busy / 3600:.1f} machine hours; {len(lost)} cells lost, {len(twice)} counted twice"
        )
        status = 1 if lost or twice else status
    return status
