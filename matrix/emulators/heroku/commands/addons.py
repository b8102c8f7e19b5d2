"""`addons`, `addons:create`, `addons:wait`, `pg:info`: Heroku Postgres, the only add-on here."""

from __future__ import annotations

from ..._kit.console import say, say_json
from ..._kit.oclif import action
from ..._kit.oclif_ux import say_header, say_object, say_table
from ..api import POSTGRES, POSTGRES_PLANS, addon_json, attachment_json
from ..lifecycle import plan_of, provision
from ..session import HerokuSession
from ..state import Addon


def listing(session: HerokuSession) -> None:
    """[recorded session] Without --app only if the current folder belongs to one app."""
    name = session.app_name()
    app = session.app(name)
    if session.has("json"):
        rows = [{**addon_json(app, addon), "attachments": [attachment_json(app, addon)]} for addon in app["addons"]]
        say_json(rows, 2)
        return
    if not app["addons"]:
        say(f"No add-ons for app {name}.")
        return
    say()
    say_table(("Add-on", "Plan", "Price", "Max Price", "State"), [_row(addon) for addon in app["addons"]])
    say(f"\nThe table above shows add-ons and the attachments to the current app ({name}) or other apps.\n  ")


def create(session: HerokuSession) -> None:
    """[recorded session] The database exists immediately, although the CLI announces a wait."""
    wanted, name = session.argument(0), session.app_name()
    with action(f"Creating {wanted} on {name}") as outcome:
        plan = plan_of(wanted)
        addon = provision(session.state, session.app(name), plan, session.value("name"), session.value("as"))
        outcome.append("{} (max {})".format(*_price(plan)))
    if session.has("wait"):
        say(f"Waiting for {addon['name']}...")
        with action(f"Creating {addon['name']}"):
            pass
        say(f"Created {addon['name']} as {addon['config_var']}")
    else:
        say(f"{addon['name']} is being created in the background. The app will restart when complete...")
        say(f"Run heroku addons:info {addon['name']} to check creation progress.")
    say(f"Run heroku addons:docs {POSTGRES} to view documentation.")


def wait(session: HerokuSession) -> None:
    """[CLI source] Silent: everything is already provisioned."""
    session.app()


def postgres(session: HerokuSession) -> None:
    """[recorded session for an app without a database; the fields of one: a few of many]"""
    app = session.app()
    if not app["addons"]:
        say(f"{app['name']} has no {POSTGRES} databases.")
    for addon in app["addons"]:
        say_header(addon["config_var"])
        plan = addon["plan"].removeprefix(f"{POSTGRES}:").replace("-", " ").title()
        say_object({"Plan": plan, "Status": "Available", "Add-on": addon["name"]})
        say()


def _price(plan: str) -> tuple[str, str]:
    cents = POSTGRES_PLANS[plan]
    return f"~${cents / 100 / 720:.3f}/hour", f"${cents // 100}/month"


def _row(addon: Addon) -> tuple[str, ...]:
    plan = addon["plan"].removeprefix(f"{POSTGRES}:")
    title = f"{POSTGRES} ({addon['name']})\n└─ as {addon['config_var'].removesuffix('_URL')}\n"
    return title, plan, *_price(plan), "created"
