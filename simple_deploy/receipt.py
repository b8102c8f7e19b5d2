"""What the runs in a project did: `receipt.json` in our folder, and beside it the bytes of every file before it.

The receipt is written before the first file is replaced, so it is also the journal of a run that was killed. It
is in the project and not in `.git`, so that people find it, unless the repository brought a folder of that name. A
receipt tells what can be undone; what exists on a platform, only the platform knows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal

from .errors import receipt_foreign, receipt_unreadable
from .log import Log
from .model import Claim, Created, Plain, Problem, Rewrite, Step
from .own_folder import FOLDER, linked, own_folder, place, place_name, read, staged
from .place import misplaced
from .seal import is_sealed, seal
from .typed_json import typed

SCHEMA = 1
_FILE = "receipt.json"
# Where a receipt that is not believed goes when a new one is written.
IGNORED = "receipt.ignored.json"
_BACKUPS = "backups"

Kind = Literal["deploy", "undo", "destroy"]
FilesState = Literal["none", "writing", "written", "restored", "undone"]
StepState = Literal["started", "done", "failed"]
Digest = Annotated[str, "[0-9a-f]{64}"]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Touched:
    """One file that a run wrote: the SHA-256 of its bytes before and after; None: there was or is no file."""

    path: Plain
    before: Digest | None
    after: Digest | None


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Taken:
    """One step that a run took: its command with secrets masked, how it stands with it, and what it is to create.

    A step that is `started` and nothing else was interrupted; whether its result is there, the platform knows.
    The command is a record for people who open the file: it is neither run nor shown.
    """

    id: Plain
    argv: tuple[str, ...]
    state: StepState
    created: tuple[Created, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Run:
    """One run that wrote or created something. `id` is when it began, `kind` what it was asked to do, `branch` where
    it did so (None: no branch was checked out).

    The state of its files: `writing` from before the first replacement until after the last, then `written`;
    `restored` if it broke in between and was put right; `undone` once --undo has taken all of it back. `app_id` is
    the platform's own id of the app, as far as the run knew it, and `account` the one that was logged in.
    """

    id: Plain
    kind: Kind
    platform: Plain
    app: Plain
    branch: Plain | None
    files_state: FilesState = "none"
    files: tuple[Touched, ...] = ()
    steps: tuple[Taken, ...] = ()
    app_id: Plain | None = None
    account: Plain | None = None


Runs = tuple[Run, ...]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class _Receipt:
    schema: int
    seal: Digest
    runs: Runs


def load(root: Path) -> Runs:
    """All recorded runs, the oldest first; none if there is no receipt that can be believed (see `distrusted`)."""
    return _read(root)[0]


def distrusted(root: Path) -> Problem | None:
    """Why the receipt is ignored: it cannot be read or understood, or was not written in this repository."""
    return _read(root)[1]


def name(root: Path) -> str:
    """The receipt as people are told of it."""
    return place_name(root, _FILE)


def _read(root: Path) -> tuple[Runs, Problem | None]:
    path, earlier = place(root) / _FILE, root / FOLDER / _FILE
    if path == earlier or path.exists():
        return _read_from(root, path)
    # Our folder had to move into `.git`: the runs before that are in the receipt that was left, if we wrote it.
    return _read_from(root, earlier)[0], None


def _read_from(root: Path, path: Path) -> tuple[Runs, Problem | None]:
    if linked(path.parent):
        return (), None
    try:
        stored = _decoded(read(path).decode())
    except (FileNotFoundError, NotADirectoryError):
        return (), None
    except OSError as error:
        return (), receipt_unreadable(path=name(root), reason=error.strerror or str(error))
    except (ValueError, RecursionError) as error:
        return (), receipt_unreadable(path=name(root), reason=str(error))
    if not is_sealed(root, _content(stored.runs), stored.seal):
        return (), receipt_foreign(path=name(root))
    return stored.runs, None


def half_written(root: Path) -> Run | None:
    """The run that was ended while it wrote files and whose files are not put right yet."""
    return next((run for run in load(root) if run.files_state == "writing"), None)


def save(root: Path, runs: Runs) -> None:
    """Replace the receipt as a whole. Raises OSError with the old one in place."""
    _staged(root, runs)()


def _staged(root: Path, runs: Runs) -> Callable[[], object]:
    """What puts the receipt in its place; all that needs space on the disk is done. Raises OSError."""
    path = own_folder(root) / _FILE
    if distrusted(root):
        path.replace(path.with_name(IGNORED))
    whole = _Receipt(schema=SCHEMA, seal=seal(root, _content(runs)), runs=runs)
    new = staged(path, f"{json.dumps(asdict(whole), indent=1)}\n".encode())
    return partial(new.replace, path)


def _content(runs: Runs) -> bytes:
    """What the seal is for."""
    return json.dumps([asdict(run) for run in runs], sort_keys=True).encode()


def _decoded(text: str) -> _Receipt:
    stored = json.loads(text)
    schema = stored.get("schema") if isinstance(stored, dict) else None
    if isinstance(schema, int) and schema != SCHEMA:
        raise ValueError(f"it has format {schema}, and this version reads format {SCHEMA}")
    whole: _Receipt = typed(_Receipt, stored, "receipt")
    for path in (file.path for run in whole.runs for file in run.files):
        reason = misplaced(path)
        if reason:
            raise ValueError(f"it names {path!a}, and {reason}")
    return whole


def changed(runs: Runs, run: Run) -> Runs:
    """The runs with this one in the place of its previous state, or at the end."""
    if any(known.id == run.id for known in runs):
        return tuple(run if known.id == run.id else known for known in runs)
    return (*runs, run)


def digest(content: bytes | None) -> str | None:
    """How the receipt names the content of a file."""
    return None if content is None else sha256(content).hexdigest()


def backups(root: Path) -> str:
    """Where contents are kept, as people are told of it."""
    return place_name(root, _BACKUPS)


def backup(root: Path, digest: str) -> str:
    """Where the content of that digest is kept, as people are told of it."""
    return place_name(root, _BACKUPS, digest)


def keep(root: Path, content: bytes) -> str:
    """Keep these bytes; answers with their digest. Raises OSError."""
    named = sha256(content).hexdigest()
    path = own_folder(root, _BACKUPS) / named
    try:
        present = read(path) == content
    except OSError:
        present = False
    if not present:
        staged(path, content).replace(path)
    return named


def kept(root: Path, named: str) -> bytes:
    """The bytes of that digest. Raises OSError if they are missing or damaged."""
    path = place(root) / _BACKUPS / named
    # As the receipt that names it, it may have been kept before our folder had to move into `.git`.
    found = read(path if path.exists() or linked(path) else root / FOLDER / _BACKUPS / named)
    if digest(found) != named:
        raise OSError(f"{backup(root, named)} is damaged")
    return found


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Standing:
    """One thing that is on the platform according to the receipt; `certain` if the step that makes it succeeded.

    `app_id` is the platform's own id of its app, and `account` the one that was logged in; None if no run knew it.
    """

    platform: str
    app: str
    created: Created
    certain: bool
    app_id: str | None = None
    account: str | None = None


def standing(runs: Runs) -> tuple[Standing, ...]:
    """What steps were to create and no --destroy has removed, the oldest first."""
    found: dict[tuple[str, str, str, str], Standing] = {}
    for run in _lasting(runs):
        for step in run.steps:
            for created in step.created:
                key = (run.platform, run.app, created.kind, created.name)
                certain = step.state == "done" or (key in found and found[key].certain)
                found[key] = Standing(platform=run.platform, app=run.app, created=created, certain=certain)
    return tuple(_identified(thing, _lasting(runs)) for thing in found.values())


def _lasting(runs: Runs) -> Runs:
    """The runs whose app no later run has destroyed."""
    lasting: list[Run] = []
    for run in runs:
        if run.kind == "destroy" and all(step.state == "done" for step in run.steps):
            lasting = [one for one in lasting if (one.platform, one.app) != (run.platform, run.app)]
        else:
            lasting.append(run)
    return tuple(lasting)


def _identified(thing: Standing, runs: Runs) -> Standing:
    """With the id that the last run for this app knew."""
    known = (run for run in reversed(runs) if (run.platform, run.app) == (thing.platform, thing.app) and run.app_id)
    run = next(known, None)
    return replace(thing, app_id=run.app_id, account=run.account) if run else thing


def claim(runs: Runs, platform: str, said_by: str) -> Claim | None:
    """The app that the last run on the platform deployed to, unless it was destroyed: an id, or a step that made it."""
    things = [thing for thing in standing(runs) if thing.platform == platform and thing.created.kind == "app"]
    created = {thing.app for thing in things if thing.certain}
    for run in reversed(_lasting(runs)):
        if run.kind == "deploy" and run.platform == platform and (run.app_id or run.app in created):
            return Claim(app=run.app, id=run.app_id or "", account=run.account or "", said_by=said_by)
    return None


def began(runs: Runs, platform: str, app: str) -> bool:
    """Whether runs in this folder began to deploy to that app and never knew an id of it: it may not be there yet."""
    of_app = [run for run in _lasting(runs) if (run.kind, run.platform, run.app) == ("deploy", platform, app)]
    # A configuration-only run has no one's account.
    return any(run.account for run in of_app) and not any(run.app_id for run in of_app)


def begun(
    kind: Kind,
    now: datetime,
    platform: str,
    app: str,
    branch: str | None,
    *,
    app_id: str | None = None,
    account: str | None = None,
) -> Run:
    """A run that has not done anything yet."""
    since = now.isoformat(timespec="microseconds")
    return Run(id=since, kind=kind, platform=platform, app=app, branch=branch, app_id=app_id, account=account)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Restored:
    """What putting files back did: those that hold their previous bytes, and those that someone has edited since.

    `edited` gives, for each of those, where its previous bytes are kept (None: there was no such file).
    """

    back: list[str] = field(default_factory=list)
    edited: list[tuple[str, str | None]] = field(default_factory=list)


def restored_text(restored: Restored) -> str:
    """What people are told of it."""
    lines = ["An earlier run was killed while it wrote files."]
    if restored.back:
        lines.append(f"Restored to their state before that run: {', '.join(restored.back)}.")
    for path, previous in restored.edited:
        where = f"its previous content is in {previous}" if previous else "the file did not exist before that run"
        lines.append(f"{path} was edited since and is kept; {where}.")
    return "\n".join(lines)


class Writer:
    """Adds one run to the receipt and keeps it there as it stands."""

    def __init__(self, root: Path, run: Run) -> None:
        self.root = root
        self.run = run
        self._runs = load(root)

    def begin(self, changes: Sequence[Rewrite]) -> None:
        """Keep what the files hold, and record that they are about to be replaced. Raises OSError."""
        for change in changes:
            if change.before is not None:
                keep(self.root, change.before)
        files = [Touched(path=c.path, before=digest(c.before), after=digest(c.after)) for c in changes]
        self._save(replace(self.run, files=tuple(files), files_state="writing"))

    def files(self, state: FilesState) -> None:
        """Record how it stands with the files. Raises OSError."""
        self.ready(state)()

    def ready(self, state: FilesState) -> Callable[[], None]:
        """The same in two steps: the first needs space on the disk, what it answers with needs none. Raises OSError."""
        run = replace(self.run, files_state=state)
        put = _staged(self.root, changed(self._runs, run))

        def record() -> None:
            put()
            self.run = run

        return record

    def step(self, step: Step, state: StepState, app_id: str | None = None) -> None:
        """Record how it stands with a step, and the id of the app that it made. Raises OSError."""
        taken = Taken(id=step.id, argv=tuple(map(str, step.argv)), state=state, created=step.makes)
        others = tuple(known for known in self.run.steps if known.id != step.id)
        self._save(replace(self.run, steps=(*others, taken), app_id=app_id or self.run.app_id))

    def _save(self, run: Run) -> None:
        save(self.root, changed(self._runs, run))
        self.run = run


def noting(writer: Writer, log: Log) -> Callable[[Step, StepState, str | None], None]:
    """What records steps. A disk that is full must not stop a deployment: the log says so instead."""

    def note(step: Step, state: StepState, app_id: str | None) -> None:
        try:
            writer.step(step, state, app_id)
        except OSError as error:
            log.write(f"{name(writer.root)} could not be written: {error}")

    return note
