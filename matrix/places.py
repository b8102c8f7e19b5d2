"""Where cells run: systems, isolations, and the conditions of a local half that another machine finishes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .cells import Axes, Cell, NothingLeft, select
from .walls import KINDS, Isolation

SYSTEMS = ("Linux", "macOS", "Windows")
Filters = Mapping[str, Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Where:
    """A system, an isolation, and the conditions of a local half; no conditions mean a cell in one piece."""

    system: str
    isolation: Isolation
    conditions: str = ""

    @property
    def names(self) -> Mapping[str, str]:
        """The place in the terms of an exclusion."""
        return {"system": self.system, "isolation": self.isolation, "conditions": self.conditions}


def cells_at(axes: Axes, filters: Filters, where: Where) -> tuple[Cell, ...]:
    """The selected cells that can work there; under conditions other than the first, only the narrow ones."""
    try:
        cells = select(axes, filters, where.names)
    except NothingLeft:
        return ()
    if where.conditions in ("", *axes.conditions[:1]):
        return cells
    return tuple(cell for cell in cells if all(getattr(cell, name) in axes.narrow[name] for name in axes.narrow))


def everywhere(
    axes: Axes, filters: Filters, *, systems: Iterable[str], isolations: Iterable[Isolation], halves: bool
) -> Iterator[tuple[Cell, Where]]:
    """The selected cells wherever they can work: in one piece, and with `halves` in halves too."""
    for where in _places(axes, systems, tuple(isolations), halves=halves):
        yield from ((cell, where) for cell in cells_at(axes, filters, where))


def _places(axes: Axes, systems: Iterable[str], isolations: Sequence[Isolation], *, halves: bool) -> Iterator[Where]:
    for system in systems:
        for isolation in isolations:
            if isolation != KINDS[0] or system == SYSTEMS[0]:  # only Linux has isolation
                yield Where(system=system, isolation=isolation)
        if halves and "folder" in isolations:
            yield from (Where(system=system, isolation="folder", conditions=name) for name in axes.conditions)
