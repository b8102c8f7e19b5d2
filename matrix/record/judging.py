"""New results compared with the record: one verdict per cell. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from .results import CellResult
from .spurious import RUNNER_DIED

Kind = Literal["regressed", "flaky", "spurious", "new", "fixed", "same"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)  # what needs the most attention first
MEANINGS: Mapping[Kind, str] = {
    "regressed": "passed before, fails now",
    "flaky": "passes and fails with the same sources and versions",
    "spurious": "failed for a reason that says nothing about the product",
    "new": "not in the record",
    "fixed": "failed before, passes now",
    "same": "as before",
}


@dataclass(frozen=True, kw_only=True)
class Judged:
    """The verdict on a cell, by the name of its result, with the reason. `result` is None for a lost cell."""

    name: str
    kind: Kind
    why: str
    result: CellResult | None


def judge(
    results: Iterable[CellResult], record: Mapping[str, CellResult], planned: Iterable[str] = ()
) -> tuple[Judged, ...]:
    """A verdict on every result, and on every planned cell that has none; what needs attention first."""
    seen = {result.name: result for result in results}
    judged = [_judged(result, record.get(name)) for name, result in seen.items()]
    lost = [name for name in planned if name not in seen]
    judged += [Judged(name=name, kind="spurious", why=RUNNER_DIED, result=None) for name in lost]
    return tuple(sorted(judged, key=lambda one: (KINDS.index(one.kind), one.name)))


def _judged(result: CellResult, before: CellResult | None) -> Judged:
    kind = _kind(result, before)
    return Judged(name=result.name, kind=kind, why=_why(result, before, kind), result=result)


def _kind(result: CellResult, before: CellResult | None) -> Kind:
    if result.spurious:
        return "spurious"
    if result.flaky or (before and _is_flaky_together(result, before)):
        return "flaky"
    if before is None or "skip" in (before.status, result.status):
        return "new" if before is None or before.status != result.status else "same"
    if before.status == result.status:
        return "same"
    return "regressed" if result.status == "fail" else "fixed"


def _is_flaky_together(result: CellResult, before: CellResult) -> bool:
    """Whether the same sources have passed and failed, or were flaky when they passed and fail now.

    A constant failure after a pass with the same fingerprint comes from a change that no fingerprint covers, such as a
    new release of a package: that is a regression.
    """
    if before.flaky and result.status == "fail":
        return True
    same = result.fingerprint == before.fingerprint and {result.status, before.status} == {"pass", "fail"}
    return same and not _fails_again(result)


def _fails_again(result: CellResult) -> bool:
    """Whether every attempt has failed, and there were several."""
    attempts = [v.status for v in (*result.history, result.verdict) if v.fingerprint == result.fingerprint]
    return len(attempts) > 1 and set(attempts) == {"fail"}


def _why(result: CellResult, before: CellResult | None, kind: Kind) -> str:
    if kind == "spurious":
        return result.spurious
    attempts = (*result.history, result.verdict)
    failed = [one.why for one in attempts if one.why and one.fingerprint == result.fingerprint] if result.flaky else []
    since = f"; {before.status} {before.when} at {before.commit}" if before and kind in ("regressed", "fixed") else ""
    return f"{result.verdict.why or ', failed before: '.join([result.status, *failed[-1:]])}{since}"


def regressed(judged: Iterable[Judged]) -> bool:
    """Whether a cell has regressed."""
    return any(one.kind == "regressed" for one in judged)


def unproved(judged: Iterable[Judged]) -> str:
    """What is missing before the run can be judged; empty if nothing is."""
    kinds = [(one.kind, one.result is None) for one in judged]
    if lost := sum(is_lost for _, is_lost in kinds):
        return f"{lost} of {len(kinds)} cells have no result: their runner died. Run these jobs again."
    if kinds and all(kind == "spurious" for kind, _ in kinds):
        return "Every cell failed for a reason that says nothing about the product. Run all jobs again."
    return ""
