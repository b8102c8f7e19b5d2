"""READ FIRST: the stages of a run, in order.

Around all of them, `sole_run` makes sure that the run is the only one in the project, and that no files are
half-written. Everything before `_written` only reads. What the run will do is one value, `Plan`; all problems that are
found before it are reported together.
"""

from __future__ import annotations

from dataclasses import replace

from . import platform_choice, platforms, receipt
from .apply import apply
from .contract import Choose, Platform
from .draft import Draft, Run, asks, checked, committed, drafted, inspected, locked
from .effects.log import Log
from .effects.terminal import Terminal
from .inspect import root_above
from .loaded import loaded
from .messages import errors, stops
from .model import Ending, Options, Outcome, Plan, Purpose
from .receipt import Writer, completed, noting
from .sole_run import sole_run
from .text.shell import filled


def choose_platform(options: Options, choose: Choose = lambda question, names: None) -> Platform:
    """The platform that the user named, the only one installed, or the one picked. Raises Refused, or Declined."""
    return platforms.load(options.platform or platform_choice.picked(choose))


def execute(options: Options, platform: Platform, terminal: Terminal, log: Log) -> Outcome:
    """One whole run. Raises stops.Stop for every foreseeable early end."""
    run = Run(platform=platform, terminal=terminal, log=log)
    with sole_run(options, terminal, log):
        try:
            draft = inspected(options, run)
            draft = drafted(draft, run)
            draft = locked(draft, run)
            draft = committed(draft, run)
            draft = loaded(draft, run)
            plan = checked(draft, run)
            _agreed(plan, draft, run)
        except KeyboardInterrupt as error:
            raise stops.Interrupted(stops.INTERRUPTED_BEFORE) from error
        if options.dry_run:
            return Outcome(status="previewed", plan=plan)
        writer = _written(plan, draft, run)
        return _online(plan, draft, writer, run)


def take_back(options: Options, terminal: Terminal, log: Log) -> Ending:
    """--undo or --destroy. Raises stops.Stop for every foreseeable early end."""
    root = root_above(options.manage_py.parent)
    if root is None:
        raise stops.Refused([errors.no_repository(folder=str(options.manage_py.parent))])
    with sole_run(options, terminal, log):
        if options.purpose is Purpose.UNDO:
            from .undo import undo

            return undo(root, options, terminal, log)
        from .destroy import destroy

        return destroy(root, options, terminal, log)


def look(options: Options, terminal: Terminal, log: Log) -> Ending:
    """`status`, `logs` or `open`: only reads. Raises stops.Stop for every foreseeable early end."""
    from .deployed import deployed

    options = replace(options, dry_run=True)
    with sole_run(options, terminal, log):
        return deployed(options, terminal, log)


def _agreed(plan: Plan, draft: Draft, run: Run) -> None:
    """Show the plan, and ask for consent if it is needed. Raises Declined."""
    options, asking = draft.options, asks(plan, draft.options)
    if options.dry_run or options.deploys or asking:
        from .preview import preview

        run.terminal.show(preview(plan, brief=options.brief))
    question = "Go ahead?" if options.deploys else "Write these files?"
    if asking and not run.terminal.confirm(question):
        raise stops.Declined


def _written(plan: Plan, draft: Draft, run: Run) -> Writer:
    """Write the files, all or none; the returned writer records the run."""
    branch, when = draft.project.git.branch, draft.options.now
    begun = receipt.begun(*("deploy", when, plan.platform, plan.app, branch), app_id=plan.app_id, account=plan.account)
    writer = Writer(draft.project.root, begun)
    for change in plan.changes:
        run.log.write(f"{change.kind} {change.path}: {change.why}")
    if plan.changes:
        apply(writer, plan.changes)
    return writer


def _online(plan: Plan, draft: Draft, writer: Writer, run: Run) -> Outcome:
    """Run the steps, and wait until the site answers; skipped in a run that only configures."""
    log = run.log
    if not draft.options.deploys:
        return Outcome(status="configured", plan=plan, log=log.name)
    from .deploy import deploy, site_address

    done = deploy(plan, writer.root, run.terminal, log, noting(writer, log))
    if done:
        completed(writer, log)
    try:
        url = site_address(plan, writer.root, log)
        if url:
            _answers(url, plan, draft, run)
    except KeyboardInterrupt as error:
        raise stops.Interrupted(stops.INTERRUPTED_VERIFY) from error
    return Outcome(status="deployed", plan=plan, done=done, url=url, log=log.name)


def _answers(url: str, plan: Plan, draft: Draft, run: Run) -> None:
    """Wait until the site answers. Raises SiteSilent."""
    from .deploy import Watcher
    from .verify import verify

    watcher = Watcher(plan.watch, draft.project.root, run.log)
    with run.terminal.working(f"Wait until {url} answers") as heard:
        seen = verify(url, seconds=draft.options.wait, report=heard, has_crashed=watcher.has_crashed)
        if seen:
            how = run.platform.guide.logs
            logs = filled(how.commands[0], plan.placeholders) if how else ""
            last, crashed = watcher.last_lines(), watcher.crashed
            raise stops.SiteSilent(url, seen, draft.options.wait, logs, run.log.name, crashed=crashed, last=last)
