"""The outcome of each shape on each platform, kept as one JSON file per shape."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from ..record import spurious
from ..record.results import StageResult, Status, overall

FOLDER = Path(__file__).resolve().parent.parent / "results" / "shapes"


@dataclass(frozen=True, kw_only=True)
class ShapeResult:
    """The outcome of a shape on a platform. `message` is the text of a refusal, `reason` why the proof failed."""

    status: Status
    what: Literal["served", "configured", "refused"]
    message: str
    reason: str
    when: str
    commit: str


def status(stages: Iterable[StageResult]) -> Status:
    """Like that of a cell; a failure that says nothing about the product counts as not tried."""
    ran = tuple(stages)
    return "skip" if spurious.reason(ran) else overall(ran)


def save(name: str, seen: Mapping[str, ShapeResult], folder: Path = FOLDER) -> Path:
    """Keep the outcomes; platforms that were not tried, or could not be, keep theirs."""
    known = load(name, folder)
    kept = {
        **known,
        **{platform: one for platform, one in seen.items() if one.status != "skip" or platform not in known},
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    text = json.dumps({platform: asdict(kept[platform]) for platform in sorted(kept)}, indent=2, ensure_ascii=False)
    path.write_text(f"{text}\n", encoding="utf-8", newline="\n")
    return path


def load(name: str, folder: Path = FOLDER) -> dict[str, ShapeResult]:
    """Platform → its outcome; empty for a shape that was never tried."""
    path = folder / f"{name}.json"
    if not path.is_file():
        return {}
    return {platform: ShapeResult(**entry) for platform, entry in json.loads(path.read_text(encoding="utf-8")).items()}
