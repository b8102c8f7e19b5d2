"""Results → the support page. Pure: equal axes and results give equal text, and nobody types a symbol."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from matrix.cells import Axes, Cell, all_cells, select
from matrix.provenance import REPOSITORY
from matrix.results import CellResult, strongest
from matrix.rules import CHAIN, STABILITY, SUMMARY, Results, Rule
from matrix.walls import KINDS

PAGE = REPOSITORY / "docs" / "support_matrix.md"
PLATFORMS = {"heroku": "Heroku", "fly_io": "Fly.io", "platform_sh": "Platform.sh", "upsun": "Upsun"}
SYSTEMS = ("Linux", "macOS", "Windows")
NOT_YET, PRELIMINARY, FULL, NOT_VERIFIED = "○", "◐", "●", "not verified"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a table: its heading, and which cells or operating system it means."""

    heading: str
    axis: str = ""
    values: tuple[str, ...] = ()
    system: str = ""

    def has_cell(self, cell: Cell) -> bool:
        """Whether the cell belongs here."""
        return not self.axis or getattr(cell, self.axis) in self.values

    def has_result(self, result: CellResult) -> bool:
        """Whether the result belongs here."""
        return self.has_cell(result.cell) and self.system in ("", result.system)


@dataclass(frozen=True, kw_only=True)
class Table:
    """One of the roadmap's tables."""

    title: str
    columns: tuple[Column, ...]
    rule: Rule


TABLES = (
    Table(
        title="Package managers",
        columns=(
            Column(heading="Bare requirements.txt", axis="package_manager", values=("pip",)),
            Column(heading="pip-tools", axis="package_manager", values=("pip-tools",)),
            Column(heading="Poetry", axis="package_manager", values=("poetry", "poetry-classic")),
            Column(heading="Pipenv", axis="package_manager", values=("pipenv",)),
            Column(heading="uv", axis="package_manager", values=("uv",)),
        ),
        rule=CHAIN,
    ),
    Table(
        title="Operating systems",
        columns=tuple(Column(heading=name, system=name) for name in SYSTEMS),
        rule=CHAIN,
    ),
    Table(title="Friendly summary", columns=(Column(heading="Friendly summary"),), rule=SUMMARY),
    Table(
        title="Project structure",
        columns=(
            Column(heading="Nested", axis="layout", values=("nested",)),
            Column(heading="Non-nested", axis="layout", values=("flat",)),
        ),
        rule=CHAIN,
    ),
    Table(title="Stability", columns=(Column(heading="Stability"),), rule=STABILITY),
)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """The cells that can work on each system, the everyday ones among them, and all results but skipped ones.

    The system "" is any.
    """

    known: Mapping[str, tuple[Cell, ...]]
    default: tuple[Cell, ...]
    results: tuple[CellResult, ...]


def what_counts(axes: Axes, results: Iterable[CellResult]) -> Seen:
    """Leave out results of cells that no longer exist, and skipped ones: nothing was seen there."""
    known = {system: all_cells(axes, {"system": system}) for system in ("", *SYSTEMS)}
    seen = tuple(result for result in results if result.cell in known[""] and result.status != "skip")
    return Seen(known=known, default=select(axes, {}), results=seen)


def symbol(seen: Seen, platform: str, column: Column, rule: Rule) -> str:
    """The symbol of one field by the rule of its table, with when and on what it was seen."""
    here = [cell for cell in seen.known[column.system] if cell.platform == platform and column.has_cell(cell)]
    if not here:
        return NOT_YET
    results = [result for result in strongest(seen.results) if result.cell in here and column.has_result(result)]
    if not results:
        return NOT_VERIFIED
    expected = frozenset(here) & frozenset(seen.default) or frozenset(here)
    if rule.full(results, expected):
        return f"{FULL} {_stamp(results)}"
    return f"{PRELIMINARY if rule.preliminary(results) else NOT_YET} {_stamp(results)}"


def _stamp(results: Results) -> str:
    day = max(result.when for result in results).partition("T")[0]
    systems = ", ".join(sorted({result.system for result in results}))
    kinds = " and ".join(sorted(set(map(_kind, results))))
    return f"{day}, {systems}, *{kinds}*"


def _kind(result: CellResult) -> str:
    return result.evidence if result.isolation == KINDS[0] else f"{result.evidence} without walls"


def page(axes: Axes, results: Iterable[CellResult]) -> str:
    """The whole of `docs/support_matrix.md`."""
    seen = what_counts(axes, results)
    reasons = [f"- {exclusion.reason}\n" for exclusion in axes.exclusions]
    parts = [HEAD, *(_section(seen, table) for table in TABLES), EXCLUSIONS + "".join(reasons), _cells_section(seen)]
    return "\n".join(parts)


def _section(seen: Seen, table: Table) -> str:
    rows = [
        [name, *(symbol(seen, platform, column, table.rule) for column in table.columns)]
        for platform, name in PLATFORMS.items()
    ]
    header = ["Platform", *(column.heading for column in table.columns)]
    return f"## {table.title}\n\n{markdown_table(header, rows)}\n{table.rule.text}\n"


def _cells_section(seen: Seen) -> str:
    rows = [
        [
            f"`{result.cell.id}`",
            f"{result.system}, *{result.evidence}*, {result.isolation}",
            result.status,
            " ".join(stage.name for stage in result.stages if stage.status == "pass") or "none",
            ", ".join(f"{name} {version}" for name, version in sorted(result.versions.items())),
            f"{result.when} at {result.commit}",
        ]
        for result in sorted(seen.results, key=lambda result: result.name)
    ]
    header = ["Cell", "Seen on", "Status", "Stages that passed", "Versions", "When"]
    return f"## The cells behind the symbols\n\n{markdown_table(header, rows)}" if rows else NO_RESULTS


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as Markdown, newline at the end; `|` in a value is escaped."""
    lines = [list(header), ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(value.replace('|', '&#124;') for value in line)} |\n" for line in lines)


def is_current(path: Path, text: str) -> bool:
    """Whether the file says exactly this, newlines included."""
    return path.exists() and path.read_bytes() == text.encode("utf-8")


NO_RESULTS = "No result is recorded.\n"
EXCLUSIONS = "## Cells that do not exist, and why\n\n"
HEAD = """\
<!-- Generated by `nox -s support_matrix` from matrix/results/; an edit by hand fails its --check. -->

# Support matrix

Every symbol on this page is computed from recorded runs of the [matrix](architecture.md), never typed.
*Emulated* means: a generated project was deployed with real Git, real package managers and a real PostgreSQL
to a local emulation of the platform. *Without walls* means: the app ran as an ordinary program of this machine, in
[isolation `folder`](reference/nox.md#isolation). Where there is a result with walls too, only that one counts.
*Emulated, real client* means: driven by the vendor's own CLI
(`nox -s real_cli`). *Live* means: to the platform itself.

- ○ not yet implemented: there is no cell for it, or none that was run passes what ◐ asks for
- ◐ preliminary, ● full: the rule stands under each table
- not verified: there are cells for it, but no run is recorded

A symbol carries the day of its newest run, the operating systems and the kind of evidence. For ● the
everyday cells must all have a recorded run; where other values were tried as well, none of them may fail.
"""
