"""Every deliberate stop of the core, with the whole text that a user sees.

A `Problem` is a value: checks return problems, and all that were found are reported together by `Refused`.
The texts of a platform or package manager live in its own folder and have the same form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from .model import Claim, Json, Problem


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


def last_line(text: str) -> str:
    """The last line that says something: where programs put their reason."""
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"


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


# --- where the project is -----------------------------------------------------------------------------


_FIRST_COMMIT = (
    "Before the first commit, write into .gitignore what is for no repository, one a line: __pycache__/,\n"
    "*.sqlite3, the folder of your virtual environment (venv/), and files of secrets (.env).\n"
    'Then: git add --all, and git commit -m "Start"'
)


def no_manage_py(folder: str) -> Problem:
    """There is no manage.py where the command was started."""
    return Problem(
        code="no-manage-py",
        found=f"There is no manage.py in {folder}.",
        remedy="Go to the folder of your project's manage.py and run the command there.",
    )


def folder_name(folder: str) -> Problem:
    """The path holds a newline, a control character, or bytes that are not UTF-8."""
    return Problem(
        code="folder-name",
        found=f"The path of the project has a character that other programs cannot read: {folder}",
        remedy="Give the folder another name, and run the command again there.",
    )


def git_missing() -> Problem:
    """No `git` on PATH."""
    return Problem(
        code="git-missing",
        found="The program git was not found.",
        remedy="Install Git, open a new terminal and run the command again.",
        see="https://git-scm.com/downloads",
    )


def no_repository(folder: str) -> Problem:
    """The project is not tracked by Git."""
    return Problem(
        code="no-repository",
        found=f"The project in {folder} is not in a Git repository.",
        remedy=f"Create one: git init\n{_FIRST_COMMIT}",
    )


def git_failed(command: str, message: str) -> Problem:
    """Git itself reported an error."""
    return Problem(
        code="git-failed",
        found=f"Git could not answer. The command was: {command}\n{message}",
        remedy="Mend what Git reports and run the command again.",
    )


def no_commit() -> Problem:
    """A repository without any commit."""
    return Problem(
        code="no-commit",
        found="The Git repository has no commit yet.",
        remedy=f"Commit your project.\n{_FIRST_COMMIT}",
    )


def unclean(lines: Sequence[str]) -> Problem:
    """Uncommitted changes that are not the plan's own."""
    most = 20
    more = [f"and {len(lines) - most} more"] if len(lines) > most else []
    return Problem(
        code="git-unclean",
        found="There are changes that are not committed:\n" + "\n".join(f"  {line}" for line in [*lines[:most], *more]),
        remedy="Commit or stash them, so that you can tell your changes from ours. To go on without that,\n"
        "add --ignore-unclean-git: your changes stay as they are, and only our files are committed.",
    )


def no_git_identity(message: str) -> Problem:
    """`git commit` would fail."""
    return Problem(
        code="no-git-identity",
        found=f"Git does not know who you are, so it could not commit: {message}",
        remedy='Tell it: git config --global user.name "Your Name", and git config --global user.email you@example.com',
    )


def ignored(paths: Sequence[str]) -> Problem:
    """Files of the user's that .gitignore excludes would never reach the platform."""
    return Problem(
        code="git-ignored",
        found=f"Git ignores what the platform needs: {', '.join(paths)}.",
        remedy="Take the line that matches it out of .gitignore (git check-ignore -v names it), and commit the file.",
    )


def not_committed(found: Sequence[tuple[str, str, str]]) -> Problem:
    """The commit would not hold what the plan writes: a mark in the index, a sparse checkout, a filter."""
    return Problem(
        code="not-committed",
        found="Git would not commit what production needs:\n"
        + "\n".join(f"  {path}: {reason}" for path, reason, _ in found),
        remedy="Let Git commit it:\n"
        + "\n".join(dict.fromkeys(f"  {remedy}" for *_, remedy in found))
        + "\nThen commit or discard what git status shows, and run the command again.",
    )


def not_tried(reason: str) -> Problem:
    """The temporary folder in which the commit is tried could not be written."""
    return Problem(
        code="not-tried",
        found=f"The commit could not be tried in a temporary folder: {reason}.",
        remedy="Make the folder for temporary files (TMPDIR) writable, or free some space on the disk, "
        "and run the same command again.",
    )


def unfinished(operation: str, finish: str) -> Problem:
    """A merge, rebase or similar is in progress, so a commit would become part of it."""
    return Problem(
        code="git-unfinished",
        found=f"A {operation} is in progress in this repository.",
        remedy=f"Finish it or give it up ({finish}), and run the command again.",
    )


def detached_head() -> Problem:
    """The commit would belong to no branch."""
    return Problem(
        code="detached-head",
        found="No branch is checked out (detached HEAD), so the commit with the configuration would belong to none.",
        remedy="Check out the branch that you deploy: git switch NAME",
    )


def newer_deployed(platform: str, commit: str) -> Problem:
    """The platform runs a commit that HEAD does not contain: the push would be refused, or lose work."""
    return Problem(
        code="newer-deployed",
        found=f"{platform} runs the commit {commit[:12]}, which is not part of what is checked out here.\n"
        "The push would be refused, or replace the work of somebody else.",
        remedy=f"Bring it in: git fetch --all, then git merge {commit[:12]}; or check out the branch that has it.\n"
        "If you rewrote your history on purpose, push it yourself once, with --force.",
    )


def misplaced(path: str, reason: str) -> Problem:
    """The plan would write through a link that leads out of the project, into Git's own files, or into ours."""
    return Problem(
        code="misplaced",
        found=f"The file {ascii(path)[1:-1]} would have to be written, but {reason}.",
        remedy="Put a file of the project in its place and commit it.",
    )


def half_written() -> Problem:
    """A run was killed while it wrote files, and a dry run may not put them right."""
    return Problem(
        code="half-written",
        found="An earlier run was ended while it wrote files, and some of them are not as they were.",
        remedy="Run without --dry-run: that first puts every file back as it was before that run.",
    )


def receipt_unreadable(path: str, reason: str) -> Problem:
    """The receipt is damaged, or written by another version."""
    return Problem(
        code="receipt-unreadable",
        found=f"{path}, the record of earlier runs, is ignored, because it cannot be understood: {reason}.",
        remedy="Only --undo and --destroy need it. Remove what was created with the platform's own commands, and take "
        "the files back with Git.",
    )


def receipt_foreign(path: str) -> Problem:
    """The receipt lacks the seal that this repository's key makes: it came with an archive, or was edited."""
    return Problem(
        code="receipt-foreign",
        found=f"{path}, the record of earlier runs, is ignored, because it was not written in this repository.",
        remedy="Only --undo and --destroy need it. If you copied the project without its .git folder, run them in the "
        "original.",
    )


def own_folder_foreign(path: str, what: str, instead: str) -> Problem:
    """The folder of logs and receipt, or a file in it, came with the repository.

    It stops a run only if no other folder can be made.
    """
    return Problem(
        code="own-folder-foreign",
        found=f"The path {path} {what}, so simple_deploy_logs is ignored; {instead} takes its place.",
        remedy=f"Make {instead} writable, or remove simple_deploy_logs, from Git too: git rm -r simple_deploy_logs",
    )


# --- undo and destroy -----------------------------------------------------------------------------------


def nothing_to_undo(path: str, platform: str | None) -> Problem:
    """No run has changed a file, or every one that did is undone."""
    run = f"run for {platform}" if platform else "run"
    return Problem(
        code="nothing-to-undo",
        found=f"There is nothing to undo: {path} knows of no {run} whose changes to files still stand.",
        remedy="To go back further than that, use Git: git log lists your commits.",
    )


def undo_later_first(later: str, asked: str, paths: Sequence[str]) -> Problem:
    """A run after the one to undo wrote some of the same files."""
    return Problem(
        code="undo-later-first",
        found=f"A later run, for {later}, wrote files that the run for {asked} wrote too: {', '.join(paths)}.",
        remedy=f"Undo that run first: --undo --platform {later}",
    )


def other_branch(made_on: str | None, here: str | None) -> Problem:
    """The run to undo was made on another branch."""
    was = f"on the branch {made_on}" if made_on else "where no branch was checked out"
    now = f"the branch {here}" if here else "no branch"
    return Problem(
        code="other-branch",
        found=f"The last run was made {was}, and {now} is checked out now, so nothing was undone.",
        remedy=f"Run it there: git switch {made_on}, then --undo" if made_on else "Check that commit out, then --undo.",
    )


def backup_missing(path: str, reason: str) -> Problem:
    """What a file held before the run is not kept any more."""
    return Problem(
        code="backup-missing",
        found=f"What {path} held before the last run is not kept any more: {reason}.",
        remedy=f"Git has it, if it was committed: git log -- {path}",
    )


def edited_since(paths: Sequence[str]) -> Problem:
    """Files were edited since the last run, and nobody is there to decide about them."""
    return Problem(
        code="edited-since",
        found=f"Edited since the last run: {', '.join(paths)}. There is no terminal to ask on what to do with it.",
        remedy="Add --yes to undo all other files and leave this as it is, or run the command in a terminal.",
    )


def no_created_app(path: str, app: str | None, manual: str) -> Problem:
    """The receipt does not say that the app was created by a run of ours."""
    what = f"the app {app}" if app else "an app"
    return Problem(
        code="no-created-app",
        found=f"{path} does not say that simple_deploy created {what} for this project, so it removes nothing.",
        remedy=f"If you are sure, remove it yourself: {manual}",
    )


def uncertain_app(path: str, app: str, manual: str) -> Problem:
    """A run began to create the app and did not hear how that ended."""
    return Problem(
        code="uncertain-app",
        found=f"{path} says that simple_deploy began to create the app {app}, but not that it succeeded.\n"
        "Somebody else may have created it, so nothing is removed.",
        remedy=f"If you are sure that it is yours, remove it yourself: {manual}",
    )


def unidentified_app(path: str, app: str, manual: str) -> Problem:
    """Another app may have its name by now."""
    return Problem(
        code="unidentified-app",
        found=f"{path} records that simple_deploy created the app {app}, but not the platform's own id of it, so it "
        "removes nothing.",
        remedy=f"Run simple_deploy --automate-all once more: it records the id. Or remove the app yourself: {manual}",
    )


def another_app(path: str, app: str, recorded: str, found: str, manual: str) -> Problem:
    """An app of that name exists, but it is not the one that a run created."""
    return Problem(
        code="another-app",
        found=f"The app {app} has the id {found}, but {path} records that simple_deploy created the one with the id "
        f"{recorded}, so nothing is removed.",
        remedy=f"If you are sure, remove it yourself: {manual}",
    )


def another_name(path: str, app: str, app_id: str, name: str, found: str) -> Problem:
    """The name that is typed must be the one that the platform shows, or another app than the one meant would go."""
    return Problem(
        code="another-name",
        found=f'{path} calls the app with the id {app_id} "{app}", but {name} calls it "{found}", so nothing is '
        "removed.",
        remedy=f"If it was renamed, rename it to {app} on {name} and run the same command again, or remove it there.",
    )


def another_account(app: str, recorded: str, account: str) -> Problem:
    """An app that is not seen may still exist on the account that created it."""
    return Problem(
        code="another-account",
        found=f"The account {account} does not see the app {app}, which the account {recorded} created.",
        remedy=f"Log in as {recorded}, and run the same command again.",
    )


def destroy_needs_name(app: str) -> Problem:
    """--destroy without anybody to type the app's name, or with another name."""
    return Problem(
        code="destroy-needs-name",
        found=f"To destroy the app {app}, its name must be given, and there is no terminal to type it on.",
        remedy=f"Add --yes --deployed-project-name {app}",
    )


# --- settings -----------------------------------------------------------------------------------------


def settings_not_found(module: str, reason: str) -> Problem:
    """The settings module that production uses cannot be found or loaded."""
    return Problem(
        code="settings-not-found",
        found=f"The settings module {module} that production uses could not be loaded: {reason}",
        remedy="Make it importable, or name the right module: --settings your_project.settings",
    )


def settings_need_manage_py(module: str, reason: str) -> Problem:
    """`python -m simple_deploy` cannot load what manage.py can, which may prepare paths or variables."""
    return Problem(
        code="settings-need-manage-py",
        found=f"The settings module {module} that manage.py names could not be loaded: {reason}",
        remedy='If manage.py itself can load it ("python manage.py check"), add "simple_deploy" to INSTALLED_APPS\n'
        "and use manage.py: python manage.py simple_deploy",
    )


def settings_outside(module: str, path: str) -> Problem:
    """The settings file is not in the repository."""
    return Problem(
        code="settings-outside",
        found=f"The settings module {module} is in {path}, outside of the Git repository.",
        remedy="Name a settings module of the project: --settings your_project.settings",
    )


def no_wsgi() -> Problem:
    """There is nothing that a web server could start."""
    return Problem(
        code="no-wsgi",
        found="WSGI_APPLICATION is not set, and there is no wsgi.py beside the URL configuration.",
        remedy='Add the wsgi.py that "django-admin startproject" makes, and set WSGI_APPLICATION to it.',
        see="https://docs.djangoproject.com/en/stable/howto/deployment/wsgi/",
    )


def broken_block(path: str, reason: str) -> Problem:
    """Somebody removed one of the two marker lines."""
    return Problem(
        code="broken-block",
        found=f"The block of simple_deploy in {path} is damaged: {reason}.",
        remedy="Restore the marker line, or delete the block with its marker; it will be written anew.",
    )


def not_text(path: str, reason: str) -> Problem:
    """A file of the project cannot be decoded."""
    return Problem(
        code="not-text",
        found=f"{path} is not readable as text: {reason}.",
        remedy="Save it as UTF-8 and run the command again.",
    )


def not_a_file(path: str) -> Problem:
    """A folder or socket stands where a file is needed."""
    return Problem(
        code="not-a-file",
        found=f"{path} exists but is not a readable file.",
        remedy="Move it away, or make it readable, and run the command again.",
    )


def link(path: str, reason: str) -> Problem:
    """A link in the place of a file: the platform would not have what it leads to, or nothing is there."""
    return Problem(
        code="link",
        found=f"{path} is a link that {reason}.",
        remedy="Put a file of the project in its place and commit it.",
    )


def written_twice(path: str, names: Sequence[str]) -> Problem:
    """Two files that the plan writes are links to one."""
    return Problem(
        code="written-twice",
        found=f"{path} would have to hold two files at once: links to it stand for {' and '.join(names)}.",
        remedy="Put a file of its own in the place of each link, and commit them.",
    )


def django_too_old(found: str) -> Problem:
    """A Django that the settings block was not made for, and that gets no security updates."""
    return Problem(
        code="django-too-old",
        found=f"The project uses Django {found}, and simple_deploy needs Django 3.2 or newer.",
        remedy="Upgrade it step by step: the page below says how.",
        see="https://docs.djangoproject.com/en/stable/howto/upgrade-version/",
    )


def pythons_disagree(found: Sequence[str], older: str) -> Problem:
    """Two files name different versions of Python."""
    return Problem(
        code="pythons-disagree",
        found=f"Two files name different versions of Python: {', '.join(found)}.",
        remedy=f"Decide for one, write it into .python-version, and remove the other file: git rm {older}",
    )


def python_too_old(path: str, version: str, django: str, oldest: str) -> Problem:
    """The project's Django does not run on the Python that production would have."""
    return Problem(
        code="python-too-old",
        found=f"{path} says Python {version}, but Django {django} needs Python {oldest} or newer.",
        remedy=f"Write the version that you use here, or another one from {oldest} on, into {path}, and commit.",
    )


def python_excluded(path: str, version: str, manifest: str, allowed: str) -> Problem:
    """The version that a file names is one that the project's own manifest forbids."""
    return Problem(
        code="python-excluded",
        found=f'{path} says Python {version}, but {manifest} allows "{allowed}" only.',
        remedy=f"Make them agree: change {path}, or let {manifest} allow {version} and renew the lock file. Commit.",
    )


# --- package managers ---------------------------------------------------------------------------------


def no_package_manager(below: str | None) -> Problem:
    """Nothing says what the project needs; `below` is a file that says it where no platform looks."""
    if below:
        return Problem(
            code="no-package-manager",
            found=f"{below} is below the Git root, where platforms do not look for it.",
            remedy="Move it, with its lock file, to the Git root (git mv), and commit. Or write a requirements.txt\n"
            "beside manage.py: that is found there.",
        )
    return Problem(
        code="no-package-manager",
        found="No file says which packages the project needs. Looked for at the Git root: requirements.txt,\n"
        "requirements.in, requirements/, Pipfile, pyproject.toml and lock files; beside manage.py: requirements files.",
        remedy="If you use pip, write one: python -m pip freeze --exclude django-simple-deploy > requirements.txt\n"
        "Then commit it.",
    )


def several_package_managers(found: Sequence[str], choices: Sequence[str]) -> Problem:
    """More than one package manager could install production, and nothing tells which one is meant."""
    return Problem(
        code="several-package-managers",
        found=f"Several package managers have left files in the project: {', '.join(found)}.",
        remedy=f"Choose the one that production uses: {' or '.join(f'--package-manager {name}' for name in choices)}",
    )


def other_package_manager(chosen: str, found: Sequence[str]) -> Problem:
    """--package-manager names one that has left no file in the project."""
    return Problem(
        code="other-package-manager",
        found=f"The project has no file of {chosen}. It has {', '.join(found)}.",
        remedy="Leave out --package-manager, or name one of these.",
    )


def conflict_marker(path: str, line: str) -> Problem:
    """A merge left both sides in the file."""
    return Problem(
        code="conflict-marker",
        found=f'{path} has the mark of a merge conflict: "{line}".',
        remedy="Keep the lines that production needs, delete the three marks, and commit.",
    )


def version_too_old(file: str, package: str, specifier: str, oldest: str, reason: str) -> Problem:
    """The project insists on a version that production cannot use."""
    return Problem(
        code="version-too-old",
        found=f"{file} asks for {package}{specifier}, but production needs {package} {oldest} or newer: {reason}.",
        remedy=f"Allow {package}>={oldest}, renew the lock file if there is one, and commit.",
    )


def only_here(path: str, requirement: str) -> Problem:
    """A requirement is installed from a folder or file that only this machine has."""
    return Problem(
        code="only-here",
        found=f"{path} installs from a place on this machine, which production does not have: {requirement}",
        remedy="Name a release of that package in its place (NAME==VERSION), or take the line out, and commit.",
    )


def platforms_refuse(name: str, file: str, remedy: str) -> Problem:
    """The project uses a package manager from which no platform can install."""
    return Problem(
        code="package-manager-refused",
        found=f"The project uses {name} ({file}), and nothing at the Git root that platforms can install from.",
        remedy=remedy,
    )


def several_requirements_files(found: Sequence[str]) -> Problem:
    """A folder of requirements files does not tell which one is meant for production."""
    return Problem(
        code="several-requirements-files",
        found="There is no requirements.txt at the Git root, and production could use any of these:\n"
        + "\n".join(f"  {path}" for path in found),
        remedy=f"Decide for one: write a requirements.txt with the line -r {found[0]}, say, and commit it.",
    )


def include_missing(path: str, included: str) -> Problem:
    """A requirements file includes one that the repository does not have."""
    return Problem(
        code="include-missing",
        found=f"{path} includes {included}, which is not in the repository, so production could not be installed.",
        remedy=f"Restore {included}, or take the line out of {path}, and commit.",
    )


def manifest_closed(manifest: str, reason: str, missing: Sequence[str]) -> Problem:
    """Requirements are missing in a file that cannot be added to."""
    return Problem(
        code="manifest-closed",
        found=f"{manifest} lacks what production needs: {', '.join(missing)}.\n"
        f"Nothing can be added to it here: {reason}.",
        remedy=f"Add them the way you make {manifest}, commit that, and run the command again.",
    )


def dynamic_dependencies(manifest: str, backend: str) -> Problem:
    """The build computes the dependencies, so there is no list that could be read."""
    return Problem(
        code="dynamic-dependencies",
        found=f'{manifest} leaves the dependencies to the build (dynamic = ["dependencies"]): {backend} finds them\n'
        "while it builds, so what is missing for production cannot be seen or added.",
        remedy='List them in [project], dependencies = [...], and take the word out of "dynamic";\n'
        "or commit a requirements.txt for production.",
    )


def not_toml(path: str, reason: str) -> Problem:
    """A TOML file of the project cannot be parsed."""
    return Problem(
        code="not-toml",
        found=f"{path} is not valid TOML: {reason}.",
        remedy="Mend that place and run the command again.",
    )


def closed_file(path: str, reason: str) -> Problem:
    """A TOML file has a form in which nothing can be inserted."""
    return Problem(
        code="closed-file",
        found=f"{path} cannot be added to: {reason}.",
        remedy="Write that table with a header of its own, one key a line, and commit.",
    )


def wrong_type(path: str, reason: str) -> Problem:
    """A value in a file of the project has another type than it must have."""
    return Problem(
        code="wrong-type",
        found=f"{path} has a value of the wrong type: {reason}.",
        remedy="Correct that value, commit, and run the command again.",
    )


def not_json(path: str, reason: str) -> Problem:
    """A JSON file of the project cannot be parsed."""
    return Problem(
        code="not-json",
        found=f"{path} is not valid JSON: {reason}.",
        remedy="Let its package manager write it again, and commit it.",
    )


def package_manager_missing(name: str, program: str, install: str) -> Problem:
    """The lock file has to be renewed, and the program that does it is not there."""
    return Problem(
        code="package-manager-missing",
        found=f"{name} has to renew the lock file, but the program {program} was not found.",
        remedy=f"Install it: {install}\nOr add the packages where you have {name}, commit, and run this again.",
    )


def manifest_missing(manifest: str, lock: str) -> Problem:
    """There is a lock file, but not the file that it was made from."""
    return Problem(
        code="manifest-missing",
        found=f"There is a {lock} but no {manifest}, which says what it was made for.",
        remedy=f"Restore {manifest}, or delete {lock} if it is left over from former times (git rm), and commit.",
    )


def not_for_production(names: Sequence[str], manifest: str) -> Problem:
    """A package is declared under conditions that leave production out, and a second entry would be an error."""
    return Problem(
        code="not-for-production",
        found=f"Production needs {', '.join(names)}, but what {manifest} says leaves production out\n"
        "(optional, or for another system).",
        remedy="Make the entry hold on Linux, without an extra, renew the lock file and commit both.",
    )


def lock_stale(lock: str, manifest: str, name: str) -> Problem:
    """The lock file does not say what the manifest says, so a platform would refuse to install from it."""
    return Problem(
        code="lock-stale",
        found=f"{lock} does not fit {manifest}: it was not renewed after the last change.",
        remedy=f"Renew it with {name}, look at what that changes, and commit both.",
    )


def lock_missing(lock: str, manifest: str, command: str) -> Problem:
    """There is a manifest but no lock file, so production would not be pinned."""
    return Problem(
        code="lock-missing",
        found=f"There is a {manifest} but no {lock}, so nothing says which versions production gets.",
        remedy=f"Make it: {command}\nThen commit it (and see that .gitignore does not name it).",
    )


def lock_failed(command: str, said: str) -> Problem:
    """The package manager could not renew the lock: a conflict, or no way to the package index."""
    return Problem(
        code="lock-failed",
        found=f"The new packages could not be locked. The command was: {command}\n{said}",
        remedy="If versions conflict, change the requirement that it names.\n"
        "If the package index could not be reached, try again later.",
    )


# --- trial --------------------------------------------------------------------------------------------


def trial_failed(part: str, reason: str, platform: str) -> Problem:
    """What the platform would run was run here, in its environment and on what Git will contain, and failed."""
    return Problem(
        code="trial-failed",
        found=f"On {platform}, your project would fail ({part}): {reason}",
        remedy="Correct that line and commit. If it cannot happen in production, --no-trial skips this check.",
    )


def checks_failed(found: Sequence[str], platform: str) -> Problem:
    """Django's system checks find errors with production's database and settings; migrate would stop there."""
    return Problem(
        code="checks-failed",
        found=f"On {platform}, Django's system checks would stop the release:\n"
        + "\n".join(f"  {line}" for line in found[:10]),
        remedy="Correct what they name and commit. If they are wrong, add their ids to SILENCED_SYSTEM_CHECKS.",
        see="https://docs.djangoproject.com/en/stable/ref/checks/",
    )


def trial_untracked(path: str, reason: str) -> Problem:
    """A file of the project that production needs is in the folder, but not in Git."""
    return Problem(
        code="trial-untracked",
        found=f"Production would not have {path}, because Git does not track it: {reason}",
        remedy=f"If it belongs to the project, commit it: git add --force {_word(path)}\n"
        "If it holds secrets, let the settings do without it, or read them from variables.",
    )


def other_settings(module: str, loaded: str, platform: str) -> Problem:
    """The scripts set DJANGO_SETTINGS_MODULE whatever its value is, and so production would miss the block."""
    return Problem(
        code="other-settings",
        found=f"On {platform}, the site would load the settings {loaded}, and not {module}.",
        remedy='Let manage.py and the WSGI script call os.environ.setdefault("DJANGO_SETTINGS_MODULE", ...), which '
        f"leaves the variable alone where it is set. Or name the right module: --settings {loaded}",
    )


# --- variables ----------------------------------------------------------------------------------------


def variables_missing(name: str, variables: Sequence[tuple[str, str]]) -> Problem:
    """Variables that the settings read, without a default and without a value on the platform."""
    first = variables[0][0]
    return Problem(
        code="variables-missing",
        found=f"The settings read variables that have no default, and nothing gives them a value on {name}:\n"
        + "\n".join(f"  {variable} ({place})" for variable, place in variables),
        remedy=f"Give each one a value: --env {first}=VALUE. Or take them from a file: --env-file .env",
    )


def variables_unreadable(file: str, reason: str) -> Problem:
    """The file of --env-file."""
    return Problem(
        code="env-file",
        found=f"The variables in {file} could not be read: {reason}.",
        remedy="Write one NAME=VALUE a line, in UTF-8, and name the file as seen from the current folder.",
    )


def variable_unset(name: str) -> Problem:
    """--env NAME without a value takes that of the shell."""
    return Problem(
        code="env-unset",
        found=f"The option --env {name} takes the value that {name} has in this shell, and it has none.",
        remedy=f"Set it first, or give the value: --env {name}=VALUE",
    )


# --- platform and its CLI -----------------------------------------------------------------------------


def platform_needed(known: Sequence[str], open_to: Mapping[str, str]) -> Problem:
    """Several platforms are installed and none was named; `open_to` says which ones do not take everybody."""
    limits = "".join(f"\n{name} is open to {customers}." for name, customers in open_to.items())
    return Problem(
        code="platform-needed",
        found="Several platforms are available, and --platform does not say which one to use.",
        remedy=f"Add one of: {', '.join(f'--platform {name}' for name in known)}{limits}",
    )


def database_unknown(name: str, asked: str, known: Sequence[str]) -> Problem:
    """--database names a kind of database that the platform does not have."""
    return Problem(
        code="database-unknown",
        found=f'{name} has no database "{asked}".',
        remedy=f"Choose one of: {', '.join(f'--database {kind}' for kind in known)}",
    )


def organizations_unknown(name: str) -> Problem:
    """--org was given for a platform whose apps belong to accounts only."""
    return Problem(
        code="organizations-unknown",
        found=f"{name} has no organizations that simple_deploy knows of.",
        remedy="Leave out --org.",
    )


def adopt_needs_name() -> Problem:
    """--adopt is the second time that the user names an existing app."""
    return Problem(
        code="adopt",
        found="The option --adopt lets a deployment use an existing app, so it needs the app's name.",
        remedy="Add --automate-all --deployed-project-name NAME",
    )


def unclaimed_app(name: str, app: str, account: str) -> Problem:
    """An equal name proves nothing."""
    return Problem(
        code="unclaimed-app",
        found=f"{name} has an app called {app} on the account {account}, and nothing here shows that it is this "
        "project's.",
        remedy="To create another one: --deployed-project-name NEW-NAME\n"
        f"To replace what that app serves, and use its database: --deployed-project-name {_word(app)} --adopt",
    )


def copied_claim(name: str, app: str, said_by: str) -> Problem:
    """A committed line is in every copy of a starter repository, too."""
    return Problem(
        code="copied-app",
        found=f"The app {app} on {name}, which {said_by} names, was not recorded for the repository that is this "
        "clone's Git remote origin.",
        remedy="If this is another project, give it an app of its own: --deployed-project-name NEW-NAME\n"
        f"If it is the same project: --deployed-project-name {_word(app)} --adopt",
    )


def claims_disagree(name: str, said: Sequence[tuple[str, str]]) -> Problem:
    """Any of them may be the right one; `said` are pairs of source and app."""
    listed = ", ".join(f"{source} names {app}" for source, app in said)
    return Problem(
        code="several-apps",
        found=f"Which app on {name} is this project's is not clear: {listed}.",
        remedy="Name the right one: --deployed-project-name NAME",
    )


def shallow_clone(name: str) -> Problem:
    """A new app would get a name made from the first commit, which a shallow clone does not have."""
    return Problem(
        code="shallow-clone",
        found=f"This is a shallow clone, and no file in it names this project's app on {name}.",
        remedy="Deploy once from a complete clone and push the commit that this makes, or name a new app here: "
        "--deployed-project-name NEW-NAME",
    )


def unseen_app(name: str, app: str, claim: Claim, account: str) -> Problem:
    """It was deleted, or belongs to another account; a second app in its place would have an empty database."""
    other = f" It was deployed by {claim.account}." if claim.account not in ("", account) else ""
    forget = f"\nIf it was deleted, this removes what is left of it here: {claim.forget}" if claim.forget else ""
    return Problem(
        code="unseen-app",
        found=f"The account {account} does not see the app {app} on {name}, which {claim.said_by} names.{other}",
        remedy="Log in to the account that has it, or create a new app: --deployed-project-name NEW-NAME" + forget,
    )


def other_id(name: str, app: str, said_by: str, recorded: str, found: str) -> Problem:
    """The app was deleted, and somebody has created another one of its name."""
    return Problem(
        code="other-id",
        found=f"The app {app} on {name} has the id {found}, but {said_by} records the id {recorded}: "
        "it is another app.",
        remedy="To create another one: --deployed-project-name NEW-NAME\n"
        f"To replace what that app serves, and use its database: --deployed-project-name {_word(app)} --adopt",
    )


def name_taken(name: str, app: str) -> Problem:
    """Names are unique among all accounts of some platforms."""
    return Problem(
        code="name-taken",
        found=f"The app name {app} is taken by somebody else on {name}.",
        remedy="Choose another one: --deployed-project-name NAME",
    )


def _word(name: str) -> str:
    return name if re.fullmatch(r"[\w.-]+", name) else f'"{name}"'


def cli_missing(name: str, executable: str, install: str, see: str) -> Problem:
    """The platform's command-line program is not installed."""
    return Problem(
        code="cli-missing",
        found=f"The {name} command-line program ({executable}) was not found.",
        remedy=f"Install it: {install}. Or leave out --automate-all: configuration only does not need it.",
        see=see,
    )


def logged_out(name: str, message: str, login: str) -> Problem:
    """The platform's command-line program has no valid login."""
    return Problem(
        code="logged-out",
        found=f"You are not logged in to {name}: {message}",
        remedy=f"Log in: {login}",
    )


def token_refused(name: str, message: str, tokens: Sequence[str], login: str) -> Problem:
    """A variable of the environment holds a token that the platform does not accept; a login would not count."""
    return Problem(
        code="token-refused",
        found=f"{name} does not accept the token in {' or '.join(tokens)}: {message}",
        remedy=f"Set the right token, or log in without one: unset {' '.join(tokens)}\n"
        f"(PowerShell: Remove-Item {', '.join(f'Env:{token}' for token in tokens)}), then {login}",
    )


def cli_failed(command: str, reason: str) -> Problem:
    """A question to the platform got no usable answer."""
    return Problem(
        code="cli-failed",
        found=f"This command gave no usable answer: {command}\n{reason}",
        remedy="Run it yourself to see what is wrong (the network, the platform's status page), then try again.",
    )


def no_terminal() -> Problem:
    """A question would have to be asked, but nobody is there to answer it."""
    return Problem(
        code="no-terminal",
        found="This run must be confirmed, but there is no terminal to ask on.",
        remedy="Add --yes to agree beforehand (--dry-run shows to what).",
    )
