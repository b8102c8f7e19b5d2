"""What exists on Fly.io: answers of flyctl → Remote. Fly.io tells nobody the value of a secret."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ..contract import Ask, Choose, Options, Problem, Project, Remote
from . import databases, regions
from .answers import Stop, answers
from .project import app_name, configuration

# What the image of a commit is labelled with.
COMMIT = "commit-"
# The secrets that the settings block reads.
SECRETS = ("SECRET_KEY", "DATABASE_URL")

Json = dict[str, Any]


def survey(ask: Ask, choose: Choose, project: Project, options: Options, known: Remote) -> Remote:
    """Organization, app, region, database, the names of secrets, and which commit runs."""
    known = replace(known, app=app_name(project, options))
    try:
        apps, organizations = answers(ask, ("apps", "list"), ("orgs", "list"))
        app = next((app for app in apps if app["Name"] == known.app), None)
        organization = _organization(choose, options, organizations, app)
        known = replace(known, exists=app is not None, facts={"organization": organization})
        if options.destroy:
            return databases.to_destroy(ask, known, apps)
        if app:
            known = _with_app(ask, known, app)
        known = _with_region(ask, project, options, known)
        return databases.surveyed(ask, options, known, apps)
    except Stop as stop:
        return replace(known, problems=(stop.problem,))


def _organization(choose: Choose, options: Options, organizations: dict[str, str], app: Json | None) -> str:
    """That of the app; else the user's choice, or the only one."""
    slugs, wanted = sorted(organizations), options.organization
    if app:
        own = str(app["Organization"]["Slug"])
        if wanted in (None, own):
            return own
        found = f"The app {app['Name']} belongs to the organization {own}, not to {wanted}."
        remedy = "Leave --org out, or choose another name: --deployed-project-name NAME"
        raise Stop(Problem(code="fly-other-organization", found=found, remedy=remedy))
    if wanted is None:
        picked = slugs[0] if len(slugs) == 1 else choose("Which organization on Fly.io is the app for?", slugs)
    else:
        picked = wanted if wanted in slugs else None
    if picked is None:
        found = f"no organization {wanted}" if wanted else "several organizations, and nobody says which one to use"
        remedy = f"Choose one of: {', '.join(f'--org {slug}' for slug in slugs)}"
        raise Stop(Problem(code="fly-organization", found=f"Your account on Fly.io has {found}.", remedy=remedy))
    return picked


def _with_app(ask: Ask, known: Remote, app: Json) -> Remote:
    """What the app has and runs. One that was never deployed has no machines to ask about."""
    of_app = ("--app", str(known.app))
    questions = (("secrets", "list", *of_app), *((("status", *of_app),) if app["Deployed"] else ()))
    secrets, *status = answers(ask, *questions)
    machines = [machine for answer in status for machine in answer["Machines"] or []]
    staged = [secret["name"] for secret in secrets if secret["name"] in SECRETS and secret["status"] != "Deployed"]
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
        what = " for a managed database" if options.region in {region["code"] for region in places} else ""
        found = f'Fly.io has no region "{options.region}"{what}.'
        remedy = f"Choose one of: {', '.join(f'--region {code}' for code in codes)}"
        see = "https://fly.io/docs/reference/regions/"
        raise Stop(Problem(code="fly-region-unknown", found=found, remedy=remedy, see=see))
    given = options.region or configuration(project).get("primary_region") or known.facts.get("runs in")
    region = str(given or regions.nearest(usable, options.now))
    return replace(known, facts={**known.facts, "region": region, "chosen": "" if given else "yes"})
