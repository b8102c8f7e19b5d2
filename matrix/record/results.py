"""The result of a cell, as one JSON file that can be committed, merged and counted.

The newest result of a cell on an operating system is the one that counts: a failure cannot be outvoted by older passes.
Earlier verdicts stay in it as its history, from which stability is computed.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, astuple, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from ..cells import Cell
from ..walls import KINDS, Isolation
from .provenance import IN_A_CLONE, REPOSITORY

Status = Literal["pass", "fail", "skip"]
Evidence = Literal["emulated", "emulated, real client", "live"]

COMMITTED = REPOSITORY / "matrix" / "results"
DEFAULT_FOLDER = (REPOSITORY if IN_A_CLONE else Path.cwd()) / "results"
STAGES = ("generate", "configure", "check", "deploy", "use", "summary", "redeploy", "rerun", "teardown")
HISTORY_LENGTH = 20


@dataclass(frozen=True, kw_only=True)
class StageResult:
    """One stage of a cell: its status, its duration, and why it failed or was skipped."""

    name: str
    status: Status
    seconds: float
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The short form of an earlier result; `why` is the first line of each failed stage."""

    when: str
    commit: str
    status: Status
    fingerprint: str = ""
    spurious: str = ""
    why: str = field(default="", compare=False)  # records from before it do not have it


@dataclass(frozen=True, kw_only=True)
class CellResult:
    """Everything known about one run of one cell.

    `fingerprint` covers everything that it depends on, `sources` the part in the repository. `spurious` is why a
    failure is unrelated to the product ("index down"). `conditions` is how the machine of a local half was set up, and
    `finished_on` the system of the remote half; both are empty if one machine did everything.
    """

    cell: Cell
    status: Status
    stages: tuple[StageResult, ...]
    evidence: Evidence
    isolation: Isolation
    system: str
    versions: Mapping[str, str]
    commit: str
    when: str
    fingerprint: str
    sources: str = ""
    spurious: str = ""
    conditions: str = ""
    finished_on: str = ""
    history: tuple[Verdict, ...] = ()

    @property
    def name(self) -> str:
        """The name of its file without suffix: two results with one name are runs of the same thing."""
        name = name_of(self.cell, self.system, self.isolation, evidence=self.evidence, conditions=self.conditions)
        return f"{name}.{self.builder.split()[0]}" if self.builder else name

    @property
    def seconds(self) -> float:
        """Its duration."""
        return sum(stage.seconds for stage in self.stages)

    @property
    def ran_in(self) -> str:
        """The isolation in which the site ran: for a cell in two halves, that of the second one."""
        return self.versions.get("finished in isolation", self.isolation)

    @property
    def builder(self) -> str:
        """What built the image, if that is a real builder and not the sandbox itself."""
        built = self.versions.get("image built by", "")
        return "" if built == self.ran_in else built

    @property
    def flaky(self) -> bool:
        """Whether runs of the same sources and versions have both passed and failed."""
        same = (verdict for verdict in (*self.history, self.verdict) if verdict.fingerprint == self.fingerprint)
        return {"pass", "fail"} <= {verdict.status for verdict in same if not verdict.spurious}

    @property
    def verdict(self) -> Verdict:
        """The short form of this result."""
        failed = (stage for stage in self.stages if stage.status == "fail")
        return Verdict(
            when=self.when,
            commit=self.commit,
            status=self.status,
            fingerprint=self.fingerprint,
            spurious=self.spurious,
            why="; ".join(f"{stage.name}: {stage.reason.partition(chr(10))[0]}" for stage in failed),
        )


def name_of(
    cell: Cell, system: str, isolation: Isolation, *, evidence: Evidence = "emulated", conditions: str = ""
) -> str:
    """The name of a result; `conditions` are those of a local half, which another machine finishes."""
    kind = evidence.replace(",", "").replace(" ", "-")
    return ".".join(filter(None, (cell.id, system.lower(), kind, isolation, conditions and f"halves-{conditions}")))


def half_name(cell: Cell, system: str, conditions: str) -> str:
    """The name of what both halves leave: logs and hand-off. A Linux machine finishes those of several systems."""
    return f"{cell.id}.{system.lower()}.{conditions}"


def overall(stages: Iterable[StageResult]) -> Status:
    """A cell passes only if every stage of it ran and passed."""
    statuses = [stage.status for stage in stages]
    if "fail" in statuses:
        return "fail"
    return "pass" if statuses and set(statuses) == {"pass"} else "skip"


def merge(results: Iterable[CellResult]) -> tuple[CellResult, ...]:
    """Keep the newest result of each name, with the others as its history.

    The isolation is in the name: a result never replaces one from a stronger isolation. At equal times the failure
    counts; a skipped run and a spurious failure count only if there is no other result.
    """
    groups: dict[str, list[CellResult]] = {}
    for result in results:
        groups.setdefault(result.name, []).append(result)
    return tuple(_newest(group) for _, group in sorted(groups.items()))


def strongest(results: Iterable[CellResult]) -> tuple[CellResult, ...]:
    """Of several results of a cell that differ only in their isolation, the one with the strongest."""
    best: dict[tuple[str, ...], CellResult] = {}
    for result in sorted(results, key=lambda result: KINDS.index(result.isolation)):
        best.setdefault((result.cell.id, result.system, result.evidence, result.conditions, result.builder), result)
    return tuple(best.values())


def _newest(group: list[CellResult]) -> CellResult:
    seen = [result for result in group if result.status != "skip" and not result.spurious] or group
    newest = max(seen, key=lambda result: (result.when, result.status != "pass"))
    verdicts = {verdict for result in group for verdict in (*result.history, result.verdict)}
    history = sorted(verdicts - {newest.verdict}, key=astuple)
    return replace(newest, history=tuple(history[-HISTORY_LENGTH:]))


def to_json(result: CellResult) -> str:
    """The file's text, stable: equal results give equal bytes."""
    return json.dumps({"cell_id": result.cell.id, **asdict(result)}, indent=2, ensure_ascii=False) + "\n"


def from_json(text: str) -> CellResult:
    """Read what `to_json` wrote; raises ValueError, KeyError or TypeError for anything else."""
    fields: dict[str, Any] = json.loads(text)
    if fields.pop("cell_id") != Cell(**fields["cell"]).id:
        raise ValueError("cell_id does not fit the cell")
    stages = tuple(StageResult(**stage) for stage in fields["stages"])
    history = tuple(Verdict(**verdict) for verdict in fields["history"])
    if fields["status"] != overall(stages):
        raise ValueError(f"status {fields['status']} does not fit the stages")
    if fields["isolation"] not in KINDS:
        raise ValueError(f"unknown isolation {fields['isolation']}")
    return CellResult(**{**fields, "cell": Cell(**fields["cell"]), "stages": stages, "history": history})


def and_inside(folder: Path) -> tuple[Path, ...]:
    """A folder and its subfolders with results, where a download of artifacts puts them.

    Other subfolders have documents of another kind: a record's figures of faults and shapes, or a hand-off.
    """
    return (folder, *sorted(path for path in folder.iterdir() if any(path.glob("*.*.*.*.json"))))


def load(folder: Path) -> tuple[CellResult, ...]:
    """Read every result in a folder; ValueError names a file that is not a result."""
    results = []
    for path in sorted(folder.glob("*.json")):
        try:
            results.append(from_json(path.read_text(encoding="utf-8")))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path} is not a result of the matrix: {error!r}") from error
    return tuple(results)


def save(result: CellResult, folder: Path) -> Path:
    """Write a result under its name, merged with the existing one, and return the path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{result.name}.json"
    earlier = [from_json(path.read_text(encoding="utf-8"))] if path.exists() else []
    (merged,) = merge([*earlier, result])
    path.write_text(to_json(merged), encoding="utf-8", newline="\n")
    return path
