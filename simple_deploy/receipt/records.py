"""The values of the receipt: the runs in a project, the files that they changed, and the steps that they ran."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Literal

from ..model import Created, Plain
from ..text.typed_json import MAY_LACK

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
class Assigned:
    """A variable that a step set: its name, the digest of its value (see `values.py`), and the value itself; None for a
    secret, and in receipts of earlier versions.
    """

    name: Plain
    digest: Digest
    value: str | None = field(default=None, metadata=MAY_LACK)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Taken:
    """One step of a run: its command with secrets masked, its state, what it is to create, and what it sets.

    A step that stays `started` was interrupted; only the platform can tell whether its result exists. The command is a
    record for people who open the file: it is neither run nor shown.
    """

    id: Plain
    argv: tuple[str, ...]
    state: StepState
    created: tuple[Created, ...] = ()
    sets: tuple[Assigned, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Run:
    """One run that wrote or created something. `id` is when it began, `kind` its purpose, `branch` the branch it ran on
    (None: none was checked out).

    The state of its files: `writing` from before the first replacement until after the last, then `written`; `restored`
    if it failed in between and was rolled back; `undone` once --undo has reverted all of it. `app_id` is the platform's
    own ID of the app, as far as the run knew it, and `account` the one logged in. `complete` is whether every step of
    the plan succeeded.
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
    complete: bool = False


Runs = tuple[Run, ...]


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


def changed(runs: Runs, run: Run) -> Runs:
    """The runs with this one replacing its previous state, or at the end."""
    if any(known.id == run.id for known in runs):
        return tuple(run if known.id == run.id else known for known in runs)
    return (*runs, run)


def digest(content: bytes | None) -> str | None:
    """The receipt's name for the content of a file."""
    return None if content is None else sha256(content).hexdigest()
