"""The platform's CLI → Remote. Only asks; the answers determine which steps are already done."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from . import claims
from .contract import Ask, Choose, Platform, Question, Remote, Site
from .effects.commands import running
from .messages import errors
from .model import Options, Problem, Project, Ran, Record


def survey(
    platform: Platform, project: Project | None, options: Options, folder: Path, choose: Choose, record: Record
) -> Remote:
    """Everything that exists on the platform for this project; all problems are in the result.

    Without a project (the inspection failed) only the CLI and the login are checked, so that all problems are reported
    at once. Raises Declined if the user picks none of the offered names.
    """
    return _asked(
        platform,
        project,
        options,
        folder,
        record,
        lambda ask, site: platform.survey and platform.survey(ask, choose, site),
    )


def find(platform: Platform, project: Project, options: Options, folder: Path, record: Record) -> Remote:
    """The app of this project, if its platform reports that it exists."""
    return _asked(
        platform, project, options, folder, record, lambda ask, site: platform.find and platform.find(ask, site)
    )


def _asked(
    platform: Platform,
    project: Project | None,
    options: Options,
    folder: Path,
    record: Record,
    question: Callable[[Ask, Site], Remote | None],
) -> Remote:
    cli = platform.cli
    if shutil.which(cli.executable) is None:
        return Remote(problems=(_missing(platform),))
    ask = asker(folder, record)
    version, whoami = ask([Question(argv=cli.version or (cli.executable, "--version")), Question(argv=cli.whoami)])
    if not whoami.ok:
        return Remote(problems=(_login_problem(platform, whoami),))
    known = Remote(account=cli.account(whoami.stdout) or None)
    if project is None:
        return known
    known = replace(known, app=claims.app_name(project, options, platform, known.account))
    try:
        found = question(ask, Site(project=project, options=options, remote=known))
    except (LookupError, TypeError, ValueError) as error:
        # Answers in another format than that of the CLI for which the platform was written.
        reason = f"{version.stdout.strip().partition(chr(10))[0]}: {error!r}"
        return replace(known, problems=(errors.cli_failed(command=cli.executable, reason=reason),))
    return replace(found, surveyed=True) if found else known


def _missing(platform: Platform) -> Problem:
    cli = platform.cli
    return errors.cli_missing(name=platform.name, executable=cli.executable, install=cli.install, see=cli.see)


def _login_problem(platform: Platform, whoami: Ran) -> Problem:
    message = " ".join(whoami.stderr.replace("›", " ").split()) or f"exit status {whoami.returncode}"
    tokens = [name for name in platform.cli.tokens if os.environ.get(name)]
    if tokens:
        return errors.token_refused(name=platform.name, message=message, tokens=tokens, login=platform.cli.login)
    return errors.logged_out(name=platform.name, message=message, login=platform.cli.login)


def asker(folder: Path, record: Record) -> Ask:
    """Questions in parallel: a CLI that takes a second to start is the slowest part of a survey."""

    def ask(questions: Sequence[Question]) -> list[Ran]:
        with running([question.argv for question in questions], cwd=folder) as programs:
            answers = [program.ended(60) for program in programs]
        for question, answer in zip(questions, answers, strict=True):
            record(answer, not question.private)
        return answers

    return ask
