"""--undo: the project's files as they were before the last run. Commits and the platform stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from . import receipt
from .apply import apply, current
from .effects.log import Log
from .effects.terminal import Terminal
from .inspect import branch
from .messages import errors, stops
from .model import Ending, FileChange, Json, Options, Problem
from .platforms import load
from .preview import diff
from .receipt import Run, Runs, Standing, Writer, standing
from .text.shell import pasted


@dataclass(frozen=True, kw_only=True)
class PutBack:
    """A file that should have its content before the run again; None: there was or is no such file."""

    path: str
    before: bytes | None
    after: bytes | None
    edited: bool


def undo(root: Path, options: Options, terminal: Terminal, log: Log) -> Ending:
    """Restore the files that the last run with changes wrote, and report what remains on the platform.

    A file that was edited since is restored only with the user's consent; its bytes are kept in the backup in any case.
    Raises Refused, ApplyFailed, ChangedMeanwhile or Interrupted with all files as they were.
    """
    runs = receipt.load(root)
    last = _last(runs, options, branch(root, log.ran), receipt.name(root))
    found = _compare(root, last)
    edited = [file for file in found if file.edited]
    if edited and not (options.yes or options.dry_run or Terminal.interactive()):
        raise stops.Refused([errors.edited_since(paths=[file.path for file in edited])])
    for file in found if options.dry_run else edited:
        terminal.say(_difference(file))
    agreed = [file for file in found if not file.edited or _agreed(root, file, options, terminal)]
    if not options.dry_run:
        _carry_out(root, options, last, agreed, whole=len(agreed) == len(found))
    skipped = [file for file in edited if file not in agreed]
    return _ending(agreed, skipped, last, standing(runs), options, log)


def _last(runs: Runs, options: Options, here: str | None, recorded: str) -> Run:
    """The run to undo: the last one, or the last one for the platform that was named. Raises Refused."""
    standing_runs = [run for run in runs if run.kind == "deploy" and run.files_state == "written"]
    candidates = [run for run in standing_runs if options.platform in (None, run.platform)]
    if not candidates:
        raise stops.Refused([errors.nothing_to_undo(recorded, options.platform)])
    last = candidates[-1]
    paths = {file.path for file in last.files}
    for later in reversed(standing_runs[standing_runs.index(last) + 1 :]):
        shared = sorted(paths & {file.path for file in later.files})
        if shared:
            raise stops.Refused([errors.undo_later_first(later=later.platform, asked=last.platform, paths=shared)])
    if last.branch != here:
        raise stops.Refused([errors.other_branch(last.branch, here)])
    return last


def _compare(root: Path, run: Run) -> list[PutBack]:
    """The files that differ from their state before the run. Raises Refused if a previous content is lost."""
    found: list[PutBack] = []
    problems: list[Problem] = []
    for file in run.files:
        try:
            now = current(root, file.path)
            if receipt.digest(now) == file.before:
                continue
            previous = None if file.before is None else receipt.kept(root, file.before)
        except OSError as error:
            problems.append(errors.backup_missing(path=file.path, reason=error.strerror or str(error)))
        else:
            edited = receipt.digest(now) != file.after
            found.append(PutBack(path=file.path, before=now, after=previous, edited=edited))
    if problems:
        raise stops.Refused(problems)
    return found


def _agreed(root: Path, file: PutBack, options: Options, terminal: Terminal) -> bool:
    if options.yes or options.dry_run:
        return False
    what = "delete it" if file.after is None else "put it back"
    kept = f" Its current content is kept in {receipt.backups(root)}/." if file.before is not None else ""
    return terminal.confirm(f"{file.path} was edited since that run: {what} anyway?{kept}")


def _carry_out(root: Path, options: Options, last: Run, files: Sequence[PutBack], *, whole: bool) -> None:
    if files:
        apply(Writer(root, receipt.begun("undo", options.now, last.platform, last.app, last.branch)), files)
    if whole:
        receipt.save(root, receipt.changed(receipt.load(root), replace(last, files_state="undone")))


def _difference(file: PutBack) -> str:
    change = FileChange(path=file.path, before=file.before, after=file.after or b"", why="undo")
    try:
        return diff(change)
    except (UnicodeError, SyntaxError, LookupError):
        return f"{file.path} is not a text file, so no diff can be shown."


def _ending(
    back: Sequence[PutBack],
    skipped: Sequence[PutBack],
    last: Run,
    things: Sequence[Standing],
    options: Options,
    log: Log,
) -> Ending:
    when = last.id[:19].replace("T", " ")
    lines = [f"This is what --undo would do to the files from the run of {when}:"] if options.dry_run else []
    restored = [file.path for file in back if file.after is not None]
    removed = [file.path for file in back if file.after is None]
    lines += [f"Restored to the state before the run of {when}: {', '.join(restored)}."] if restored else []
    lines += [f"Removed, because they did not exist before: {', '.join(removed)}."] if removed else []
    lines += [f"Edited since, so kept: {file.path}" for file in skipped]
    if not back and not skipped:
        lines.append("Every file of the last run is already back in its previous state.")
    if options.dry_run:
        lines.append("This was a dry run: nothing was changed.")
    else:
        lines.append(
            "Only files were changed, nothing was committed: git status shows what differs from the last commit."
        )
    lines += _remaining(things)
    return Ending(text="\n".join(lines), json=_json(back, skipped, last, things, options, log))


def _remaining(things: Sequence[Standing]) -> list[str]:
    if not things:
        return ["The record of earlier runs lists nothing created on a platform."]
    lines = ["", "Created earlier and not touched now; each with the command that removes it:"]
    for thing in things:
        doubt = "" if thing.certain else " (uncertain: the step was interrupted or failed)"
        command = pasted(_removal(thing)) or "no command is known"
        lines.append(f"  {thing.created.kind} {thing.created.name}{doubt}: {command}")
    if any(thing.created.kind == "app" and thing.certain for thing in things):
        lines.append("To remove a whole app at once: python -m simple_deploy --destroy")
    return lines


def _removal(thing: Standing) -> tuple[str, ...]:
    """The platform's command by which people remove it; empty if the platform is no longer installed."""
    try:
        return load(thing.platform).removal(thing.app, thing.created)
    except stops.Refused:
        return ()


def _json(
    back: Sequence[PutBack],
    skipped: Sequence[PutBack],
    last: Run,
    things: Sequence[Standing],
    options: Options,
    log: Log,
) -> Json:
    files = [{"path": file.path, "change": "remove" if file.after is None else "restore"} for file in back]
    return {
        "status": "previewed" if options.dry_run else "undone",
        "platform": last.platform,
        "app": last.app,
        "log": log.name,
        "files": [*files, *({"path": file.path, "change": "skip"} for file in skipped)],
        "remains": [
            {
                "kind": thing.created.kind,
                "name": thing.created.name,
                "certain": thing.certain,
                "remove": list(_removal(thing)),
            }
            for thing in things
        ],
        "error": None,
    }
