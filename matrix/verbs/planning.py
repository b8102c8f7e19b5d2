"""What a run of the matrix would do: every selected cell with its fingerprint, whether it is run, and its cost."""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Literal

from ..cells import Cell
from ..places import Where
from ..record.published import LONGEST
from ..record.results import CellResult, name_of

# A cell is skipped if it is not known, and nothing that it uses has changed.
Action = Literal["run", "reuse", "skip"]

# The assumed cost of a cell if no recorded one is similar.
UNKNOWN_SECONDS = 30.0


@dataclass(frozen=True, kw_only=True)
class Planned:
    """One cell in one place: whether it is run, reused or skipped, why, and its duration."""

    cell: Cell
    where: Where
    fingerprint: str
    sources: str
    action: Action
    why: str
    seconds: float

    @property
    def id(self) -> str:
        """The name of its result."""
        return name_of(self.cell, self.where.system, self.where.isolation, conditions=self.where.conditions)

    def as_json(self) -> dict[str, Any]:
        """The plan's entry."""
        return {"id": self.id, **asdict(self)}


def from_json(entry: Mapping[str, Any]) -> Planned:
    """Read what `as_json` made; raises KeyError or TypeError for anything else."""
    fields = {name: value for name, value in entry.items() if name != "id"}
    return Planned(**{**fields, "cell": Cell(**fields["cell"]), "where": Where(**fields["where"])})


@dataclass(frozen=True, kw_only=True)
class Record:
    """The known results, and how a run treats them."""

    results: Mapping[str, CellResult]
    today: date
    fresh: bool = False
    # For cells in places that cannot be inspected from here, only the sources are compared.
    here: str = ""

    def holds(self, cell: Cell, where: Where, *, fingerprint: str, sources: str) -> tuple[Action, str]:
        """Whether the recorded result of a cell still holds, and why or why not."""
        known = self.results.get(name_of(cell, where.system, where.isolation, conditions=where.conditions))
        if known is None:
            return "run", "not recorded"
        if self.fresh:
            return "run", "requested with --fresh"
        if known.sources != sources:
            return "run", "recorded with other sources"
        if where.system == self.here and known.fingerprint != fingerprint:
            return "run", "recorded with other versions"
        if known.status != "pass" or known.flaky:
            return "run", f"recorded as {'flaky' if known.flaky else known.status}"
        if self.today - date.fromisoformat(known.when[:10]) > LONGEST:
            return "run", f"recorded more than {LONGEST.days} days ago"
        return "reuse", f"recorded {known.when} at {known.commit}"


def plan(
    cells: Iterable[tuple[Cell, Where]],
    record: Record,
    *,
    sources: Callable[[Cell, Where], str],
    fingerprint: Callable[[Cell, Where], str],
) -> tuple[Planned, ...]:
    """The action for every cell, in order."""
    cost = costs(record.results.values())
    planned = []
    for cell, where in cells:
        known = {"fingerprint": fingerprint(cell, where), "sources": sources(cell, where)}
        action, why = record.holds(cell, where, **known)
        seconds = cost(cell, where)
        planned.append(Planned(cell=cell, where=where, action=action, why=why, seconds=seconds, **known))
    return tuple(planned)


def sampled(planned: Sequence[Planned], share: float, seed: str) -> tuple[Planned, ...]:
    """The same, with a share of the reused cells run anyway: a different one for another seed, at least one cell."""
    reused = [entry.id for entry in planned if entry.action == "reuse"]
    count = max(1, round(len(reused) * share)) if reused and share else 0
    chosen = set(random.Random(seed).sample(reused, count))
    return tuple(replace(entry, action="run", why="sampled") if entry.id in chosen else entry for entry in planned)


def costs(results: Iterable[CellResult]) -> Callable[[Cell, Where], float]:
    """How long a cell takes, according to the record of it, of its kind, of all; a guess if there is none."""
    passed = [result for result in results if result.status == "pass"]
    exact = {result.name: result.seconds for result in passed}
    kinds: dict[tuple[str, str], list[float]] = {}
    for result in passed:
        kinds.setdefault((result.cell.platform, result.cell.package_manager), []).append(result.seconds)
    middle = statistics.median([result.seconds for result in passed]) if passed else UNKNOWN_SECONDS

    def cost(cell: Cell, where: Where) -> float:
        name = name_of(cell, where.system, where.isolation, conditions=where.conditions)
        alike = kinds.get((cell.platform, cell.package_manager))
        return round(exact.get(name) or (statistics.median(alike) if alike else middle), 1)

    return cost
