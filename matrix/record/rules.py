"""When the support page may show which symbol: a rule is two conditions on a field, and its own text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ..cells import Cell
from .results import STAGES, CellResult

STABLE_RECORDS, STABLE_SYSTEMS = 3, 2

Results = Sequence[CellResult]


@dataclass(frozen=True, kw_only=True)
class Robust:
    """What else was tried on a platform recently: whether all faults and all shapes had their expected outcome."""

    faults: bool = False
    shapes: bool = False


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The input of a rule: results that are not stale, and the cells that must each have one for `full`."""

    results: Results
    expected: frozenset[Cell]
    robust: Robust = field(default_factory=Robust)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """When a symbol is given. A rule is applied only if there is at least one result."""

    preliminary: Callable[[Asked], bool]
    full: Callable[[Asked], bool]
    text: str


def passes(result: CellResult) -> bool:
    """Whether every stage has passed, and did so in every run with the same sources and versions."""
    return result.status == "pass" and not result.flaky and _passed(result, *STAGES)


def _passed(result: CellResult, *stages: str) -> bool:
    passed = {stage.name for stage in result.stages if stage.status == "pass"}
    return passed.issuperset(stages)


def _every_cell_passes(asked: Asked) -> bool:
    return asked.expected <= {result.cell for result in asked.results} and all(map(passes, asked.results))


def _every_platform_passes(asked: Asked) -> bool:
    expected = {cell.platform for cell in asked.expected}
    return expected <= {result.cell.platform for result in asked.results} and all(map(passes, asked.results))


def _is_stable(asked: Asked) -> bool:
    return (
        _every_cell_passes(asked)
        and asked.robust.faults
        and asked.robust.shapes
        and all(_cell_is_stable([r for r in asked.results if r.cell == cell]) for cell in asked.expected)
    )


def _cell_is_stable(results: Results) -> bool:
    return len({result.system for result in results}) >= STABLE_SYSTEMS and _passes_in_a_row(results)


def _passes_in_a_row(results: Results) -> bool:
    """Whether a result of a cell is the end of so many recorded passes in a row, at as many commits."""
    return any(_last_ones_pass(result) for result in results)


def _last_ones_pass(result: CellResult) -> bool:
    by_commit: dict[str, set[str]] = {}
    for verdict in sorted((*result.history, result.verdict), key=lambda verdict: verdict.when):
        if verdict.status != "skip" and not verdict.spurious:
            by_commit.setdefault(verdict.commit.removesuffix("+"), set()).add(verdict.status)
    last = list(by_commit.values())[-STABLE_RECORDS:]
    return len(last) == STABLE_RECORDS and all(statuses == {"pass"} for statuses in last)


CHAIN = Rule(
    preliminary=lambda asked: any(_passed(result, "configure", "check") for result in asked.results),
    full=_every_cell_passes,
    text="◐ the configuration of at least one cell passes, `check --deploy` included; "
    "● every stage of every cell passes.",
)
VERSIONS = Rule(
    preliminary=lambda asked: any(map(passes, asked.results)),
    full=_every_platform_passes,
    text="◐ every stage passes in a cell of some platform; ● in a cell of every platform that has such cells, and in "
    "all of these that were run.",
)
SETTINGS = Rule(
    preliminary=lambda asked: any(map(passes, asked.results)),
    full=lambda asked: all(map(passes, asked.results)),
    text="◐ every stage passes in a cell with such settings; ● in all of these that were run.",
)
SUMMARY = Rule(
    preliminary=lambda asked: all(_passed(result, "deploy", "redeploy") for result in asked.results),
    full=_every_cell_passes,
    text="◐ the terminal's summary names the address, and following its words redeploys the project; "
    "● every stage of every cell passes, and so does `summary`, which reads the summary page as a whole: address, "
    "files, commands, and that no secret is on it.",
)
STABILITY = Rule(
    preliminary=lambda asked: all(map(passes, asked.results)),
    full=_is_stable,
    text="◐ every recorded cell passes every stage, a second run (`rerun`) among them; ● that, and each everyday cell "
    f"has passed in its last {STABLE_RECORDS} records, at {STABLE_RECORDS} commits, and on {STABLE_SYSTEMS} operating "
    "systems or more, and in the last 30 days every [fault](reference/faults.md) was "
    "survived and every [shape](will_it_work.md) came out as it must. One failure, one flaky cell, fault or shape "
    "takes ● away; the next so many records give it back.",
)
