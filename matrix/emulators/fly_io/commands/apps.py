"""`apps create`, `apps list`, `apps open`, `apps destroy`, `ips list`."""

from __future__ import annotations

import os
import re

from matrix.emulators.fly_io import api, lifecycle
from matrix.emulators.fly_io.console import CliError, api_error, not_interactive, note, say, say_json, say_table
from matrix.emulators.fly_io.session import Session


def create(session: Session) -> None:
    """[flyctl source]"""
    name = session.words[0] if session.words else session.options.get("name", "")
    if session.has("generate-name"):
        name = f"fly-{os.urandom(6).hex()}"
    session.platform()
    if not name:
        raise not_interactive("name argument or flag must be specified when not running interactively")
    organization = session.organization()
    if not re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", name):
        # OWN WORDING
        raise api_error("Validation failed: Name must only contain letters, numbers and dashes, at most 63 of them")
    app = lifecycle.create_app(session.state, name, organization["slug"])
    if session.has("json"):
        say_json(api.app_json(session.state.read(), app))
    else:
        say(f"New app created: {name}")


def listing(session: Session) -> None:
    """[flyctl source]"""
    platform = session.platform()
    only = session.organization()["slug"] if "org" in session.options else None
    apps = [app for app in api.visible_apps(platform) if only in (None, app["organization"])]
    if session.has("json"):
        say_json([api.app_json(platform, app) for app in apps])
    elif not apps:
        say("No apps found")
    elif session.has("quiet"):
        for app in apps:
            say(app["name"])
    else:
        shown = [(api.app_json(platform, app), app) for app in apps]
        rows = [(row["Name"], app["organization"], row["Status"], "") for row, app in shown]
        say_table(("Name", "Owner", "Status", "Latest Deploy"), rows)


def open_in_browser(session: Session) -> None:
    """[flyctl source] Only says so: nobody is there to look."""
    app = session.app()
    path = session.words[0].lstrip("/") if session.words else ""
    say(f"opening https://{api.hostname(app['name'])}/{path} ...")


def destroy(session: Session) -> None:
    """[flyctl source] One after the other; what was destroyed before an error stays destroyed."""
    for name in session.words:
        app = session.app(name)
        if not session.has("yes"):
            note("Destroying an app is not reversible.")
            raise not_interactive("yes flag must be specified when not running interactively")
        lifecycle.destroy_app(session.state, app)
        say(f"Destroyed app {name}")


def addresses(session: Session) -> None:
    """[flyctl source; OWN WORDING: the columns of the real one, fewer facts]"""
    app = session.app()
    rows = [("v6" if ":" in address else "shared_v4", address, "public", "global") for address in app["addresses"]]
    if session.has("json"):
        say_json([{"Type": kind, "Address": address, "Region": place} for kind, address, _, place in rows])
    else:
        say_table(("Version", "IP", "Type", "Region"), rows)


def refuse_missing(name: str) -> CliError:
    """[flyctl source: deploy]"""
    text = "could not be found, did you create the app or misspell it in the fly.toml file or via -a?"
    return CliError(f"the app name {name} {text}")
