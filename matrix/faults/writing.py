"""Every change on disk during a configuring run, with every kind of fault; and folders that are not writable.

Each fault hits a fresh copy of the project. Then a run without a fault must leave what the preview promised.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from ..engine import projects
from ..engine.run import Run
from ..sandbox.ordinary_user import ordinary_user
from ..sandbox.processes import Ran
from . import disk, machine, verdict
from .machine import Shape
from .verdict import INTERRUPTED, KILLED, Aftermath, Finding

_FOLDERS_OF_OTHERS = {".git"}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A fault at a change on disk: its name, its option of `disk`, and the allowed endings of the run."""

    name: str
    option: str
    events: frozenset[str]
    statuses: frozenset[int]
    names: tuple[str, ...] = ()


KINDS = (
    Kind(name="killed while writing", option="--kill", events=disk.CHANGES, statuses=frozenset({KILLED})),
    Kind(
        name="interrupted while writing", option="--interrupt", events=disk.CHANGES, statuses=frozenset({INTERRUPTED})
    ),
    # A disk that is full when the log or the summary is written does not stop the run.
    Kind(
        name="disk full", option="--fill", events=disk.NEEDS_SPACE, statuses=frozenset({0, 1}), names=("No space left",)
    ),
)


class Writing:
    """The faults of one platform's configuring run."""

    def __init__(self, run: Run) -> None:
        self.run = run
        original = projects.fresh_copy(run, "writing")
        self._shape: Shape = machine.shape(run, original, machine.preview(run, original))
        self._changes = self._listed()

    def verdicts(self, every: int = 1) -> Iterator[Finding]:
        """One fault after the other; of those at a change on disk, only every `every`-th."""
        for kind in KINDS:
            for at, where in self._moments(kind)[::every]:
                yield self._struck(kind, at, where)
        yield self._forbidden("read-only folder", "the project", _folders, frozenset({1}))
        yield self._forbidden("read-only file", "every file of it", _files, frozenset({0, 1}))

    def _listed(self) -> list[str]:
        project, listing = self._copy(), self.run.box.root / "changes.txt"
        self._ended(project, [disk.__file__, "--list", listing, "--below", project])
        shutil.rmtree(project.parent)
        return [line.replace(str(project), "").replace(" /", " ") for line in listing.read_text("utf-8").splitlines()]

    def _moments(self, kind: Kind) -> list[tuple[int, str]]:
        """The number and the name of each change that counts.

        An existing folder is not created again, and consecutive lines of the log are one change.
        """
        changes = [change for change in self._changes if change.partition(" ")[0] in kind.events]
        folders = {f"os.mkdir {folder.relative_to(self.run.source).as_posix()}" for folder in _folders(self.run.source)}
        known = {"os.mkdir ", *folders}
        moments = []
        for at, (previous, change) in enumerate(pairwise(["", *changes]), start=1):
            if change not in known and not (change == previous and change.endswith(".log")):
                moments.append((at, change))
            known |= {change} if change.startswith("os.mkdir ") else set()
        return moments

    def _struck(self, kind: Kind, at: int, where: str) -> Finding:
        project = self._copy()
        ended = self._ended(project, [disk.__file__, kind.option, str(at), "--below", project])
        killed = ended.returncode == KILLED
        seen = replace(
            _seen(ended, kind.statuses, *kind.names),
            # The next run restores what a killed run has left.
            project=() if killed else machine.damage(self.run, project, self._shape),
            left=machine.left_behind(project, ended),
        )
        return self._finished(verdict.judge(kind.name, where, seen), project)

    def _forbidden(
        self, kind: str, where: str, chosen: Callable[[Path], list[Path]], status: frozenset[int]
    ) -> Finding:
        """Run as a user who may not write there."""
        project = self._copy()
        modes = {path: path.stat().st_mode for path in chosen(project)}
        for path, mode in modes.items():
            path.chmod(mode & 0o555)
        ended = self._ended(project, (), as_user=ordinary_user().prefix)
        seen = replace(
            _seen(ended, status, "Permission denied"), project=machine.damage(self.run, project, self._shape)
        )
        for path, mode in modes.items():
            path.chmod(mode)
        return self._finished(verdict.judge(kind, where, seen), project)

    def _finished(self, seen: Finding, project: Path) -> Finding:
        """The same finding, with what is wrong after a run without a fault."""
        ended = self._ended(project, ())
        after = _seen(ended, frozenset({0}))
        now = machine.contents(self.run, project)
        wrong = tuple(f"{path} is wrong" for path in projects.difference(self._shape.promised, now))
        last = verdict.judge(
            seen.kind, seen.where, replace(after, project=wrong, left=machine.left_behind(project, ended))
        )
        shutil.rmtree(project.parent)
        return replace(seen, complaints=(*seen.complaints, *(f"the next run: {text}" for text in last.complaints)))

    def _copy(self) -> Path:
        return projects.fresh_copy(self.run, "written")

    def _ended(self, project: Path, before: Sequence[str | Path], as_user: Sequence[str] = ()) -> Ran:
        since = time.monotonic()
        return machine.ended(self.run, machine.start(self.run, project, before=before, as_user=as_user), since)


def _seen(ended: Ran, statuses: frozenset[int], *names: str) -> Aftermath:
    return Aftermath(
        statuses=statuses, names=names, returncode=ended.returncode, stdout=ended.stdout, stderr=ended.stderr
    )


def _folders(project: Path) -> list[Path]:
    inside = (path for path in project.rglob("*") if path.is_dir())
    return [project, *(path for path in inside if not _FOLDERS_OF_OTHERS & set(path.relative_to(project).parts))]


def _files(project: Path) -> list[Path]:
    inside = (path for path in project.rglob("*") if path.is_file())
    return [path for path in inside if not _FOLDERS_OF_OTHERS & set(path.relative_to(project).parts)]
