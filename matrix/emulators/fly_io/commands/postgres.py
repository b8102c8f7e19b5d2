"""`postgres create`, `attach`, `detach`, `list`, `users list`: the unmanaged clusters, which are apps."""

from __future__ import annotations

import secrets

from matrix.emulators.fly_io import api, lifecycle
from matrix.emulators.fly_io.console import CliError, not_interactive, note, say, say_json, say_table
from matrix.emulators.fly_io.model import App
from matrix.emulators.fly_io.session import Session
from matrix.emulators.fly_io.state import short_id

NOTICE = """
Unmanaged Fly Postgres is not supported by Fly.io Support and users are responsible for operations, management, and \
disaster recovery. If you'd like a managed, supported solution, try 'fly mpg' (Managed Postgres).
Please visit https://fly.io/docs/mpg/overview/ for more information about Managed Postgres.
"""


def create(session: Session) -> None:
    """[flyctl source] Without all three sizes it asks for a configuration."""
    note(NOTICE)
    session.platform()
    name = session.options.get("name")
    if not name:
        raise not_interactive("name argument or flag must be specified when not running interactively")
    organization, region = session.organization(), session.region()
    if not all(session.options.get(flag) for flag in ("initial-cluster-size", "vm-size", "volume-size")):
        raise not_interactive("prompt: non interactive")
    say(f"Creating postgres cluster in organization {organization['slug']}")
    say("Creating app...")
    lifecycle.create_app(session.state, name, organization["slug"], role="postgres", region=region)
    say(f"Setting secrets on app {name}...")
    say("Provisioning 1 of 1 machines with image flyio/postgres-flex:17.2")
    say("Waiting for machine to start...")
    say(f"Machine {short_id()} is created")
    say("==> Monitoring health checks")
    _say_created(name, session.options.get("password") or secrets.token_urlsafe(12))


def _say_created(name: str, password: str) -> None:
    say(f"\nPostgres cluster {name} created")
    say("  Username:    postgres")
    say(f"  Password:    {password}")
    say(f"  Hostname:    {name}.internal")
    say("  Flycast:     fdaa:0:1::2")
    say("  Proxy port:  5432")
    say("  Postgres port:  5433")
    say(f"  Connection string: postgres://postgres:{password}@{name}.flycast:5432")
    say("\nSave your credentials in a secure place -- you won't be able to see them again!")
    say("\nConnect to postgres")
    say("Any app within the Dev organization can connect to this Postgres using the above connection string\n")


def listing(session: Session) -> None:
    """[flyctl source] That there is none is said in words, even with --json."""
    note(NOTICE)
    platform = session.platform()
    found = [app for app in api.visible_apps(platform) if app["role"] == "postgres"]
    if not found:
        say("No postgres clusters found")
    elif session.has("json"):
        say_json([api.app_json(platform, app) for app in found])
    else:
        rows = [(app["name"], app["organization"], "deployed", "") for app in found]
        say_table(("Name", "Owner", "Status", "Latest Deploy"), rows)


def attach(session: Session) -> None:
    """[flyctl source] The secret is only set; the app's machines learn of it with the next deployment."""
    note(NOTICE)
    app, cluster = session.app(), _cluster(session, session.words[0])
    variable = session.options.get("variable-name", "DATABASE_URL")
    say("Checking for existing attachments")
    url = lifecycle.attach(
        session.state,
        cluster["name"],
        app["name"],
        database=session.options.get("database-name", ""),
        user=session.options.get("database-user", ""),
        variable=variable,
    )
    for line in ("Registering attachment", "Creating database", "Creating user", ""):
        say(line)
    say(f"Postgres cluster {cluster['name']} is now attached to {app['name']}")
    say(f"The following secret was added to {app['name']}:")
    say(f"  {variable}={url}")


def detach(session: Session) -> None:
    """[flyctl source] It lets one choose from a list, always."""
    note(NOTICE)
    _cluster(session, session.words[0])
    raise not_interactive("prompt: non interactive")


def users(session: Session) -> None:
    """The JSON's names are those of [flyctl source: flypg.PostgresUser]."""
    note(NOTICE)
    cluster = _cluster(session, session.words[0] if session.words else session.app_name())
    found = [("postgres", "postgres"), *((row["user"], row["database"]) for row in cluster["attachments"])]
    if session.has("json"):
        say_json([{"username": user, "superuser": True, "databases": [database]} for user, database in found])
    else:
        say_table(("Name", "Superuser", "Databases"), [(user, "true", database) for user, database in found])


def _cluster(session: Session, name: str) -> App:
    app = session.app(name)
    if app["role"] != "postgres":
        raise CliError(f"app {name} is not a postgres app")
    return app
