"""`addons`, `addons:create`, `addons:wait`, `pg:info`: Heroku Postgres, the only add-on here."""

from __future__ import annotations

import os

from matrix.emulators.heroku.api import POSTGRES, POSTGRES_PLANS, addon_json, attachment_json
from matrix.emulators.heroku.console import (
    action,
    api_error,
    say,
    say_header,
    say_json,
    say_object,
    say_table,
)
from matrix.emulators.heroku.model import Addon, App
from matrix.emulators.heroku.releasing import publish
from matrix.emulators.heroku.session import Session
from matrix.emulators.heroku.state import State
from matrix.emulators.store import new_id, now

_COLOURS = ["AMBER", "AQUA", "BLUE", "BRONZE", "GREEN", "MAROON", "ONYX", "PURPLE", "RED", "SILVER", "TEAL"]
_ADJECTIVES = ["closed", "convex", "curved", "fitted"]


def listing(session: Session) -> None:
    """[recorded session] Without --app only where the current folder belongs to one app."""
    name = session.app_name()
    app = session.app(name)
    if session.has("json"):
        say_json([{**addon_json(app, addon), "attachments": [attachment_json(app, addon)]} for addon in app["addons"]])
        return
    if not app["addons"]:
        say(f"No add-ons for app {name}.")
        return
    say()
    titles = ("Add-on", "Plan", "Price", "Max Price", "State")
    say_table(titles, [_row(addon) for addon in app["addons"]])
    say(f"\nThe table above shows add-ons and the attachments to the current app ({name}) or other apps.\n  ")


def create(session: Session) -> None:
    """[recorded session] The database is there at once, although the CLI speaks of waiting."""
    wanted = session.words[0]
    name = session.app_name()
    with action(f"Creating {wanted} on {name}") as outcome:
        plan = plan_of(wanted)
        options = session.options
        addon = provision(session.state, session.app(name), plan, options.get("name"), options.get("as"))
        price = POSTGRES_PLANS[plan]
        outcome.append(f"~${price / 100 / 720:.3f}/hour (max ${price // 100}/month)")
    if session.has("wait"):
        say(f"Waiting for {addon['name']}...")
        with action(f"Creating {addon['name']}"):
            pass
        say(f"Created {addon['name']} as {addon['config_var']}")
    else:
        say(f"{addon['name']} is being created in the background. The app will restart when complete...")
        say(f"Run heroku addons:info {addon['name']} to check creation progress.")
    say(f"Run heroku addons:docs {POSTGRES} to view documentation.")


def wait(session: Session) -> None:
    """[CLI source] Silent: everything is provisioned already."""
    session.app()


def postgres(session: Session) -> None:
    """[recorded session for an app without a database; the fields of one: a few of many]"""
    app = session.app()
    if not app["addons"]:
        say(f"{app['name']} has no {POSTGRES} databases.")
    for addon in app["addons"]:
        say_header(addon["config_var"])
        plan = addon["plan"].removeprefix(f"{POSTGRES}:").replace("-", " ").title()
        say_object({"Plan": plan, "Status": "Available", "Add-on": addon["name"]})
        say()


def plan_of(wanted: str) -> str:
    """The plan that `heroku-postgresql:PLAN` names. Raises CliError."""
    service, _, plan = wanted.partition(":")
    if service != POSTGRES or (plan or "essential-0") not in POSTGRES_PLANS:
        text = f'Couldn\'t find either the add-on service or the add-on plan of "{wanted}".'
        raise api_error(text, "invalid_params")
    return plan or "essential-0"


def provision(state: State, app: App, plan: str, name: str | None = None, alias: str | None = None) -> Addon:
    """Create a real database and give its URL to the app, in a release of its own."""
    from matrix.sandbox.control import Control

    database = f"heroku_{os.urandom(6).hex()}"
    url = Control.connect(state.root).create_database(database)
    addon: Addon = {
        "id": new_id(),
        "name": name or _name(),
        "plan": f"{POSTGRES}:{plan}",
        "config_var": _config_var(app, alias),
        "database": database,
        "created_at": now(),
    }

    def attach(changed: App) -> None:
        changed["addons"].append(addon)
        changed["config"][addon["config_var"]] = url

    attachment = addon["config_var"].removesuffix("_URL")
    publish(state, app["name"], f"Attach {attachment} (@ref:{addon['name']})", attach)
    return addon


def _config_var(app: App, alias: str | None) -> str:
    """The first database is DATABASE_URL, each other gets a colour [Dev Center: Heroku Postgres]."""
    if alias:
        return f"{alias.upper()}_URL"
    if "DATABASE_URL" not in app["config"]:
        return "DATABASE_URL"
    return f"HEROKU_POSTGRESQL_{_COLOURS[len(app['addons']) % len(_COLOURS)]}_URL"


def _name() -> str:
    number = int.from_bytes(os.urandom(4), "big")
    return f"postgresql-{_ADJECTIVES[number % len(_ADJECTIVES)]}-{10_000 + number % 90_000}"


def _row(addon: Addon) -> tuple[str, ...]:
    plan = addon["plan"].removeprefix(f"{POSTGRES}:")
    attachment = addon["config_var"].removesuffix("_URL")
    cents = POSTGRES_PLANS[plan]
    title = f"{POSTGRES} ({addon['name']})\n└─ as {attachment}\n"
    return title, plan, f"~${cents / 100 / 720:.3f}/hour", f"${cents // 100}/month", "created"
