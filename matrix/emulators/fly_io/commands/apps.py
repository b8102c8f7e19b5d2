"""`apps create`, `apps list`, `apps open`, `apps destroy`, `ips list`."""

from __future__ import annotations

import os
import re

from ..._kit.console import note, say, say_json
from .. import api, lifecycle
from ..session import FlySession, api_error


def create(session: FlySession) -> None:
    """[flyctl source]"""
    name = session.argument(0) or session.value("name")
    if session.has("generate-name"):
        name = f"fly-{os.urandom(6).hex()}"
    session.platform()
    if not name:
        raise session.required("name argument or flag")
    organization = session.organization()
    if not re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", name):
        # OWN WORDING
        raise api_error("Validation failed: Name must only contain letters, numbers and dashes, at most 63 of them")
    app = lifecycle.create_app(session.state, name, organization["slug"])
    if session.has("json"):
        say_json(api.app_json(session.state.read(), app), 4)
    else:
        say(f"New app created: {name}")


def listing(session: FlySession) -> None:
    """[flyctl source]"""
    platform = session.platform()
    only = session.organization()["slug"] if session.given("org") else None
    apps = [api.app_json(platform, app) for app in api.visible_apps(platform) if only in (None, app["organization"])]
    plain = not session.has("json")
    if plain and not apps:
        say("No apps found")
    elif plain and session.has("quiet"):
        say("\n".join(app["Name"] for app in apps))
    else:
        rows = [(app["Name"], app["Organization"]["Slug"], app["Status"], "") for app in apps]
        session.show(apps, ("Name", "Owner", "Status", "Latest Deploy"), rows)


def open_in_browser(session: FlySession) -> None:
    """[flyctl source] Prints the address and opens nothing."""
    say(f"opening https://{api.hostname(session.app()['name'])}/{session.argument(0).lstrip('/')} ...")


def destroy(session: FlySession) -> None:
    """[flyctl source] One after the other; what was destroyed before an error stays destroyed."""
    for name in session.words:
        app = session.app(name)
        if not session.has("yes"):
            note("Destroying an app is not reversible.")
        session.confirmed()
        lifecycle.destroy_app(session.state, app)
        say(f"Destroyed app {name}")


def addresses(session: FlySession) -> None:
    """[flyctl source; OWN WORDING: the columns of the real one, fewer facts]"""
    rows = [("v6" if ":" in one else "shared_v4", one, "public", "global") for one in session.app()["addresses"]]
    shown = [{"Type": kind, "Address": address, "Region": place} for kind, address, _, place in rows]
    session.show(shown, ("Version", "IP", "Type", "Region"), rows)
