"""What exists on Fly.io: answers of flyctl → Remote. Fly.io tells no one the value of a secret."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ..contract import Ask, Choose, Options, Project, Remote
from . import databases, problems, regions
from .answers import Stop, answers
from .identity import found
from .label import COMMIT
from .project import configuration

# The secrets that the settings block reads.
SECRETS = ("SECRET_KEY", "DATABASE_URL")

Json = dict[str, Any]


def survey(ask: Ask, choose: Choose, project: Project, options: Options, known: Remote) -> Remote:
    """Organization, app, region, database, the names of secrets, and which commit runs."""
    try:
        apps, organizations = answers(ask, ("apps", "list"), ("orgs", "list"))
        app = next((app for app in apps if app["Name"] == known.app), None)
        organization = _organization(choose, options, organizations, app)
        known = replace(known, exists=app is not None, facts={"organization": organization})
        known = replace(known, id=found(ask, app, project, known)) if app else known
        if options.destroy:
            return databases.to_destroy(ask, known, apps)
        if app:
            known = _with_app(ask, known, app)
        known = _with_region(ask, project, options, known)
        ours = project.claim is not None or options.adopt
        return databases.surveyed(ask, options, known, apps, ours=ours)
    except Stop as stop:
        return replace(known, problems=(stop.problem,))


def _organization(choose: Choose, options: Options, organizations: dict[str, str], app: Json | None) -> str:
    """That of the app; else the user's choice, or the only one."""
    slugs, wanted = sorted(organizations), options.organization
    if app:
        own = str(app["Organization"]["Slug"])
        if wanted in (None, own):
            return own
        raise Stop(problems.other_organization(str(app["Name"]), own, str(wanted)))
    if wanted is not None and wanted not in slugs:
        raise Stop(problems.unknown_organization(wanted, slugs))
    chosen = wanted or (slugs[0] if len(slugs) == 1 else choose("Which Fly.io organization should own the app?", slugs))
    if chosen is None:
        raise Stop(problems.which_organization(slugs))
    return chosen


def _with_app(ask: Ask, known: Remote, app: Json) -> Remote:
    """What the app has and runs. One that was never deployed has no machines to ask about."""
    of_app = ("--app", str(known.app))
    questions = (("secrets", "list", *of_app), *((("status", *of_app),) if app["Deployed"] else ()))
    secrets, *status = answers(ask, *questions)
    machines = [machine for answer in status for machine in answer["Machines"] or []]
    waiting = {secret["name"] for secret in secrets if secret["status"] in ("Staged", "Partial")}
    staged = [name for name in SECRETS if name in waiting]
    runs_in = next((str(machine["region"]) for machine in machines), "")
    return replace(
        known,
        variables=frozenset(secret["name"] for secret in secrets),
        deployed=_commit(machines) if _succeeded(app) else None,
        facts={**known.facts, "staged": ", ".join(staged), "runs in": runs_in},
    )


def _succeeded(app: Json) -> bool:
    """Whether the last release came to a good end: a machine whose new version crashed has stopped, too."""
    release = app.get("CurrentRelease") or {}
    return release.get("Status") in ("complete", "succeeded")


def _commit(machines: Sequence[Json]) -> str | None:
    """The commit whose image every machine runs, and runs well."""
    tags = {str(machine["image_ref"].get("tag")) for machine in machines}
    if len(tags) != 1 or not all(map(_is_well, machines)):
        return None
    tag = tags.pop()
    return tag.removeprefix(COMMIT) if tag.startswith(COMMIT) else None


def _is_well(machine: Json) -> bool:
    """A machine that sleeps for want of visitors is well; a started one if all its checks pass."""
    if machine["state"] in ("stopped", "suspended"):
        return True
    checks = machine.get("checks") or []
    return machine["state"] == "started" and all(check["status"] == "passing" for check in checks)


def _with_region(ask: Ask, project: Project, options: Options, known: Remote) -> Remote:
    """The user's region, else that of the app, else the nearest one."""
    [places] = answers(ask, ("platform", "regions"))
    usable = regions.usable(places, managed=databases.kind(options, known) == databases.MANAGED)
    codes = [str(region["code"]) for region in usable]
    if options.region and options.region not in codes:
        raise Stop(problems.unknown_region(options.region, codes))
    given = options.region or configuration(project).get("primary_region") or known.facts.get("runs in")
    region = str(given or regions.nearest(usable, options.now))
    return replace(known, facts={**known.facts, "region": region, "chosen": "" if given else "yes"})
