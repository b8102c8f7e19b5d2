"""Results → the support page. Pure: equal axes and results give equal text; no symbol is typed manually."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from simple_deploy import platforms

from ..cells import Axes, Cell, all_cells, load_axes, select
from ..places import SYSTEMS
from ..walls import KINDS
from . import states
from .provenance import REPOSITORY
from .published import LONGEST, Published
from .results import CellResult, strongest
from .rules import CHAIN, SETTINGS, STABILITY, SUMMARY, VERSIONS, Asked, Results, Robust, Rule

PAGE = REPOSITORY / "docs" / "support_matrix.md"
PLATFORMS = {name: platforms.load(name).name for name in load_axes().values["platform"].known}
NOT_YET, PRELIMINARY, FULL, STALE, NOT_VERIFIED = "○", "◐", "●", "◌", "not verified"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a table: its heading, and its cells or operating system."""

    heading: str
    axis: str = ""
    values: tuple[str, ...] = ()
    system: str = ""
    pinned: Mapping[str, str] = field(default_factory=dict)

    def has_cell(self, cell: Cell) -> bool:
        """Whether the cell is one of the column's."""
        pinned = all(getattr(cell, axis) == value for axis, value in self.pinned.items())
        return pinned and (not self.axis or getattr(cell, self.axis) in self.values)

    def has_result(self, result: CellResult) -> bool:
        """Whether the result is one of the column's."""
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
    Table(
        title="Settings",
        columns=(
            Column(heading="One module", axis="settings_style", values=("single",)),
            Column(heading="A package", axis="settings_style", values=("package",)),
            Column(heading="django-environ", axis="settings_style", values=("environ",)),
            Column(heading="python-decouple", axis="settings_style", values=("decouple",)),
        ),
        rule=SETTINGS,
    ),
    Table(title="Stability", columns=(Column(heading="Stability"),), rule=STABILITY),
)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """The input of a page.

    The cells that can work on each system (the system "" is any), the everyday ones, all results but skipped ones, what
    is published, and what else is known of a platform.
    """

    known: Mapping[str, frozenset[Cell]]
    default: frozenset[Cell]
    results: tuple[CellResult, ...]
    published: Published
    robust: Callable[[str], Robust]


def what_counts(
    axes: Axes,
    results: Iterable[CellResult],
    published: Published,
    robust: Callable[[str], Robust] = lambda platform: Robust(),
) -> Seen:
    """Leave out results of cells that no longer exist, and skipped ones: they are no evidence."""
    known = {system: frozenset(_cells(axes, system)) for system in ("", *SYSTEMS)}
    seen = tuple(result for result in results if result.cell in known[""] and result.status != "skip")
    return Seen(known=known, default=frozenset(select(axes, {})), results=seen, published=published, robust=robust)


def _cells(axes: Axes, system: str) -> Iterator[Cell]:
    """What can work on a system, in one piece or in halves."""
    for conditions in ("", *axes.conditions[:1]):
        yield from all_cells(axes, {"system": system, "conditions": conditions})


def symbol(seen: Seen, column: Column, rule: Rule, platform: str = "") -> str:
    """The symbol of one field by the rule of its table, with the date and system of its evidence."""
    here = {cell for cell in seen.known[column.system] if platform in ("", cell.platform) and column.has_cell(cell)}
    if not here:
        return NOT_YET
    results = [result for result in seen.results if result.cell in here and column.has_result(result)]
    if not results:
        return NOT_VERIFIED
    good = strongest(result for result in results if not seen.published.stale(result))
    if not good:
        return f"{STALE} {_stamp(strongest(results))}"
    expected = frozenset(here) & seen.default or frozenset(here)
    asked = Asked(results=good, expected=expected, robust=seen.robust(platform))
    given = FULL if rule.full(asked) else PRELIMINARY if rule.preliminary(asked) else NOT_YET
    return f"{given} {_stamp(good)}{_remarks(good, results)}"


def _stamp(results: Results) -> str:
    day = max(result.when for result in results).partition("T")[0]
    systems = ", ".join(sorted({seen_on(result) for result in results}))
    kinds = "; ".join(sorted(set(map(_kind, results))))
    return f"{day}, {systems}, *{kinds}*"


def seen_on(result: CellResult) -> str:
    """The system, or those of the two halves."""
    if result.finished_on in ("", result.system):
        return f"{result.system} in two halves" if result.finished_on else result.system
    return f"{result.system} finished on {result.finished_on}"


def _remarks(good: Results, results: Results) -> str:
    """How many of the results are flaky, and how many were left out."""
    flaky = sum(result.flaky for result in good)
    names = {result.cell for result in results} - {result.cell for result in good}
    parts = [f"{flaky} flaky" if flaky else "", f"{len(names)} stale" if names else ""]
    return "".join(f", {part}" for part in parts if part)


def _kind(result: CellResult) -> str:
    """The evidence with its isolation, and with the builder of the image if that is a real one."""
    walls = "" if result.ran_in == KINDS[0] else " without walls"
    return f"{result.evidence}{walls}{f', image built by {result.builder}' if result.builder else ''}"


def page(axes: Axes, seen: Seen) -> str:
    """The whole of `docs/support_matrix.md`."""
    reasons = [f"- {exclusion.reason}\n" for exclusion in axes.exclusions]
    published = PUBLISHED.format(
        day=seen.published.day,
        commit=seen.published.commit,
        days=LONGEST.days,
        python=" or ".join(axes.values["python"].default),
        django=" or ".join(axes.values["django"].default),
    )
    tables = [*(_section(seen, table) for table in TABLES), _versions_section(axes, seen)]
    parts = [HEAD + published, _states_section(seen), *tables, EXCLUSIONS + "".join(reasons), _cells_section(seen)]
    return "\n".join(parts)


def _states_section(seen: Seen) -> str:
    rows = states.rows(PLATFORMS, seen.published.day)
    return f"## States\n\n{markdown_table(['Platform', 'State', 'Reason'], rows)}\n{STATES}"


def _versions_section(axes: Axes, seen: Seen) -> str:
    header, rows = versions_table(axes, seen)
    return f"## Django and Python\n\n{markdown_table(header, rows)}\n{VERSIONS.text} – no such cell exists.\n"


def versions_table(axes: Axes, seen: Seen) -> tuple[list[str], list[list[str]]]:
    """Django × Python, over all platforms."""
    pythons, djangos = (sorted(axes.values[name].known, key=_numbers) for name in ("python", "django"))
    rows = [[f"Django {django}", *(_versions_field(seen, django, python) for python in pythons)] for django in djangos]
    return ["", *(f"Python {python}" for python in pythons)], rows


def _versions_field(seen: Seen, django: str, python: str) -> str:
    column = Column(heading=python, pinned={"django": django, "python": python})
    return symbol(seen, column, VERSIONS) if any(map(column.has_cell, seen.known[""])) else "–"


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def platforms_table(seen: Seen, table: Table) -> tuple[list[str], list[list[str]]]:
    """A table's header, and a row of symbols for each platform."""
    rows = [
        [name, *(symbol(seen, column, table.rule, platform) for column in table.columns)]
        for platform, name in PLATFORMS.items()
    ]
    return ["Platform", *(column.heading for column in table.columns)], rows


def _section(seen: Seen, table: Table) -> str:
    header, rows = platforms_table(seen, table)
    return f"## {table.title}\n\n{markdown_table(header, rows)}\n{table.rule.text}\n"


def told_status(seen: Seen, result: CellResult) -> str:
    """The status and its qualification."""
    stale = seen.published.stale(result)
    marks = ["flaky" if result.flaky else "", result.spurious, f"stale ({stale})" if stale else ""]
    return ", ".join(filter(None, (result.status, *marks)))


def _cells_section(seen: Seen) -> str:
    rows = [
        [
            f"`{result.cell.id}`",
            f"{seen_on(result)}, *{_kind(result)}*, {', '.join(filter(None, (result.isolation, result.conditions)))}",
            told_status(seen, result),
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
    """Whether the file has exactly this text, including newlines."""
    return path.exists() and path.read_bytes() == text.encode("utf-8")


STATES = """\
Each state follows from [a rule](deprecation.md) and the platform's dated facts. An *at risk* platform still works;
its runs say so.
"""
NO_RESULTS = "No result is recorded.\n"
EXCLUSIONS = "## Cells that do not exist, and why\n\n"
HEAD = """\
<!-- Generated by `nox -s support_matrix` from matrix/results/; an edit by hand fails its --check. -->

# Support matrix

Every symbol on this page is computed from recorded runs of the [matrix](architecture.md); none is entered by hand.
*Emulated* means: a generated project was deployed with real Git, real package managers and a real PostgreSQL
to a local emulation of the platform. *Without walls* means: the app ran as an ordinary program of this machine, in
[isolation `folder`](reference/nox.md#isolation). Where there is a result with walls too, only that one counts.
*Emulated, real client* means: driven by the vendor's own CLI
(`nox -s real_cli`). *Live* means: to the platform itself.

- ○ not yet implemented: there is no cell for it, or none that was run passes what ◐ asks for
- ◐ preliminary, ● full: the rule is below each table
- ◌ stale: it was seen, but with other sources than those published here, or too long ago
- not verified: there are cells for it, but no run is recorded

A symbol carries the day of its newest run, the operating systems and the kind of evidence. For ● the
everyday cells must all have a result that is not stale; where other values were tried as well, none of them may fail.
A cell that has passed and failed with the same sources and versions is *flaky* and counts as failed. *Windows finished
on Linux* means: Windows configured and sent the project, and a Linux machine built and served exactly what it sent.
"""
PUBLISHED = """
Published on {day} for the sources of commit {commit}. What was seen more than {days} days before is stale. Everyday
cells have Python {python} and Django {django}.
"""
