"""Adds a run to the receipt as it progresses, and describes what happened to a killed one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..effects.log import Log
from ..model import Rewrite, Step
from .backups import keep
from .records import FilesState, Run, StepState, Taken, Touched, changed, digest
from .store import load, name, save, staged_receipt
from .values import assigned


class Writer:
    """Adds one run to the receipt and keeps it up to date."""

    def __init__(self, root: Path, run: Run) -> None:
        self.root = root
        self.run = run
        self._runs = load(root)

    def begin(self, changes: Sequence[Rewrite]) -> None:
        """Keep the files' contents, and record that they are about to be replaced. Raises OSError."""
        for change in changes:
            if change.before is not None:
                keep(self.root, change.before)
        files = [Touched(path=c.path, before=digest(c.before), after=digest(c.after)) for c in changes]
        self._save(replace(self.run, files=tuple(files), files_state="writing"))

    def files(self, state: FilesState) -> None:
        """Record the state of the files. Raises OSError."""
        self.ready(state)()

    def ready(self, state: FilesState) -> Callable[[], None]:
        """The same in two steps: this one needs disk space, the returned function needs none. Raises OSError."""
        run = replace(self.run, files_state=state)
        put = staged_receipt(self.root, changed(self._runs, run))

        def record() -> None:
            put()
            self.run = run

        return record

    def step(self, step: Step, state: StepState, app_id: str | None = None) -> None:
        """Record the state of a step, and the ID of the app that it created. Raises OSError."""
        before = next((known.sets for known in self.run.steps if known.id == step.id), None)
        sets = assigned(self.root, self.run, step.sets) if before is None else before
        taken = Taken(id=step.id, argv=tuple(map(str, step.argv)), state=state, created=step.makes, sets=sets)
        others = tuple(known for known in self.run.steps if known.id != step.id)
        self._save(replace(self.run, steps=(*others, taken), app_id=app_id or self.run.app_id))

    def completed(self) -> None:
        """Record that every step succeeded. Raises OSError."""
        self._save(replace(self.run, complete=True))

    def _save(self, run: Run) -> None:
        save(self.root, changed(self._runs, run))
        self.run = run


def noting(writer: Writer, log: Log) -> Callable[[Step, StepState, str | None], None]:
    """A function that records steps. A full disk must not stop a deployment: it is reported in the log instead."""

    def note(step: Step, state: StepState, app_id: str | None) -> None:
        with _logged(writer, log):
            writer.step(step, state, app_id)

    return note


def completed(writer: Writer, log: Log) -> None:
    """Record that every step succeeded, with the same tolerance."""
    with _logged(writer, log):
        writer.completed()


@contextmanager
def _logged(writer: Writer, log: Log) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        log.write(f"{name(writer.root)} could not be written: {error}")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Restored:
    """The result of restoring files: those with their previous bytes, and those edited since.

    `edited` has, for each of the latter, where its previous bytes are kept (None: there was no such file).
    """

    back: list[str] = field(default_factory=list)
    edited: list[tuple[str, str | None]] = field(default_factory=list)


def restored_text(restored: Restored) -> str:
    """The result as shown to people."""
    lines = ["An earlier run was killed while it wrote files."]
    if restored.back:
        lines.append(f"Restored to their state before that run: {', '.join(restored.back)}.")
    for path, previous in restored.edited:
        where = f"its previous content is in {previous}" if previous else "the file did not exist before that run"
        lines.append(f"{path} was edited since and is kept; {where}.")
    return "\n".join(lines)
