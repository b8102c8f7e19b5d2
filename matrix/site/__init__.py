"""The published site: tables, a page for each cell with its logs, badges, and all results as JSON."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from ..cells import Axes
from ..record.logs import Logs
from ..record.results import CellResult
from ..record.tables import Seen
from . import badges, cell_page, index_page

STYLE = "style.css"


def write(out: Path, axes: Axes, seen: Seen, logs: Logs) -> list[Path]:
    """Write the whole site into a folder, which is created again, and return the files."""
    shutil.rmtree(out, ignore_errors=True)
    for folder in ("cells", "logs", "badges"):
        (out / folder).mkdir(parents=True)
    shutil.copyfile(Path(__file__).with_name(STYLE), out / STYLE)
    for result in seen.results:
        kept = _copied(out, result, logs.of(result))
        _text(out / "cells" / f"{result.name}.html", cell_page.page(seen, result, kept))
    _text(out / "index.html", index_page.page(axes, seen))
    for platform, badge in badges.every(seen).items():
        _text(out / "badges" / f"{platform}.svg", badge)
    _text(out / "results.json", json.dumps(_document(seen), indent=1, ensure_ascii=False) + "\n")
    return sorted(path for path in out.rglob("*") if path.is_file())


def _copied(out: Path, result: CellResult, logs: Sequence[Path]) -> list[str]:
    """The addresses of the copies, relative to the page of the cell."""
    kept = []
    for path in logs:
        files = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
        for file in files:
            name = file.relative_to(path.parent).as_posix().replace("/", ".")
            copy = out / "logs" / result.name / f"{name}.txt"
            copy.parent.mkdir(exist_ok=True)
            shutil.copyfile(file, copy)
            kept.append(f"../logs/{result.name}/{copy.name}")
    return kept


def _document(seen: Seen) -> dict[str, object]:
    return {
        "published": asdict(seen.published),
        "platforms": {platform: asdict(badges.standing(seen, platform)) for platform in badges.PLATFORMS},
        "results": [
            {"name": one.name, "stale": seen.published.stale(one), "flaky": one.flaky, **asdict(one)}
            for one in seen.results
        ],
    }


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
