"""Every way in which a run ends early, deliberately or not, with the complete message."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import Json, Problem


class Stop(Exception):
    """A run that ends deliberately. `exit_status` is 1 (refused or failed) or 130 (interrupted)."""

    exit_status = 1
    code = "stopped"


class Refused(Stop):
    """The checks found problems; nothing was touched. `to_root` is the path from here to the Git root."""

    code = "refused"

    def __init__(self, problems: Sequence[Problem], *, to_root: str = ".") -> None:
        self.problems = tuple(problems)
        uses_git = any("git add" in one.remedy or "git rm" in one.remedy for one in problems)
        where = f"\n\nRun Git's commands in the Git root: cd {to_root}" if uses_git and to_root != "." else ""
        super().__init__(_render(self.problems) + where)


class Declined(Stop):
    """The user said no; nothing was touched."""

    code = "declined"

    def __init__(self) -> None:
        super().__init__("Cancelled. Nothing was changed.")


class ApplyFailed(Stop):
    """A file could not be written; all files are as they were before."""

    code = "apply-failed"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"Could not write {path}: {reason}.\n"
            "All files are unchanged. Make the folder writable or free some disk space, then run the same command "
            "again."
        )


class ChangedMeanwhile(Stop):
    """A file changed after the plan was made; all files are as they were found."""

    code = "changed-meanwhile"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} was modified by another program during this run, so nothing was written.\n"
            "Run the same command again: it plans with the new content."
        )


class RestoreFailed(Stop):
    """Some files could be neither written nor restored. The receipt has a record of it."""

    code = "restore-failed"

    def __init__(self, remaining: Sequence[tuple[str, str]], backups: str) -> None:
        lines = "\n".join(f"  {path}: {reason}" for path, reason in remaining)
        super().__init__(
            f"Some files were written, and these could not be restored:\n{lines}\n"
            f"Their previous content is in {backups}/. Make the folder writable or free some disk space, then run the "
            "same command again: it restores them first."
        )


class Busy(Stop):
    """Another run is at work in the project. `owner` is its process, host and start; empty if unknown."""

    code = "busy"

    def __init__(self, owner: str, path: str) -> None:
        super().__init__(
            f"Another run of simple_deploy is active in this project{f': {owner}' * bool(owner)}.\n"
            f"Nothing was changed. Wait for it to finish (it holds a lock on {path}), then run the command again."
        )


class StepFailed(Stop):
    """A step of the deployment failed; the steps before it stay done, and a rerun continues from here."""

    code = "step-failed"

    def __init__(self, title: str, command: str, reason: str, output: str, hint: str, log: str | None) -> None:
        parts = [f"This step failed: {title}", f"  {command}", f"It {reason}."]
        if output:
            parts += ["", *(f"  | {line}" for line in output.splitlines())]
        if hint:
            parts += ["", hint]
        parts += ["", _go_on(log)]
        super().__init__("\n".join(parts))


# Answers of the application, not of a proxy in front of it.
_ITS_OWN = ("HTTP 400", "HTTP 500")


class SiteSilent(Stop):
    """Everything was released, but the site does not answer as a healthy site does."""

    code = "site-silent"

    def __init__(
        self, url: str, seen: str, seconds: int, logs: str, log: str | None, *, crashed: str = "", last: str = ""
    ) -> None:
        if crashed:
            what = f"the site crashed ({crashed}) and {url} does not respond: {seen}"
        elif seen.startswith(_ITS_OWN):
            what = f"{url} answers with an error: {seen}"
        else:
            what = f"{url} did not respond within {seconds} s: {seen}"
        parts = [f"The release was deployed, but {what}."]
        if last.strip():
            parts += [f"The last lines of the application log ({logs}):", ""]
            parts += [f"  | {line}" for line in last.splitlines()]
        else:
            parts.append(f"The application log usually shows why:\n  {logs}")
        super().__init__("\n".join([*parts, "", _go_on(log)]))


class Interrupted(Stop):
    """Ctrl-C."""

    code = "interrupted"
    exit_status = 130

    def __init__(self, where: str) -> None:
        super().__init__(f"Interrupted {where}")


class Unforeseen(Stop):
    """An unexpected error. Its traceback is in the log."""

    code = "unforeseen"

    def __init__(self, error: BaseException, log: str | None) -> None:
        where = f"The traceback is in {log}." if log else "Run the command again with --traceback to see the traceback."
        found = "that log (secrets are masked in it)" if log else "the traceback"
        super().__init__(
            f"simple_deploy hit an unexpected error: {type(error).__name__}.\n{where}\n"
            f"Please open an issue with the command that you ran and {found}."
        )


def as_json(stop: Stop, message: str, *, platform: str | None, log: str | None) -> Json:
    """A failed run for programs; `message` is the text for people."""
    failure: Json = {"code": stop.code, "message": message}
    if isinstance(stop, Refused):
        failure["problems"] = [problem.code for problem in stop.problems]
    return {"status": "failed", "platform": platform, "log": log, "error": failure}


NO_LOCKS = (
    "This file system does not support locks, so simple_deploy cannot detect another run in this project: start only "
    "one at a time."
)
INTERRUPTED_BEFORE = "before anything was changed. Run the same command to start again."
INTERRUPTED_BETWEEN = "between two steps. Run the same command again to continue from there."
INTERRUPTED_VERIFY = "while waiting for the site. The release was deployed; run the same command again to keep waiting."
INTERRUPTED_APPLY = "while files were being written. All of them were restored; run the same command to start again."


def interrupted_during(title: str, done: Sequence[str]) -> Interrupted:
    """Ctrl-C while a step of the deployment was running."""
    text = f'during "{title}".'
    if done:
        text += f" Completed before that: {'; '.join(done)}."
    return Interrupted(text + " Run the same command again to continue from there.")


def _go_on(log: str | None) -> str:
    text = "Fix the cause, then run the same command again: it continues where it stopped."
    return f"{text}\nEvery command and its output are in {log}." if log else text


def _render(problems: Sequence[Problem]) -> str:
    these = "this problem" if len(problems) == 1 else f"these {len(problems)} problems"
    lines = [f"Nothing was changed. Fix {these} first:"]
    for number, problem in enumerate(problems, 1):
        lines += ["", f"{number}. {_indent(problem.found)}", f"   -> {_indent(problem.remedy)}"]
        if problem.see:
            lines.append(f"   See {problem.see}")
    return "\n".join(lines)


def _indent(text: str) -> str:
    return text.replace("\n", "\n   ")
