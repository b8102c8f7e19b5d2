"""The closing words on the terminal: Outcome → fewer than 25 lines. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Outcome
from ..platforms.contract import Platform
from ..preview import remaining, total
from ..shell import filled


def closing(outcome: Outcome, platform: Platform) -> str:
    """The closing words of a run."""
    lines = {"configured": _configured, "deployed": _deployed, "previewed": _previewed}[outcome.status]
    return "\n".join(lines(outcome, platform))


def _previewed(outcome: Outcome, platform: Platform) -> Iterator[str]:
    yield "This was a dry run: nothing was changed."


def _configured(outcome: Outcome, platform: Platform) -> Iterator[str]:
    plan = outcome.plan
    if plan.changes:
        yield f"Your project is configured for {platform.name}: {', '.join(c.path for c in plan.changes)}."
    else:
        yield f"Your project was configured for {platform.name} already; no file was changed."
    yield ""
    yield "These commands bring it online. Look at the changes first (git diff), then run them in this order:"
    yield ""
    yield remaining(plan)
    yield ""
    yield f"Together it costs {total(plan)}, for as long as the app exists."
    yield "Or let simple_deploy do all of it: add --automate-all to the command."
    yield from _files(outcome)


def _deployed(outcome: Outcome, platform: Platform) -> Iterator[str]:
    plan, texts = outcome.plan, platform.texts
    yield f"Your project is online: {outcome.url}"
    yield ""
    if plan.changes:
        yield f"Changed and committed: {', '.join(change.path for change in plan.changes)}"
    for step in plan.steps:
        if step.id in outcome.done and step.creates:
            yield f"Created: {step.creates}{f' - {step.cost.text}' if step.cost else ''}"
    if not outcome.done:
        yield "Nothing had to be created, set or pushed: all of it was there already."
    stop = filled(texts.destroy, plan.words)
    yield f"Cost: {total(plan)}. To stop paying: {stop}"
    yield ""
    yield "After your next change:"
    for command in texts.redeploy.commands:
        yield f"  {filled(command, plan.words)}"
    yield "Useful:"
    for what, how in (
        ("the site's log", texts.logs),
        ("a shell", texts.console),
        ("an admin user", texts.superuser),
        ("a setting", texts.variable),
    ):
        yield f"  {what + ':':<16}{filled(how.commands[0], plan.words)}"
    yield from _files(outcome)


def _files(outcome: Outcome) -> Iterator[str]:
    if outcome.log:
        yield ""
        yield f"The log of this run: {outcome.log}"
    if outcome.page:
        yield f"All of this, and what else is worth knowing, on one page: {outcome.page}"
