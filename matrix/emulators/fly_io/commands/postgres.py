"""`postgres create`, `attach`, `detach`, `list`, `users list`: the unmanaged clusters, which are apps."""

from __future__ import annotations

import secrets

from ..._kit.cobra import CliError
from ..._kit.console import note, say
from .. import api, lifecycle
from ..session import FlySession
from ..state import App, short_id


def _notice() -> None:
    note(f"\n{api.TEXTS('unmanaged')}\n")


def create(session: FlySession) -> None:
    """[flyctl source] Without all three sizes it asks for a configuration."""
    _notice()
    session.platform()
    name = session.name()
    organization, region = session.organization(), session.region()
    if not all(session.value(flag) for flag in ("initial-cluster-size", "vm-size", "volume-size")):
        raise CliError("prompt: non interactive")
    say(f"Creating postgres cluster in organization {organization['slug']}\nCreating app...")
    lifecycle.create_app(session.state, name, organization["slug"], role="postgres", region=region)
    say(f"Setting secrets on app {name}...")
    say("Provisioning 1 of 1 machines with image flyio/postgres-flex:17.2\nWaiting for machine to start...")
    say(f"Machine {short_id()} is created\n==> Monitoring health checks")
    password = session.value("password") or secrets.token_urlsafe(12)
    say(f"\n{api.TEXTS('cluster created', name=name, password=password)}\n")


def listing(session: FlySession) -> None:
    """[flyctl source] An empty list is a sentence, even with --json."""
    _notice()
    platform = session.platform()
    found = [app for app in api.visible_apps(platform) if app["role"] == "postgres"]
    if not found:
        say("No postgres clusters found")
        return
    rows = [(app["name"], app["organization"], "deployed", "") for app in found]
    shown = [api.app_json(platform, app) for app in found]
    session.show(shown, ("Name", "Owner", "Status", "Latest Deploy"), rows)


def attach(session: FlySession) -> None:
    """[flyctl source] The secret is only set; the app's machines get it with the next deployment."""
    _notice()
    app, cluster = session.app(), _cluster(session, session.argument(0))
    variable = session.value("variable-name", "DATABASE_URL")
    say("Checking for existing attachments")
    url = lifecycle.attach(
        session.state,
        cluster["name"],
        app["name"],
        database=session.value("database-name"),
        user=session.value("database-user"),
        variable=variable,
    )
    say("Registering attachment\nCreating database\nCreating user\n")
    say(f"Postgres cluster {cluster['name']} is now attached to {app['name']}")
    say(f"The following secret was added to {app['name']}:\n  {variable}={url}")


def detach(session: FlySession) -> None:
    """[flyctl source] It always prompts with a list."""
    _notice()
    _cluster(session, session.argument(0))
    raise CliError("prompt: non interactive")


def users(session: FlySession) -> None:
    """The keys of the JSON are those of [flyctl source: flypg.PostgresUser]."""
    _notice()
    cluster = _cluster(session, session.argument(0) or session.app_name())
    found = [("postgres", "postgres"), *((row["user"], row["database"]) for row in cluster["attachments"])]
    shown = [{"username": user, "superuser": True, "databases": [database]} for user, database in found]
    session.show(shown, ("Name", "Superuser", "Databases"), [(user, "true", database) for user, database in found])


def _cluster(session: FlySession, name: str) -> App:
    app = session.app(name)
    if app["role"] != "postgres":
        raise CliError(f"app {name} is not a postgres app")
    return app
