"""What exists on Fly.io: answers of flyctl → Remote. Fly.io never reveals the value of a secret."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from simple_deploy.contract import Ask, Choose, Remote, Site

from . import databases, fly_toml, regions, texts
from .answers import Stop, answers
from .databases import noted, of
from .identity import COMMIT, found

# The secrets that the settings block reads.
SECRETS = ("SECRET_KEY", "DATABASE_URL")

Json = dict[str, Any]


def find(ask: Ask, site: Site) -> Remote:
    """The app, and whether the database that a run creates for it exists."""
    try:
        apps, organizations = answers(ask, ("apps", "list"), ("orgs", "list"))
        known = _known(ask, site, apps, _only(site, organizations))
    except Stop as stop:
        return replace(site.remote, problems=(stop.problem,))
    return noted(known, made=databases.name_of(site.app) in {app["Name"] for app in apps})


def survey(ask: Ask, choose: Choose, site: Site) -> Remote:
    """Organization, app, region, database, the names of secrets, and the deployed commit."""
    try:
        apps, organizations = answers(ask, ("apps", "list"), ("orgs", "list"))
        app = _called(site, apps)
        organization = _own(site, app) if app else _chosen(choose, site, organizations)
        site = replace(site, remote=_known(ask, site, apps, organization))
        if app:
            site = replace(site, remote=_with_app(ask, site, app))
        site = replace(site, remote=_with_region(ask, site))
        return databases.surveyed(ask, site, apps)
    except Stop as stop:
        return replace(site.remote, problems=(stop.problem,))


def _called(site: Site, apps: Sequence[Json]) -> Json | None:
    return next((app for app in apps if app["Name"] == site.app), None)


def _known(ask: Ask, site: Site, apps: Sequence[Json], organization: str) -> Remote:
    app = _called(site, apps)
    if app is None:
        return noted(site.remote, organization=organization)
    known = noted(replace(site.remote, exists=True), organization=_own(site, app))
    return replace(known, id=found(ask, app, site.project, known))


def _own(site: Site, app: Json) -> str:
    """The organization of the existing app."""
    own, wanted = str(app["Organization"]["Slug"]), site.options.organization
    if wanted not in (None, own):
        raise Stop(texts.other_organization(app=site.app, own=own, wanted=wanted))
    return own


def _only(site: Site, organizations: dict[str, str]) -> str:
    """The user's choice, or the only one; "" if there are several."""
    return site.options.organization or (next(iter(organizations)) if len(organizations) == 1 else "")


def _chosen(choose: Choose, site: Site, organizations: dict[str, str]) -> str:
    """The same, prompting the user if necessary."""
    slugs, wanted = sorted(organizations), site.options.organization
    if wanted is not None and wanted not in slugs:
        raise Stop(texts.unknown_organization(name=wanted, known=slugs))
    chosen = _only(site, organizations) or choose("Which Fly.io organization should own the app?", slugs)
    if chosen is None:
        raise Stop(texts.which_organization(known=slugs))
    return chosen


def _with_app(ask: Ask, site: Site, app: Json) -> Remote:
    """What the app has and runs. An app that was never deployed has no machines to ask about."""
    known, of_app = site.remote, ("--app", site.app)
    questions = (("secrets", "list", *of_app), *((("status", *of_app),) if app["Deployed"] else ()))
    secrets, *status = answers(ask, *questions)
    machines = [machine for answer in status for machine in answer["Machines"] or []]
    waiting = {secret["name"] for secret in secrets if secret["status"] in ("Staged", "Partial")}
    runs_in = next((str(machine["region"]) for machine in machines), "")
    known = replace(
        known,
        variables=frozenset(secret["name"] for secret in secrets),
        deployed=_commit(machines) if _succeeded(app) else None,
    )
    return noted(known, staged=bool(waiting.intersection((*SECRETS, *site.options.values))), runs_in=runs_in)


def _succeeded(app: Json) -> bool:
    """Whether the last release succeeded: a machine whose new version crashed has stopped, too."""
    release = app.get("CurrentRelease") or {}
    return release.get("Status") in ("complete", "succeeded")


def _commit(machines: Sequence[Json]) -> str | None:
    """The commit whose image every machine runs in a healthy state."""
    tags = {str(machine["image_ref"].get("tag")) for machine in machines}
    if len(tags) != 1 or not all(map(_is_well, machines)):
        return None
    tag = tags.pop()
    return tag.removeprefix(COMMIT) if tag.startswith(COMMIT) else None


def _is_well(machine: Json) -> bool:
    """Whether a machine is healthy: suspended for lack of visitors, or started with all its checks passing."""
    if machine["state"] in ("stopped", "suspended"):
        return True
    checks = machine.get("checks") or []
    return machine["state"] == "started" and all(check["status"] == "passing" for check in checks)


def _with_region(ask: Ask, site: Site) -> Remote:
    """The user's region, else that of the app, else the nearest one."""
    [places] = answers(ask, ("platform", "regions"))
    usable = regions.usable(places, managed=databases.kind(site) == databases.MANAGED)
    codes, wanted = [str(region["code"]) for region in usable], site.options.region
    if wanted and wanted not in codes:
        raise Stop(texts.unknown_region(region=wanted, codes=codes))
    given = wanted or fly_toml.of(site.project).get("primary_region") or of(site.remote).runs_in
    return noted(site.remote, region=str(given or regions.nearest(usable, site.options.now)), chosen=not given)
