"""The app's database on Fly.io, and one that an earlier run created for it and did not attach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from simple_deploy.contract import Ask, Remote, Site

from .answers import Stop, answers
from .texts import foreign_database

UNMANAGED, MANAGED, NONE = KINDS = ("postgres", "managed", "none")
# The kind of a database that no run created.
OTHER = "other"
# Users that every new cluster has.
_BUILT_IN = frozenset({"postgres", "flypgadmin", "repmgr", "repluser"})

Json = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Found:
    """What only Fly.io has. `region` is the one for new machines, `chosen` by the user's clock or given; the existing
    machine `runs_in` another one. `staged` secrets wait for a deployment. `kind` is that of the app's database; one
    that is `waiting` has the app's name and is not attached to it, and `user` is the name to attach it with if the
    usual one is taken. `made` is whether the unmanaged database with the app's name exists.
    """

    organization: str = ""
    region: str = ""
    chosen: bool = False
    runs_in: str = ""
    staged: bool = False
    kind: str = ""
    waiting: bool = False
    user: str = ""
    made: bool = False


def of(remote: Remote) -> Found:
    """Fly.io's own facts; without a survey, those of a new app."""
    return remote.facts if isinstance(remote.facts, Found) else Found()


def noted(remote: Remote, **facts: Any) -> Remote:
    """The same with changes to Fly.io's own facts."""
    return replace(remote, facts=replace(of(remote), **facts))


def kind(site: Site) -> str:
    """The kind of the app's database; otherwise that of --database, or the default."""
    return of(site.remote).kind or site.options.database or UNMANAGED


def name_of(app: str | None) -> str:
    """The database that belongs to an app."""
    return f"{app}-db"


def surveyed(ask: Ask, site: Site, apps: Sequence[Json]) -> Remote:
    """What is known, with the database that the app has, or that an earlier run created for it and did not attach.

    Raises Stop if one with that name exists for something else. Before the app is known to belong to this project, no
    run can have created one for it.
    """
    known = site.remote
    if "DATABASE_URL" in known.variables:
        return _attached(ask, known, apps)
    if kind(site) == MANAGED:
        found = _managed(ask, known)
    else:
        found = _unmanaged(ask, known, apps) if kind(site) == UNMANAGED else known
    ours = known.exists or site.project.claim is not None or site.options.adopt
    if of(found).waiting and not ours:
        raise _foreign(name_of(known.app), "nothing shows that it belongs to this project")
    return found


def _attached(ask: Ask, known: Remote, apps: Sequence[Json]) -> Remote:
    """The app's own database of any kind: its secret shows that there is one, its name and location show which one."""
    name = name_of(known.app)
    if name in {app["Name"] for app in apps}:
        found = UNMANAGED
    else:
        cluster = _called_quietly(ask, known)
        found = MANAGED if cluster and known.app in {app["name"] for app in cluster["attached_apps"] or []} else OTHER
    database = "the secret DATABASE_URL" if found == OTHER else name
    return noted(replace(known, database=database), kind=found)


def _called_quietly(ask: Ask, known: Remote) -> Json | None:
    """The managed database with the app's name, if Fly.io reports it: Managed Postgres rejects old tokens."""
    try:
        [clusters] = answers(ask, listing(known))
    except Stop:
        return None
    return called(clusters, name_of(known.app))


def _unmanaged(ask: Ask, known: Remote, apps: Sequence[Json]) -> Remote:
    name = name_of(known.app)
    app = next((app for app in apps if app["Name"] == name), None)
    if app is None:
        return known
    if app["Organization"]["Slug"] != of(known).organization:
        raise _foreign(name, f"it belongs to the organization {app['Organization']['Slug']}")
    [clusters] = answers(ask, ("postgres", "list"))
    if name not in {cluster["Name"] for cluster in clusters}:
        raise _foreign(name, "it is an app, not a database")
    [users] = answers(ask, ("postgres", "users", "list", "--app", name))
    return _waiting(known, [_user(user) for user in users])


def _user(user: Json) -> str:
    return next(str(value) for key, value in user.items() if key.lower() == "username")


def _waiting(known: Remote, users: Sequence[str]) -> Remote:
    """A cluster that nothing else uses. A user left by an earlier attachment cannot be created again."""
    own = str(known.app).replace("-", "_")
    others = [user for user in users if user not in _BUILT_IN and user != own and not user.startswith(f"{own}_")]
    if others:
        raise _foreign(name_of(known.app), f"it has users that belong to other apps ({', '.join(sorted(others))})")
    names = [own, *(f"{own}_{number}" for number in range(2, len(users) + 3))]
    free = next(name for name in names if name not in users)
    return noted(known, waiting=True, user=free if free != own else "")


def _managed(ask: Ask, known: Remote) -> Remote:
    [clusters] = answers(ask, listing(known))
    cluster = called(clusters, name_of(known.app))
    if cluster is None:
        return known
    others = [str(app["name"]) for app in cluster["attached_apps"] or [] if app["name"] != known.app]
    if others:
        raise _foreign(str(cluster["name"]), f"it is attached to {', '.join(sorted(others))}")
    return noted(known, waiting=True)


def _foreign(name: str, reason: str) -> Stop:
    return Stop(foreign_database(name=name, reason=reason))


def listing(remote: Remote) -> tuple[str, ...]:
    """The command that lists the managed databases of the app's organization, without `fly` and `--json`."""
    organization = of(remote).organization
    return ("mpg", "list", *(("--org", organization) if organization else ()))


def called(clusters: Sequence[Json], name: str) -> Json | None:
    """The managed database with that name."""
    return next((cluster for cluster in clusters if cluster["name"] == name), None)


def managed_to_destroy(ask: Ask, known: Remote) -> str:
    """The ID of the managed database that runs create for this app; "" if it does not exist, "?" if that is unknown."""
    try:
        [clusters] = answers(ask, listing(known))
    except Stop:
        # Managed Postgres rejects old tokens (flyctl source); the rest can still be removed.
        return "?"
    cluster = called(clusters, name_of(known.app))
    return str(cluster["id"]) if cluster else ""
