"""The logs of results: next to results in the folder of a run, and in a record, which keeps them for later ones."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from . import results
from .results import CellResult

# In a record: a folder for each result, and in it one for the time of the result that the logs belong to.
KEPT = "logs"


@dataclass(frozen=True, kw_only=True)
class Logs:
    """The logs of results, by the name and time of their result."""

    folders: Mapping[tuple[str, str], tuple[Path, ...]] = field(default_factory=dict)

    def of(self, result: CellResult) -> tuple[Path, ...]:
        """Log files, and folders with the evidence for a failure."""
        return self.folders.get((result.name, result.when), ())


def find(folders: Iterable[Path]) -> Logs:
    """The logs of the results in these folders and their subfolders; of several copies the first counts."""
    given = list(folders)
    everywhere = [place for folder in given for place in (folder, *sorted(filter(Path.is_dir, folder.iterdir())))]
    found: dict[tuple[str, str], tuple[Path, ...]] = {}
    for place in (place for folder in given for place in results.and_inside(folder)):
        for result in results.load(place):
            # The first half has left its log where it ran.
            places = everywhere if result.conditions else [place]
            if logs := tuple(path for where in places for path in _beside(where, result)) or _kept(place, result):
                found.setdefault((result.name, result.when), logs)
    return Logs(folders=found)


def keep(record: Path, result: CellResult, logs: Logs) -> None:
    """Copy the logs of a result into the record, and remove those of earlier results of its name."""
    mine = _folder(record, result)
    for earlier in mine.parent.glob("*"):
        if earlier != mine:
            shutil.rmtree(earlier)
    for path in logs.of(result):
        if path.is_relative_to(mine):
            continue
        mine.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            shutil.copytree(path, mine / path.name, dirs_exist_ok=True)
        else:
            shutil.copyfile(path, mine / path.name)


def _folder(record: Path, result: CellResult) -> Path:
    return record / KEPT / result.name / result.when.replace(":", "")  # Windows allows no colon


def _kept(record: Path, result: CellResult) -> tuple[Path, ...]:
    return tuple(sorted(_folder(record, result).glob("*")))


def _beside(folder: Path, result: CellResult) -> Iterator[Path]:
    """The logs of a result in a folder, and the evidence for a failure, in a folder with the name of a log."""
    if result.conditions:
        name = results.half_name(result.cell, result.system, result.conditions)
        names = [name, f"{name}.hand-off.finished"]
    else:
        names = [f"{result.cell.id}.{result.isolation if result.evidence == 'emulated' else 'real_cli'}"]
    for log in (folder / f"{name}.log" for name in names):
        yield from (path for path in (log, log.with_suffix("")) if path.exists())
