"""The record of the sessions `faults` and `shapes` for a platform, in two words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from .results import COMMITTED
from .rules import Robust


def of(platform: str, is_old: Callable[[str], bool], record: Path = COMMITTED) -> Robust:
    """Whether all faults were survived and all shapes had their expected outcome; old records do not count."""
    faults = _documents((record / "faults").glob(f"{platform}.*.json"))
    shapes = [seen[platform] for seen in _documents((record / "shapes").glob("*.json")) if platform in seen]
    return Robust(
        faults=bool(faults) and all(map(_survived, faults)) and not any(is_old(one["when"]) for one in faults),
        shapes=bool(shapes) and all(one["status"] == "pass" and not is_old(one["when"]) for one in shapes),
    )


def _documents(paths: Iterable[Path]) -> list[dict[str, Any]]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(paths)]


def _survived(figures: dict[str, Any]) -> bool:
    counted = figures["figures"]
    return bool(counted) and all(figure["injected"] == figure["survived"] for figure in counted)
