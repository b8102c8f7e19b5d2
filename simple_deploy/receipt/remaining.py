"""What exists on the platforms according to the receipt. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..model import Claim, Created
from .records import Run, Runs


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Standing:
    """One thing that exists on the platform according to the receipt; `certain` if the step that creates it succeeded.

    `app_id` is the platform's own ID of its app, and `account` the one logged in; None if no run knew it.
    """

    platform: str
    app: str
    created: Created
    certain: bool
    app_id: str | None = None
    account: str | None = None


def standing(runs: Runs) -> tuple[Standing, ...]:
    """What steps were to create and no --destroy has removed, the oldest first."""
    found: dict[tuple[str, str, str, str], Standing] = {}
    for run in _lasting(runs):
        for step in run.steps:
            for created in step.created:
                key = (run.platform, run.app, created.kind, created.name)
                certain = step.state == "done" or (key in found and found[key].certain)
                found[key] = Standing(platform=run.platform, app=run.app, created=created, certain=certain)
    return tuple(_identified(thing, _lasting(runs)) for thing in found.values())


def claim(runs: Runs, platform: str, said_by: str) -> Claim | None:
    """The app of the last deployment to the platform, unless it was destroyed: an ID, or a step that created it."""
    things = [thing for thing in standing(runs) if thing.platform == platform and thing.created.kind == "app"]
    created = {thing.app for thing in things if thing.certain}
    for run in reversed(_lasting(runs)):
        if run.kind == "deploy" and run.platform == platform and (run.app_id or run.app in created):
            return Claim(app=run.app, id=run.app_id or "", account=run.account or "", said_by=said_by)
    return None


def began(runs: Runs, platform: str, app: str) -> bool:
    """Whether runs in this folder began to deploy to that app and never knew its ID: it may not exist yet."""
    of_app = [run for run in _lasting(runs) if (run.kind, run.platform, run.app) == ("deploy", platform, app)]
    # A configuration-only run has no account.
    return any(run.account for run in of_app) and not any(run.app_id for run in of_app)


def latest(runs: Runs, platform: str, app: str, app_id: str, name: str) -> str:
    """The digest of the variable's value in the last run that set it; "" if there is none or the run failed."""
    for run in reversed(_lasting(runs)):
        set_here = {one.name: one.digest for step in run.steps for one in step.sets}
        if (run.platform, run.app) == (platform, app) and name in set_here:
            return set_here[name] if run.complete and run.app_id in (None, app_id) else ""
    return ""


def known_values(runs: Runs, platform: str, app: str | None) -> dict[str, str | None]:
    """The values that steps have set in the app, or in the one of the last run if it is None. Those of secrets are not
    recorded.
    """
    of_platform = [run for run in _lasting(runs) if run.platform == platform]
    app = app or next((run.app for run in reversed(of_platform)), None)
    steps = (step for run in of_platform if run.app == app for step in run.steps if step.state == "done")
    return {one.name: one.value for step in steps for one in step.sets}


def _lasting(runs: Runs) -> Runs:
    """The runs whose app no later run has destroyed."""
    lasting: list[Run] = []
    for run in runs:
        if run.kind == "destroy" and all(step.state == "done" for step in run.steps):
            lasting = [one for one in lasting if (one.platform, one.app) != (run.platform, run.app)]
        else:
            lasting.append(run)
    return tuple(lasting)


def _identified(thing: Standing, runs: Runs) -> Standing:
    """The same with the ID from the last run for this app."""
    known = (run for run in reversed(runs) if (run.platform, run.app) == (thing.platform, thing.app) and run.app_id)
    run = next(known, None)
    return replace(thing, app_id=run.app_id, account=run.account) if run else thing
