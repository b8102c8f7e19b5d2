"""READ FIRST: the stages of a run, in order.

    inspect -> survey -> lock -> plan -> trial -> checks -> preview and consent -> apply -> deploy -> verify

Before all of them, a run makes sure that it is the only one in the project, and that the project is whole.
Everything before `apply` only reads. What the run will do is one value, `Plan`; all problems that the checks
find are reported together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from . import claims, errors, platforms, receipt, settings_file, stops, variables
from .apply import apply, misplaced_problems, recover
from .inspect import (
    Inspection,
    Repository,
    brought,
    contains,
    identity_problems,
    inspect,
    log_lines,
    root_above,
    try_commit,
)
from .lock import lock
from .log import Log
from .model import PLAIN, Ending, Options, Outcome, Plan, Problem, Project, Secret, StaticNames, Variable
from .own_folder import in_git, make_folder, place
from .plan import Planned, plan
from .platforms.contract import Platform, Remote
from .receipt import Writer, noting, restored_text
from .run_lock import run_lock
from .settings_block import static_names
from .shell import filled
from .telling import secrets_in
from .terminal import Terminal
from .text_file import decode


def choose_platform(options: Options) -> Platform:
    """The platform that the user named, or the only one there is. Raises Refused."""
    known = platforms.installed()
    if options.platform is None and len(known) > 1:
        limits = [f"{name} is open to {customers}." for name, customers in platforms.open_to().items()]
        raise stops.Refused([errors.platform_needed(known=known, limits=limits)])
    return platforms.load(options.platform or known[0])


def execute(options: Options, platform: Platform, terminal: Terminal, log: Log) -> Outcome:
    """One whole run. Raises stops.Stop for every foreseeable way in which it can end early."""
    with _put_right(options, terminal, log):
        return _execute(options, platform, terminal, log)


def take_back(options: Options, terminal: Terminal, log: Log) -> Ending:
    """--undo or --destroy. Raises stops.Stop for every foreseeable way in which it can end early."""
    root = root_above(options.manage_py.parent)
    if root is None:
        raise stops.Refused([errors.no_repository(folder=str(options.manage_py.parent))])
    with _put_right(options, terminal, log):
        if options.undo:
            from .undo import undo

            return undo(root, options, terminal, log)
        from .destroy import destroy

        return destroy(root, options, terminal, log)


@contextmanager
def _put_right(options: Options, terminal: Terminal, log: Log) -> Iterator[None]:
    """No one else runs in the project meanwhile, and what a killed run left half-written is as it was before.

    A dry run writes nothing, so it needs no such right and refuses to look at a half-written project.
    """
    folder = options.manage_py.parent
    if not re.fullmatch(PLAIN, str(folder)):
        raise stops.Refused([errors.folder_name(folder=ascii(str(folder)))])
    root = root_above(folder)
    if root is None:
        yield
        return
    foreign = brought(root)
    distrusted = None if foreign else receipt.distrusted(root)
    if distrusted and (options.undo or options.destroy):
        raise stops.Refused([distrusted])
    for ignored in filter(None, (foreign, distrusted)):
        terminal.say(ignored.found, "WARNING")
    if options.dry_run:
        if receipt.half_written(root):
            raise stops.Refused([errors.half_written()])
        yield
    else:
        locked = run_lock(root, options.now, lambda text: terminal.say(text, "WARNING"))
        with _own_folder(root, foreign, log), locked:
            if options.logging:
                log.open(root, options.now)
            restored = recover(root)
            if restored:
                terminal.say(restored_text(restored), "WARNING")
            yield


@contextmanager
def _own_folder(root: Path, foreign: Problem | None, log: Log) -> Iterator[None]:
    """Our folder is none that came with the repository; a run that is refused leaves none where there was none."""
    folder = in_git(root) if foreign else place(root)
    existed = folder.exists()
    if foreign:
        try:
            make_folder(folder)
        except OSError as error:
            raise stops.Refused([foreign]) from error
    try:
        yield
    except (stops.Refused, stops.Declined):
        if not existed:
            log.discard(root)
        raise


def _execute(options: Options, platform: Platform, terminal: Terminal, log: Log) -> Outcome:
    try:
        inspection = inspect(options, platform.reads, log.ran, whole_folder=platform.deploys_folder)
        if inspection.project:
            log.redact.learn(inspection.project.settings.secrets)
        planned = _prepare(inspection, options, platform, terminal, log)
        if options.dry_run:
            return Outcome(status="previewed", plan=planned)
        _consent(planned, options, terminal)
    except KeyboardInterrupt as error:
        raise stops.Interrupted(stops.INTERRUPTED_BEFORE) from error
    assert inspection.root is not None
    writer = Writer(inspection.root, _begun(inspection, planned, options))
    _apply(writer, planned, log)
    if not options.automate_all:
        return Outcome(status="configured", plan=planned, log=log.name)
    return _deploy(writer, planned, options, platform, terminal, log)


def _begun(inspection: Inspection, planned: Plan, options: Options) -> receipt.Run:
    branch = inspection.project.git.branch if inspection.project else None
    return receipt.begun(
        *("deploy", options.now, planned.platform, planned.app, branch),
        app_id=planned.app_id,
        account=planned.account,
    )


def _prepare(inspection: Inspection, options: Options, platform: Platform, terminal: Terminal, log: Log) -> Plan:
    """The plan, shown. Raises Refused with every problem of the inspection, the survey and the plan."""
    problems = list(inspection.problems)
    project = inspection.project
    for line in log_lines(project) if project else ():
        log.write(line)
    unclear: tuple[Problem, ...] = ()
    if project:
        project, unclear = claims.claimed(project, options, platform)
    remote = Remote()
    if options.automate_all:
        remote = _survey(None if unclear else project, inspection, options, platform, terminal, log)
    if project and remote.app is None:
        remote = replace(remote, app=claims.app_name(project, options, platform, remote.account))
    problems += (*unclear, *remote.problems)
    if project is None:
        raise stops.Refused(problems)
    problems += claims.problems(project, options, platform, remote)
    project = _with_static(project, _static_names(project, platform))
    options = _with_values(project, options, platform, remote, terminal, log)
    locks: dict[str, bytes] = {}
    again = partial(plan, options=options, platform=platform, remote=remote, locks=locks)
    planned = again(project)
    problems += planned.problems
    if project.dependencies.lock:
        locked = lock(project, platform.requirements(project), log.ran, renew=not problems)
        problems += locked.problems
        locks.update(locked.files)
        if locks:
            planned = again(project)
    problems += misplaced_problems(project.root, planned.plan.changes)
    assert inspection.repository is not None
    project, planned, found = _tried(inspection.repository, project, planned, again, log)
    problems += [problem for problem in found if problem not in problems]
    untried = project
    project, failed = _trial(project, planned, problems, options, platform, remote, terminal, log)
    if project is not untried:
        planned = again(project)
    problems += [problem for problem in (*failed, *planned.problems) if problem not in problems]
    if options.automate_all:
        problems += _deployment_problems(project, planned, remote, options, platform, log)
    if problems:
        raise stops.Refused(problems)
    if options.dry_run or options.automate_all or _asks(planned.plan, options):
        from .preview import preview

        terminal.show(preview(planned.plan))
    return planned.plan


def _with_values(
    project: Project, options: Options, platform: Platform, remote: Remote, terminal: Terminal, log: Log
) -> Options:
    """The options with the values that someone types for variables that the site lacks."""
    if not options.automate_all or options.yes or options.dry_run or not Terminal.interactive():
        return options
    values = dict(options.variables)
    for lacking in variables.decide(project, options, platform, remote).missing:
        typed = terminal.typed_secret(f"The settings require {lacking.name} ({lacking.place}). Value in production:")
        if typed:
            values[lacking.name] = Secret(typed)
    log.redact.learn(secrets_in(values))
    return replace(options, variables=values)


def _survey(
    project: Project | None,
    inspection: Inspection,
    options: Options,
    platform: Platform,
    terminal: Terminal,
    log: Log,
) -> Remote:
    from .survey import survey

    with terminal.working(f"Inspect your project and {platform.name}"):
        choose = terminal.choice(options)
        return survey(platform, project, options, inspection.root or Path.cwd(), choose, log.ran)


def _trial(
    project: Project,
    planned: Planned,
    problems: Sequence[Problem],
    options: Options,
    platform: Platform,
    remote: Remote,
    terminal: Terminal,
    log: Log,
) -> tuple[Project, Sequence[Problem]]:
    """The project with what a trial of the site has shown, and what would fail in production."""
    if problems or not options.trial:
        return project, ()
    from .trial import trial

    with terminal.working(f"Load the site the way {platform.name} will"):
        tried, failed = trial(project, planned.contents, options, platform, remote, log.ran)
    asked = {name: Variable(name=name, place=place, needed="yes") for name, place in tried.variables}
    asked |= {one.name: replace(one, needed="yes") for one in project.variables if one.name in asked}
    known = [variable for variable in project.variables if variable.name not in asked]
    project = replace(project, tried=tried, variables=(*known, *asked.values()))
    if "static files" in tried.tried:
        project = _with_static(project, tried.static_names)
    return project, failed


def _with_static(project: Project, names: StaticNames) -> Project:
    return replace(project, settings=replace(project.settings, static_names=names))


def _static_names(project: Project, platform: Platform) -> StaticNames:
    """What an earlier run found; what is not tried keeps it."""
    raw = project.files.get(project.settings.path) or b""
    try:
        return static_names(settings_file.block(decode(raw, python=True)[0], platform.id))
    except (ValueError, SyntaxError, LookupError):
        return "plain"  # The plan reports a block or a file that cannot be read.


def _tried(
    repository: Repository, project: Project, planned: Planned, again: Callable[[Project], Planned], log: Log
) -> tuple[Project, Planned, Sequence[Problem]]:
    """The project with what Git ignores, its plan and problems, once Git has tried the commit.

    What it ignores is committed with force, or refused.
    """
    tried = try_commit(repository, planned.contents, planned.staged, force=False, record=log.ran)
    if not tried.ignored:
        return project, planned, tried.problems
    project = replace(project, git=replace(project.git, ignored=tried.ignored))
    planned = again(project)
    tried = try_commit(repository, planned.contents, planned.staged, force=planned.force, record=log.ran)
    return project, planned, (*planned.problems, *tried.problems)


def _deployment_problems(
    project: Project, planned: Planned, remote: Remote, options: Options, platform: Platform, log: Log
) -> list[Problem]:
    """What stands in the way of the commit, the push and the question before them."""
    problems = identity_problems(project.root, log.ran) if planned.staged else []
    if planned.staged and project.git.branch is None:
        problems.append(errors.detached_head())
    pushes = not platform.deploys_folder and not project.git.shallow
    newer = remote.deployed if pushes and remote.deployed != project.git.head else None
    contained = contains(project.root, newer, log.ran) if newer else True
    if isinstance(contained, Problem):
        problems.append(contained)
    elif newer and not contained:
        problems.append(errors.newer_deployed(platform=platform.name, commit=newer))
    if _asks(planned.plan, options) and not Terminal.interactive():
        problems.append(errors.no_terminal())
    return problems


def _asks(planned: Plan, options: Options) -> bool:
    """Whether the run needs the user's consent: not if nothing will be changed or created.

    One that only writes files asks where someone is there to answer; what it writes, --undo takes back.
    """
    if options.yes or options.dry_run:
        return False
    if options.automate_all:
        return bool(planned.changes or planned.pending)
    return bool(planned.changes) and Terminal.interactive()


def _consent(planned: Plan, options: Options, terminal: Terminal) -> None:
    question = "Go ahead?" if options.automate_all else "Write these files?"
    if _asks(planned, options) and not terminal.confirm(question):
        raise stops.Declined


def _apply(writer: Writer, planned: Plan, log: Log) -> None:
    for change in planned.changes:
        log.write(f"{change.kind} {change.path}: {change.why}")
    if planned.changes:
        apply(writer, planned.changes)


def _deploy(
    writer: Writer, planned: Plan, options: Options, platform: Platform, terminal: Terminal, log: Log
) -> Outcome:
    from .deploy import Watcher, deploy, site_address
    from .verify import verify

    done = deploy(planned, writer.root, terminal, log, noting(writer, log))
    try:
        url = site_address(planned, writer.root, log)
        if url:
            watcher = Watcher(planned.watch, writer.root, log)
            with terminal.working(f"Wait until {url} answers") as heard:
                seen = verify(url, seconds=options.wait, report=heard, has_crashed=watcher.has_crashed)
                if seen:
                    logs = filled(platform.guide.logs.commands[0], planned.placeholders)
                    last, crashed = watcher.last_lines(), watcher.crashed
                    raise stops.SiteSilent(url, seen, options.wait, logs, log.name, crashed=crashed, last=last)
    except KeyboardInterrupt as error:
        raise stops.Interrupted(stops.INTERRUPTED_VERIFY) from error
    return Outcome(status="deployed", plan=planned, done=done, url=url, log=log.name)
