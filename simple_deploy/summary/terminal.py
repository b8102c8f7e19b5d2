"""The last lines on the terminal: Outcome → lines. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..contract import Guide, Platform
from ..model import Line, Outcome, Plan
from ..platforms import ships
from ..preview import NOT_WORKING, remaining, told, total
from ..text.shell import filled, pasted, way_up


def closing(outcome: Outcome, platform: Platform, rehearse: Sequence[str]) -> list[Line]:
    """The last lines of a run. `rehearse` is the start of the command that rehearses a project, if it is available."""
    if outcome.status == "previewed":
        return [Line(text="This was a dry run: nothing was changed.", role="new")]
    if outcome.status == "configured":
        return list(_configured(outcome, platform, rehearse))
    return list(_deployed(outcome, platform))


def _configured(outcome: Outcome, platform: Platform, rehearse: Sequence[str]) -> Iterator[Line]:
    plan, cli = outcome.plan, platform.cli
    if plan.changes:
        paths = ", ".join(change.path for change in plan.changes)
        yield Line(text=f"Your project is configured for {platform.name}: {paths}.", role="new")
    else:
        yield Line(text=f"Your project was already configured for {platform.name}; no files were changed.", role="new")
    for title, texts in told(plan):
        yield from _listed(title, texts)
    yield Line()
    yield Line(text="Review the changes (git diff), then run these commands in this order to bring the site online.")
    yield Line(text="Run them in the folder that contains manage.py.")
    yield Line(text=f"They need the {platform.name} CLI ({cli.see}), logged in with {cli.login}")
    yield from (Line(text=line, role="command") for line in remaining(plan).split("\n"))
    yield Line()
    yield Line(text=f"Total cost: {total(plan)}, for as long as the app exists.")
    yield Line(text="Or run the same command with --automate-all to have simple_deploy do all of this.")
    if rehearse and ships(plan.platform):
        yield from _rehearsal(plan, rehearse)
    if plan.changes:
        yield Line(text="To revert the changes: the same command with --undo")
    yield from _files(outcome)


def _rehearsal(plan: Plan, rehearse: Sequence[str]) -> Iterator[Line]:
    """How to try the deployment without an account. Emulators exist for the platforms that come with simple_deploy."""
    root = way_up(plan.placeholders["manage_py"].count("/"))
    uv = " (this needs uv)" if rehearse[0] == "uvx" else ""
    yield Line(text=f"To try the deployment on this machine first, without an account{uv}:")
    yield Line(text=f"  {pasted([*rehearse, root, '--platform', plan.platform, '--keep'])}", role="command")


def _listed(title: str, texts: Sequence[str]) -> Iterator[Line]:
    if texts:
        yield Line()
        yield Line(text=f"{title}:")
        yield from (Line(text=f"  - {text}", hang=4) for text in texts)


def _deployed(outcome: Outcome, platform: Platform) -> Iterator[Line]:
    plan, texts = outcome.plan, platform.guide
    yield Line(text=f"Your project is online: {outcome.url}", role="new")
    yield Line()
    if plan.changes:
        yield Line(text=f"Changed and committed: {', '.join(change.path for change in plan.changes)}")
    for step in plan.steps:
        if step.id in outcome.done and step.creates:
            yield Line(text=f"Created: {step.creates}{f' - {step.cost.text}' if step.cost else ''}")
    if not outcome.done:
        yield Line(text="Nothing had to be created, set or pushed: everything was already in place.")
    yield from _listed(NOT_WORKING, plan.not_working)
    stop = f" To stop paying: {filled(texts.destroy, plan.placeholders)}" if texts.destroy else ""
    yield Line(text=f"Cost: {total(plan)}.{stop}", role="command")
    if texts.redeploy:
        yield Line()
        yield Line(text="After your next change:")
    for command in texts.redeploy.commands if texts.redeploy else ():
        yield Line(text=f"  {filled(command, plan.placeholders)}", role="command")
    yield from _useful(outcome, texts)
    with_host = [text for text in plan.still_to_do(outcome.host) if text not in plan.not_done]
    yield from _listed("Still to do", with_host)
    yield from _files(outcome)


def _useful(outcome: Outcome, texts: Guide) -> Iterator[Line]:
    ways = {
        "the site's log": texts.logs,
        "a shell": texts.console,
        "an admin user": texts.superuser if outcome.plan.has_users else None,
        "a setting": texts.variable,
    }
    known = {what: how.commands[how.shown] for what, how in ways.items() if how}
    if known:
        yield Line(text="Useful:")
    for what, command in known.items():
        yield Line(text=f"  {what + ':':<16}{filled(command, outcome.plan.placeholders)}", role="command")


def _files(outcome: Outcome) -> Iterator[Line]:
    if outcome.log:
        yield Line()
        yield Line(text=f"The log of this run: {outcome.log}")
    if outcome.page:
        yield Line(text=f"Summary page with all of this and more: {outcome.page}")
