"""When the support page may show which symbol: a rule is two questions asked of results, and its own text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matrix.cells import Cell
from matrix.results import STAGES, CellResult

STABLE_COMMITS, STABLE_SYSTEMS = 3, 2

Results = Sequence[CellResult]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """When a symbol is given: asked of one result or more, and of the cells that must have one for `full`."""

    preliminary: Callable[[Results], bool]
    full: Callable[[Results, frozenset[Cell]], bool]
    text: str


def _passed(result: CellResult, *stages: str) -> bool:
    passed = {stage.name for stage in result.stages if stage.status == "pass"}
    return passed.issuperset(stages)


def _every_cell_passes(results: Results, expected: frozenset[Cell]) -> bool:
    return expected <= {result.cell for result in results} and all(map(_is_pass, results))


def _is_pass(result: CellResult) -> bool:
    return result.status == "pass" and _passed(result, *STAGES)


def _is_stable(results: Results, expected: frozenset[Cell]) -> bool:
    return _every_cell_passes(results, expected) and all(
        _passes_repeatedly([result for result in results if result.cell == cell]) for cell in expected
    )


def _passes_repeatedly(results: Results) -> bool:
    verdicts = [verdict for result in results for verdict in (*result.history, result.verdict)]
    commits = {verdict.commit.removesuffix("+") for verdict in verdicts if verdict.status == "pass"}
    systems = {result.system for result in results}
    never_failed = all(verdict.status != "fail" for verdict in verdicts)
    return never_failed and len(commits) >= STABLE_COMMITS and len(systems) >= STABLE_SYSTEMS


CHAIN = Rule(
    preliminary=lambda results: any(_passed(result, "configure", "check") for result in results),
    full=_every_cell_passes,
    text="◐ the configuration of at least one cell passes, `check --deploy` included; "
    "● every stage of every cell passes.",
)
SUMMARY = Rule(
    preliminary=lambda results: all(_passed(result, "deploy", "redeploy") for result in results),
    full=_every_cell_passes,
    text="◐ the terminal's summary names the address, and following its words redeploys the project; "
    "● every stage of every cell passes, and so does `summary`, which reads the summary page as a whole: address, "
    "files, commands, and that no secret is on it.",
)
STABILITY = Rule(
    preliminary=lambda results: all(map(_is_pass, results)),
    full=_is_stable,
    text="◐ every recorded cell passes every stage; ● each cell has passed at "
    f"{STABLE_COMMITS} commits or more and on {STABLE_SYSTEMS} operating systems or more, "
    "without a recorded failure.",
)
