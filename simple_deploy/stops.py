"""Every way in which a run ends early, deliberately or not, with the whole text that a user sees."""

from __future__ import annotations

from collections.abc import Sequence

from .model import Json, Problem


class Stop(Exception):
    """A run that ends deliberately. `exit_status` is 1 (refused or failed) or 130 (interrupted)."""

    exit_status = 1
    code = "stopped"


class Refused(Stop):
    """The checks found problems; nothing was touched."""

    code = "refused"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(_render(self.problems))


class Declined(Stop):
    """The user said no; nothing was touched."""

    code = "declined"

    def __init__(self) -> None:
        super().__init__("Stopped, as you wished. Nothing was changed.")


class ApplyFailed(Stop):
    """A file could not be written; all files are as they were before."""

    code = "apply-failed"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"Could not write {path}: {reason}.\n"
            "All files are as they were before. Make the folder writable, or free some space on the disk, "
            "and run the same command again."
        )


class ChangedMeanwhile(Stop):
    """A file is not any more what it was when the plan was made; all files are as they were found."""

    code = "changed-meanwhile"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} was changed by something else during this run, so nothing was written.\n"
            "Run the same command again: it looks at the file anew."
        )


class RestoreFailed(Stop):
    """Some files could be neither written nor put back. The receipt knows of it."""

    code = "restore-failed"

    def __init__(self, remaining: Sequence[tuple[str, str]], backups: str) -> None:
        lines = "\n".join(f"  {path}: {reason}" for path, reason in remaining)
        super().__init__(
            f"Files were written in part, and these could not be put back:\n{lines}\n"
            f"What they held is kept in {backups}/. Make the folder writable, or free some space on the disk, and "
            "run the same command again: it puts them back before it does anything else."
        )


class Busy(Stop):
    """Another run is at work in the project. `owner` says who: process, host and start; empty if that is not known."""

    code = "busy"

    def __init__(self, owner: str, path: str) -> None:
        super().__init__(
            f"Another run of simple_deploy is at work in this project{f': {owner}' * bool(owner)}.\n"
            f"Nothing was changed. Wait until it has ended (it holds a lock on {path}), and run the command again."
        )


class StepFailed(Stop):
    """A step of the deployment failed; the steps before it stand, and a rerun goes on from here."""

    code = "step-failed"

    def __init__(self, title: str, command: str, reason: str, output: str, hint: str, log: str | None) -> None:
        parts = [f"This step failed: {title}", f"  {command}", f"It {reason}."]
        if output:
            parts += ["", *(f"  | {line}" for line in output.splitlines())]
        if hint:
            parts += ["", hint]
        parts += ["", _go_on(log)]
        super().__init__("\n".join(parts))


class SiteSilent(Stop):
    """Everything was released, but the site does not answer as a healthy site does."""

    code = "site-silent"

    def __init__(
        self, url: str, seen: str, seconds: int, logs: str, log: str | None, *, crashed: str = "", last: str = ""
    ) -> None:
        what = f"the site has crashed ({crashed}), and {url} does not answer" if crashed else f"{url} did not answer"
        parts = [f"The release is out, but {what}{'' if crashed else f' within {seconds} s'}: {seen}."]
        if last:
            parts += [f"The last lines of the application's own log ({logs}):", ""]
            parts += [f"  | {line}" for line in last.splitlines()]
        else:
            parts.append(f"The application's own log usually says why:\n  {logs}")
        super().__init__("\n".join([*parts, "", _go_on(log)]))


class Interrupted(Stop):
    """Ctrl-C."""

    code = "interrupted"
    exit_status = 130

    def __init__(self, where: str) -> None:
        super().__init__(f"Interrupted {where}")


class Unforeseen(Stop):
    """An error that this program does not know. Its traceback is in the log."""

    code = "unforeseen"

    def __init__(self, error: BaseException, log: str | None) -> None:
        where = f"The details are in {log}." if log else "Run the command again with --traceback to see the details."
        found = "that log (no secret is in it)" if log else "what it shows then"
        super().__init__(
            f"simple_deploy met an error that it does not know: {type(error).__name__}.\n{where}\n"
            f"Please open an issue that says what you did, with {found}."
        )


def as_json(stop: Stop, message: str, *, platform: str | None, log: str | None) -> Json:
    """What programs read of a run that failed; `message` is what people are told."""
    failure: Json = {"code": stop.code, "message": message}
    if isinstance(stop, Refused):
        failure["problems"] = [problem.code for problem in stop.problems]
    return {"status": "failed", "platform": platform, "log": log, "error": failure}


NO_LOCKS = (
    "This file system has no locks, so simple_deploy cannot tell whether another run works in this project: "
    "start only one at a time."
)
INTERRUPTED_BEFORE = "before anything was changed. The project is as it was; run the same command when you are ready."
INTERRUPTED_BETWEEN = "between two steps. Run the same command again to go on from there."
INTERRUPTED_VERIFY = (
    "while waiting for the site. The release is out; run the same command again to wait for it once more."
)
INTERRUPTED_APPLY = "while files were being written. All of them are as they were; run the same command to start again."


def interrupted_during(title: str, done: Sequence[str]) -> Interrupted:
    """Ctrl-C while a step of the deployment was running."""
    text = f'during "{title}".'
    if done:
        text += f" Done before that: {'; '.join(done)}."
    return Interrupted(text + " Run the same command again to go on from there.")


def _go_on(log: str | None) -> str:
    text = "When the cause is mended, run the same command again: it goes on where it stopped."
    return f"{text}\nEvery command and its output is in {log}." if log else text


def _render(problems: Sequence[Problem]) -> str:
    count = "one thing needs" if len(problems) == 1 else f"{len(problems)} things need"
    lines = [f"Nothing was changed: {count} your attention first."]
    for number, problem in enumerate(problems, 1):
        lines += ["", f"{number}. {_indent(problem.found)}", f"   -> {_indent(problem.remedy)}"]
        if problem.see:
            lines.append(f"   See {problem.see}")
    return "\n".join(lines)


def _indent(text: str) -> str:
    return text.replace("\n", "\n   ")
