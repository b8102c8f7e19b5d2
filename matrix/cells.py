"""The combinations to test: `axes.toml` as values, and the cells that filters select."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from pathlib import Path
from typing import Any

from simple_deploy.platforms import installed

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

AXES_FILE = Path(__file__).with_name("axes.toml")
AXIS_NAMES = ("platform", "layout", "package_manager", "django", "python", "settings_style")
# What an exclusion may name besides axes: the place where cells run.
PLACE_NAMES = ("system", "isolation", "conditions")
Place = Mapping[str, str]
ANYWHERE: Place = {}
_NO_AXES = ("reason", *PLACE_NAMES)


class AxesError(ValueError):
    """A filter, or `axes.toml` itself, names something that does not exist."""


class NothingLeft(AxesError):
    """Every selected cell is excluded; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One combination: a kind of project deployed to one platform."""

    platform: str
    layout: str
    package_manager: str
    django: str
    python: str
    settings_style: str = "single"

    @property
    def id(self) -> str:
        """The cell's name in test ids and file names, for example `heroku-nested-pip-django5.2-py3.12`."""
        style = "" if self.settings_style == "single" else f"-{self.settings_style}"
        return f"{self.platform}-{self.layout}-{self.package_manager}-django{self.django}-py{self.python}{style}"


@dataclass(frozen=True, kw_only=True)
class Axis:
    """The values of one axis; `optional` ones are included only if a filter asks for them."""

    default: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def known(self) -> tuple[str, ...]:
        """Every value."""
        return self.default + self.optional


@dataclass(frozen=True, kw_only=True)
class Exclusion:
    """A combination that cannot work: its axes, their values, and the reason.

    If `places` names operating systems or isolations, it cannot work there only.
    """

    values: Mapping[str, tuple[str, ...]]
    reason: str
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def covers(self, cell: Cell, place: Place = ANYWHERE) -> bool:
        """Whether this cell cannot work in this place: it has the named values, and so has the place."""
        here = all(place.get(name, "") in values for name, values in self.places.items())
        return here and all(getattr(cell, axis) in values for axis, values in self.values.items())


@dataclass(frozen=True, kw_only=True)
class Axes:
    """The content of axes.toml."""

    values: Mapping[str, Axis]
    exclusions: tuple[Exclusion, ...] = ()
    conditions: tuple[str, ...] = ()
    narrow: Mapping[str, Sequence[str]] = field(default_factory=dict)


def load_axes(path: Path = AXES_FILE) -> Axes:
    """Read the axes; raises AxesError if the file names an unknown axis or misses one.

    Each installed platform has its cells: first those that the file puts in order, then all others.
    """
    axes = read_axes(tomllib.loads(path.read_text(encoding="utf-8")))
    platform = axes.values["platform"]
    others = tuple(name for name in installed() if name not in platform.known)
    return replace(axes, values={**axes.values, "platform": replace(platform, default=(*platform.default, *others))})


def read_axes(document: Mapping[str, Any]) -> Axes:
    """Parse TOML data into values."""
    axes = {
        name: Axis(default=tuple(axis["default"]), optional=tuple(axis.get("optional", ())))
        for name, axis in document["axes"].items()
    }
    exclusions = tuple(
        Exclusion(
            reason=entry["reason"],
            values={name: tuple(values) for name, values in entry.items() if name not in _NO_AXES},
            places={name: tuple(entry[name]) for name in PLACE_NAMES if name in entry},
        )
        for entry in document.get("exclusions", ())
    )
    named = [*axes, *(name for exclusion in exclusions for name in exclusion.values)]
    if set(axes) != set(AXIS_NAMES) or not set(named) <= set(AXIS_NAMES):
        raise AxesError(f"The axes are {', '.join(AXIS_NAMES)}; axes.toml names {', '.join(named)}.")
    half = document.get("local_half", {})
    return Axes(
        values={name: axes[name] for name in AXIS_NAMES},
        exclusions=exclusions,
        conditions=tuple(half.get("conditions", ())),
        narrow=half.get("narrow", {}),
    )


def all_cells(axes: Axes, place: Place = ANYWHERE) -> tuple[Cell, ...]:
    """Every cell that can work in this place, optional values included."""
    return _without_excluded(axes, _combine({name: axis.known for name, axis in axes.values.items()}), place)


def select(axes: Axes, filters: Mapping[str, Sequence[str]], place: Place = ANYWHERE) -> tuple[Cell, ...]:
    """Select the cells with the given values, and the default values on every axis without a filter.

    Raises AxesError for an unknown value, and NothingLeft if every requested combination is excluded.
    """
    for name, wanted in filters.items():
        known = axes.values[name].known
        if unknown := [value for value in wanted if value not in known]:
            raise AxesError(f"Unknown {name}: {', '.join(unknown)}. Known: {', '.join(known)}.")
    candidates = _combine({name: filters.get(name) or axis.default for name, axis in axes.values.items()})
    cells = _without_excluded(axes, candidates, place)
    if not cells:
        raise NothingLeft(f"No cell is left: {' '.join(_reasons(axes, candidates, place))}")
    return cells


def left_out(axes: Axes, filters: Mapping[str, Sequence[str]], place: Place) -> tuple[str, ...]:
    """Why some of the selected cells cannot work in this place, though they can in another."""
    return _reasons(axes, select(axes, filters), place)


def _reasons(axes: Axes, cells: Sequence[Cell], place: Place) -> tuple[str, ...]:
    return tuple(entry.reason for entry in axes.exclusions if any(entry.covers(cell, place) for cell in cells))


def _combine(values: Mapping[str, Sequence[str]]) -> tuple[Cell, ...]:
    combinations = itertools.product(*values.values())
    return tuple(Cell(**dict(zip(values, combination, strict=True))) for combination in combinations)


def _without_excluded(axes: Axes, cells: Sequence[Cell], place: Place) -> tuple[Cell, ...]:
    working = [cell for cell in cells if not any(exclusion.covers(cell, place) for exclusion in axes.exclusions)]
    return tuple(sorted(working, key=astuple))
