"""The steps that give the app a database on Fly.io, and those that remove it again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from simple_deploy.contract import Argument, Ask, Cost, Created, Deferred, Query, Remote, Site, Step, facts

from .databases import MANAGED, NONE, OTHER, called, kind, listing, managed_to_destroy, name_of, of

_FACTS = facts(Path(__file__).parent)
_PLAN = _FACTS["managed database plan"].value
_UNMANAGED_COST = Cost(**_FACTS["database price"].value)
_MANAGED_COST = Cost(**_FACTS["managed database price"].value)
_DASHBOARD = "Your dashboard lists what exists: https://fly.io/dashboard"


def steps(site: Site) -> tuple[Step, ...]:
    """Create it and attach it, as far as not done yet; no steps if no database is wanted."""
    if kind(site) in (NONE, OTHER):
        return ()
    return _managed_steps(site) if kind(site) == MANAGED else _unmanaged_steps(site)


def _found(remote: Remote) -> tuple[str | None, str | None]:
    """Why the database need not be created, and why it need not be attached."""
    attached = f"found {remote.database}" if remote.database else None
    return attached or ("found, not attached to any app" if of(remote).waiting else None), attached


def _places(site: Site) -> tuple[str, ...]:
    """The options for what flyctl would ask: only people who run the command themselves can answer."""
    organization = of(site.remote).organization or site.options.organization
    region = of(site.remote).region or site.options.region
    return (*(("--org", organization) if organization else ()), *(("--region", region) if region else ()))


def _unmanaged_steps(site: Site) -> tuple[Step, ...]:
    app, name = site.app, name_of(site.app)
    created, attached = _found(site.remote)
    user = of(site.remote).user
    # All three sizes are needed, or flyctl asks for them (flyctl source, `postgres create`).
    sizes = ("--initial-cluster-size", "1", "--vm-size", "shared-cpu-1x", "--volume-size", "1")
    create = Step(
        id="create-database",
        title=f"Create the PostgreSQL database {name}",
        why="a machine's disk is not persistent. This is Fly Postgres: small and cheap, but not supported by Fly.io: "
        "updates, backups and repairs are up to you (--database managed is the alternative)",
        argv=("fly", "postgres", "create", "--name", name, *_places(site), *sizes),
        creates=f"the PostgreSQL database {name} (one machine, 1 GB)",
        makes=(Created(kind="database", name=name),),
        cost=_UNMANAGED_COST,
        already_done=created,
        private=True,
        on_failure=f"A new account needs a payment method first. {_DASHBOARD}",
    )
    attach = Step(
        id="attach-database",
        title=f"Attach the database {name} to the app",
        why="this sets the secret DATABASE_URL, which the site reads",
        argv=("fly", "postgres", "attach", name, "--app", app, *(("--database-user", user) if user else ()), "--yes"),
        already_done=attached,
        private=True,
        on_failure=f"The database must be running: fly status --app {name}",
    )
    return create, attach


def _managed_steps(site: Site) -> tuple[Step, ...]:
    app, remote, name = site.app, site.remote, name_of(site.app)
    created, attached = _found(remote)
    argv: tuple[Argument, ...] = ("fly", "mpg", "create", "--name", name, *_places(site), "--plan", _PLAN)
    create = Step(
        id="create-database",
        title=f"Create the managed PostgreSQL database {name}",
        why="a machine's disk is not persistent. Fly.io runs and backs up this database; it keeps running, and costs "
        "money, after the app is deleted",
        argv=argv,
        creates=f"the managed PostgreSQL database {name} (plan {_PLAN}, 10 GB)",
        makes=(Created(kind="managed database", name=name),),
        cost=_MANAGED_COST,
        already_done=created,
        private=True,
        timeout=1800,
        on_failure=f"A new account needs a payment method first. {_DASHBOARD}",
    )
    attach = Step(
        id="attach-database",
        title=f"Attach the database {name} to the app",
        why="this sets the secret DATABASE_URL, which the site reads",
        argv=("fly", "mpg", "attach", _identity(name, remote), "--app", app),
        already_done=attached,
        private=True,
        on_failure=f"It may not be ready yet: {' '.join(('fly', *listing(remote)))}",
    )
    return create, attach


def _identity(name: str, remote: Remote) -> Deferred:
    """The ID of a managed database, which `fly mpg create` does not print as JSON."""

    def read(output: str) -> str:
        cluster = called(json.loads(output), name)
        if cluster is None:
            raise LookupError(f"there is no database {name}")
        return str(cluster["id"])

    return Deferred(query=Query(argv=("fly", *listing(remote), "--json"), read=read), shown="ID")


def removal(made: Created) -> tuple[str, ...]:
    """The command with which people remove a database that a run created; `fly mpg list` shows the ID."""
    return {
        "database": ("fly", "apps", "destroy", made.name, "--yes"),
        "managed database": ("fly", "mpg", "destroy", "ID", "--yes"),
    }.get(made.kind, ())


def destroying(ask: Ask, remote: Remote, made: Sequence[Created]) -> tuple[Step, ...]:
    """The steps that remove the databases that runs have created, as far as they exist."""
    steps = []
    for thing in made:
        argv: tuple[Argument, ...] = ()
        if thing.kind == "database" and of(remote).made:
            argv = removal(thing)
        elif thing.kind == "managed database" and (managed := managed_to_destroy(ask, remote)):
            argv = ("fly", "mpg", "destroy", _identity(thing.name, remote) if managed == "?" else managed, "--yes")
        if argv:
            title = f"Destroy the {thing.kind} {thing.name} with all its data"
            steps.append(
                Step(
                    id=f"destroy-{thing.name}",
                    title=title,
                    why="an earlier run created it for this app",
                    argv=argv,
                    on_failure=_DASHBOARD,
                )
            )
    return tuple(steps)
