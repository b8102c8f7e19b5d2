"""The values of the receipt: the runs in a project, the files that they touched, and the steps that they took."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Literal

from ..model import Created, Plain

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
    """The runs with this one in the place of its previous state, or at the end."""
    if any(known.id == run.id for known in runs):
        return tuple(run if known.id == run.id else known for known in runs)
    return (*runs, run)


def digest(content: bytes | None) -> str | None:
    """How the receipt names the content of a file."""
    return None if content is None else sha256(content).hexdigest()
