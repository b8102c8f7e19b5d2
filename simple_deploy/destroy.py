"""--destroy: removes the app that one of our runs created, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from . import platforms, receipt
from .contract import Platform, Remote, Site
from .deploy import deploy
from .effects.log import Log
from .effects.terminal import Terminal
from .inspect import branch, inspect, whichever
from .messages import errors, stops
from .model import Claim, Created, Ending, Options, Plan, Problem
from .receipt import Runs, Writer, noting, standing
from .survey import asker, find
from .text.shell import filled, shown


def destroy(root: Path, options: Options, terminal: Terminal, log: Log) -> Ending:
    """Remove the app after showing what goes with it and having its name typed in.

    Only an app that was created by a run according to the receipt. The platform is asked whether it still exists.
    Raises Refused, Declined, StepFailed or Interrupted.
    """
    runs = receipt.load(root)
    platform = _platform(options, runs)
    inspection = inspect(options, platform.reads, log.ran, choose=whichever)
    if inspection.project is None or inspection.problems:
        raise stops.Refused(inspection.problems)
    claim = _claim(options, platform, runs, receipt.name(root))
    project, app = replace(inspection.project, claim=claim), claim.app
    options_here = replace(options, app_name=None)
    remote = find(platform, project, options_here, root, log.ran)
    problems = remote.problems or _doubts(claim, remote, platform, _manual(app, platform))
    if problems:
        raise stops.Refused(problems)
    things = [thing for thing in standing(runs) if (thing.platform, thing.app) == (platform.id, app)]
    made = [thing.created for thing in things if thing.certain]
    site = Site(project=project, options=options_here, remote=remote)
    steps = platform.destroy(asker(root, log.ran), site, made)
    plan = Plan(
        platform=platform.id,
        platform_name=platform.name,
        placeholders={"app": app},
        changes=(),
        steps=steps,
        account=remote.account,
    )
    terminal.say(_shown(plan, made))
    if not options.dry_run:
        if steps:
            _consent(app, options, terminal)
        _carry_out(plan, root, options, terminal, log)
    return _ending(plan, options, log)


def _platform(options: Options, runs: Runs) -> Platform:
    """The platform that the user named, else the one of the last run."""
    known = platforms.installed()
    named = options.platform or next((run.platform for run in reversed(runs) if run.platform in known), None)
    return platforms.load(named or platforms.only())


def _claim(options: Options, platform: Platform, runs: Runs, recorded: str) -> Claim:
    """The app that the user named, else the last one created. Raises Refused unless a run created it and recorded the
    platform's own ID of it.
    """
    apps = [thing for thing in standing(runs) if thing.platform == platform.id and thing.created.kind == "app"]
    if options.app_name:
        apps = [thing for thing in apps if thing.app == options.app_name]
    certain = [thing for thing in apps if thing.certain]
    name = (certain or apps)[-1].app if apps else options.app_name
    manual = _manual(name or "NAME", platform)
    if name is None or not apps:
        raise stops.Refused([errors.no_created_app(recorded, name, manual)])
    if not certain:
        raise stops.Refused([errors.uncertain_app(path=recorded, app=name, manual=manual)])
    if not certain[-1].app_id:
        raise stops.Refused([errors.unidentified_app(path=recorded, app=name, manual=manual)])
    return Claim(app=name, id=certain[-1].app_id, account=certain[-1].account or "", said_by=recorded)


def _manual(app: str, platform: Platform) -> str:
    """The platform's own command that removes an app."""
    return filled(platform.guide.destroy, defaultdict(lambda: app)) or f"on {platform.name} itself"


def _doubts(claim: Claim, remote: Remote, platform: Platform, manual: str) -> tuple[Problem, ...]:
    """Reasons to doubt that the app found is the one a run created, or that a missing one is really gone."""
    if remote.exists and remote.id != claim.id:
        return (
            errors.another_app(path=claim.said_by, app=claim.app, recorded=claim.id, found=remote.id, manual=manual),
        )
    if remote.exists and remote.app != claim.app:
        return (
            errors.another_name(
                path=claim.said_by, app=claim.app, app_id=claim.id, name=platform.name, found=str(remote.app)
            ),
        )
    if not remote.exists and claim.account not in ("", remote.account):
        return (errors.another_account(app=claim.app, recorded=claim.account, account=str(remote.account)),)
    return (errors.name_taken(name=platform.name, app=claim.app),) if remote.taken else ()


def _shown(plan: Plan, made: Sequence[Created]) -> str:
    if not plan.steps:
        return f"{plan.platform_name} shows no app {plan.app} on the account {plan.account}, so nothing was removed."
    lines = [f"This will be permanently deleted from {plan.platform_name}, including all data:"]
    lines += [f"  {thing.kind} {thing.name}" for thing in made]
    lines.append("with this command:" if len(plan.steps) == 1 else "with these commands:")
    return "\n".join([*lines, *(f"  {shown(step.argv)}" for step in plan.steps)])


def _consent(app: str, options: Options, terminal: Terminal) -> None:
    if options.yes and options.app_name == app:
        return
    if options.yes or not Terminal.interactive():
        raise stops.Refused([errors.destroy_needs_name(app=app)])
    if terminal.typed(f"Type the app's name to remove it ({app}):") != app:
        raise stops.Declined


def _carry_out(plan: Plan, root: Path, options: Options, terminal: Terminal, log: Log) -> None:
    writer = Writer(root, receipt.begun("destroy", options.now, plan.platform, plan.app, branch(root, log.ran)))
    if plan.steps:
        deploy(plan, root, terminal, log, noting(writer, log))
    else:
        writer.files("none")


def _ending(plan: Plan, options: Options, log: Log) -> Ending:
    if options.dry_run:
        status, text = "previewed", "This was a dry run: nothing was changed."
    elif plan.steps:
        status, text = "destroyed", f"The app {plan.app} is deleted and costs nothing from now on."
    else:
        status, text = "destroyed", f"The app {plan.app} was removed from the record of earlier runs."
    if not options.dry_run:
        text += "\nThe project's files were not changed; python -m simple_deploy --undo reverts them."
    state = "planned" if options.dry_run else "done"
    return Ending(
        text=text,
        json={
            "status": status,
            "platform": plan.platform,
            "app": plan.app,
            "log": log.name,
            "steps": [
                {"id": step.id, "title": step.title, "argv": list(map(str, step.argv)), "state": state}
                for step in plan.steps
            ],
            "error": None,
        },
    )
