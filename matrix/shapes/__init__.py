"""Small projects with one difficulty each, and the expected outcome of each on every platform.

A shape is a file of `library/`: what it adds to, and removes from, the project in `minimal/`.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..cells import load_axes

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

LIBRARY = Path(__file__).parent / "library"
MINIMAL = Path(__file__).parent / "minimal"
PLATFORMS = tuple(load_axes().values["platform"].default)
# What the shapes are about, in the order of the page.
GROUPS = (
    "Variables",
    "Settings",
    "Requirements",
    "Static files",
    "Images",
    "Files of your own",
    "Python",
    "Django",
    "Beginners' folders",
    "The site itself",
    "The end of a run",
)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The expected outcome of a shape on a platform: it is served, or refused with these problem codes.

    `says` are texts that the configuring run must show in either case, `deploying_says` those of the deployment.
    `options` are added to those of the shape. One that is not `deployed` is only configured on this platform.
    """

    refused: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    deploying_says: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    deployed: bool = True

    @property
    def served(self) -> bool:
        """Whether the site must be served."""
        return not self.refused


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One small project. Paths are relative to its Git root.

    `files` are written over the minimal project, `appended` to the end of its files, `removed` deleted from it; all are
    committed. `untracked` are written afterwards. In the texts of committed files, @home@ is the developer's home
    folder. `folder` is that of manage.py. `installed` is what its developer has installed, with the Python `python`
    ("": the one that runs the harness). `locked_by` is the package manager (a name in the matrix) with which the
    developer locks. `options` go to simple_deploy. A shape that is not `deployed` is only configured: no machine has
    what it needs. The second deployment has the values of the first only if they are `given_again`.
    """

    name: str
    group: str
    title: str
    folder: str = "."
    files: Mapping[str, str] = field(default_factory=dict)
    appended: Mapping[str, str] = field(default_factory=dict)
    removed: tuple[str, ...] = ()
    untracked: Mapping[str, str] = field(default_factory=dict)
    installed: tuple[str, ...] = ("Django>=5.2,<5.3",)
    python: str = ""
    locked_by: str = ""
    options: tuple[str, ...] = ()
    deployed: bool = True
    given_again: bool = False
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)


def load(folder: Path = LIBRARY) -> tuple[Shape, ...]:
    """Every shape, in the order of the page. Raises ValueError for an invalid file."""
    shapes = [_shape(path) for path in sorted(folder.glob("*.toml"))]
    return tuple(sorted(shapes, key=lambda shape: (GROUPS.index(shape.group), shape.name)))


def _shape(path: Path) -> Shape:
    document: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        outcomes = _outcomes(document.pop("outcome", {}))
        fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in document.items()}
        if fields.get("group") not in GROUPS:
            raise TypeError(f"no group: {fields.get('group')}")
        return Shape(name=path.stem, outcomes=outcomes, **fields)
    except TypeError as error:
        raise ValueError(f"{path.name}: {error}") from error


def _outcomes(tables: Mapping[str, Any]) -> dict[str, Outcome]:
    """The outcome for each platform: its own table, else the one of `all`; served if neither specifies another."""
    if unknown := set(tables) - {*PLATFORMS, "all"}:
        raise TypeError(f"no platform: {', '.join(sorted(unknown))}")
    chosen = {platform: tables.get(platform, tables.get("all", {})) for platform in PLATFORMS}
    return {
        platform: Outcome(**{key: _value(value) for key, value in table.items()}) for platform, table in chosen.items()
    }


def _value(value: Any) -> Any:
    """A single text counts as a list of one."""
    return (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else value
