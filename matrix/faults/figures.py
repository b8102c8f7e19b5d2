"""How many faults a platform's runs met and survived: as JSON to keep, and as tables. Pure, except for the files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..record.provenance import REPOSITORY
from ..record.tables import PLATFORMS, markdown_table
from .verdict import Finding

_END = "<!-- end of figures -->\n"


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What a session counts: its kinds in the order of the tables, and where its figures are kept and shown.

    `heading` is above the kinds. `slowest` is the name of the last row, if there is one.
    """

    session: str
    heading: str
    kinds: Mapping[str, str]
    slowest: str = ""

    @property
    def folder(self) -> Path:
        """The folder of the figures."""
        return REPOSITORY / "matrix" / "results" / self.session

    @property
    def page(self) -> Path:
        """The page that shows them."""
        return REPOSITORY / "docs" / "reference" / f"{self.session}.md"

    @property
    def begin(self) -> str:
        """The line of the page above them."""
        return f"<!-- figures: nox -s {self.session} -- --record -->\n"


FAULTS = Tally(
    session="faults",
    heading="what goes wrong",
    slowest="slowest end after Ctrl-C",
    kinds={
        "fails": "a program fails before it has done anything",
        "nonsense": "a program answers what is not JSON",
        "interrupted": "a program hangs, and Ctrl-C is pressed",
        "killed": "a program hangs, and the run is killed",
        "network gone": "the network is gone",
        "answer lost": "a program does its work, and its answer is lost",
        "second run": "a second run is started while a step hangs",
        "part fails": "a part of the platform's own work fails",
        "part interrupted": "a part of the platform's own work hangs, and Ctrl-C is pressed",
        "site silent": "the site does not answer",
        "wait interrupted": "Ctrl-C is pressed while the run waits for the site",
        "killed while writing": "the run is killed at a change on the disk",
        "interrupted while writing": "Ctrl-C is pressed at a change on the disk",
        "disk full": "the disk is full from a change on",
        "read-only folder": "the project's folders are read-only",
        "read-only file": "the project's files are read-only",
        "no fault": "a run without a fault, after all of these",
    },
)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """How many faults of a kind there were, and how many were survived."""

    kind: str
    injected: int
    survived: int


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The figures of one platform's faults. `slowest` and `seconds`: from Ctrl-C to the exit, and in total."""

    platform: str
    figures: tuple[Figure, ...]
    slowest: float
    seconds: float
    system: str
    versions: Mapping[str, str]
    commit: str
    when: str
    fingerprint: str

    @property
    def survived(self) -> bool:
        """Whether there were faults, and all of them were survived."""
        return bool(self.figures) and all(figure.injected == figure.survived for figure in self.figures)


def counted(verdicts: Iterable[Finding], tally: Tally = FAULTS) -> tuple[Figure, ...]:
    """The figures of these verdicts, in the order of the tables. Raises KeyError for an unknown kind."""
    by_kind: dict[str, list[Finding]] = {kind: [] for kind in tally.kinds}
    for verdict in verdicts:
        by_kind[verdict.kind].append(verdict)
    return tuple(
        Figure(kind=kind, injected=len(met), survived=sum(verdict.survived for verdict in met))
        for kind, met in by_kind.items()
        if met
    )


def save(figures: Figures, folder: Path = FAULTS.folder) -> Path:
    """Replace the figures of a platform, and return their file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{figures.platform}.{figures.system.lower()}.json"
    path.write_text(json.dumps(asdict(figures), indent=2) + "\n", encoding="utf-8", newline="\n")
    return path


def load(folder: Path = FAULTS.folder) -> tuple[Figures, ...]:
    """All recorded figures. Raises ValueError, KeyError or TypeError for a file with other content."""
    return tuple(_read(path) for path in sorted(folder.glob("*.json")))


def _read(path: Path) -> Figures:
    fields: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Figures(**{**fields, "figures": tuple(Figure(**figure) for figure in fields["figures"])})


def rows(kept: Sequence[Figures], tally: Tally = FAULTS) -> list[list[str]]:
    """A table: one row for each kind, one column for each platform; the heading first."""
    known = [{figure.kind: figure for figure in figures.figures} for figures in kept]
    kinds = [kind for kind in tally.kinds if any(kind in figures for figures in known)]
    body = [[tally.kinds[kind], *(_field(figures.get(kind)) for figures in known)] for kind in kinds]
    all_of_them = [Figure(kind="", injected=_sum(f, "injected"), survived=_sum(f, "survived")) for f in kept]
    return [
        [tally.heading, *(PLATFORMS.get(figures.platform, figures.platform) for figures in kept)],
        *body,
        ["all of them", *map(_field, all_of_them)],
        *([[tally.slowest, *(f"{figures.slowest:.1f} s" for figures in kept)]] if tally.slowest else []),
    ]


def _sum(figures: Figures, name: str) -> int:
    return sum(getattr(figure, name) for figure in figures.figures)


def _field(figure: Figure | None) -> str:
    return f"{figure.survived} of {figure.injected}" if figure else "-"


def text_table(kept: Sequence[Figures], tally: Tally = FAULTS) -> str:
    """The table for a terminal."""
    table = rows(kept, tally)
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = ("  ".join(field.ljust(width) for field, width in zip(row, widths, strict=True)) for row in table)
    return "\n".join(line.rstrip() for line in lines)


def page(text: str, kept: Sequence[Figures], tally: Tally = FAULTS) -> str:
    """`text` with its figures replaced by the recorded ones. Raises ValueError if there is no place for them."""
    before, begin, rest = text.partition(tally.begin)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError("The page has no place for figures.")
    head, *body = rows(kept, tally)
    where = "".join(f"- {_origin(figures)}\n" for figures in kept)
    return f"{before}{begin}\n{markdown_table(head, body)}\n{where}\n{end}{after}"


def write_page(tally: Tally) -> None:
    """Write the recorded figures into the page. Raises ValueError if there is no place for them."""
    text = page(tally.page.read_text(encoding="utf-8"), load(tally.folder), tally)
    tally.page.write_text(text, encoding="utf-8", newline="\n")


def _origin(figures: Figures) -> str:
    name = PLATFORMS.get(figures.platform, figures.platform)
    versions = ", ".join(f"{program} {version}" for program, version in sorted(figures.versions.items()))
    return f"{name}: {figures.when} at {figures.commit}, {figures.system}, *emulated*, {versions}"
