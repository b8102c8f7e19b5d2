"""The operations of Heroku's API on apps and add-ons. Raises CliError where the API reports an error."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from .._kit import repository
from .._kit.store import first, new_id, now
from .api import POSTGRES, POSTGRES_PLANS, api_error
from .releasing import new_release, publish
from .state import Addon, App, Platform, Release, State

REGIONS = ("us", "eu")  # [Dev Center: Regions] the two of the Common Runtime
_COLOURS = ["AMBER", "AQUA", "BLUE", "BRONZE", "GREEN", "MAROON", "ONYX", "PURPLE", "RED", "SILVER", "TEAL"]
_ADJECTIVES = ["closed", "convex", "curved", "fitted"]


def find_app(platform: Platform, name: str) -> App:
    """An app of the developer by its name or id [Platform API reference: App]."""
    app = platform["apps"].get(name) or first(platform["apps"].values(), id=name)
    if app is None:
        raise api_error("Couldn't find that app.", "not_found")
    # [Dev Center: Collaborating with others] A collaborator may do everything but delete or transfer the app.
    if platform["account"]["email"] not in (app["owner"], *app["collaborators"]):
        raise api_error(f"You do not have access to the app {name}.", "forbidden")
    return app


def create_wanted(state: State, name: str, region: str, *, buildpack: str = "") -> App:
    """A new app with the given name, region and buildpack ("": the detected one)."""
    _refuse_name(name)
    if region not in REGIONS:
        raise api_error(f"Region {region} not found.", "not_found")  # OWN WORDING
    app = create_app(state, name, region)
    if buildpack:
        use_buildpacks(state, name, [buildpack])
    return app


def use_buildpacks(state: State, app: str, wanted: list[str]) -> None:
    """Build the app with these from the next push on."""
    with state.change() as platform:
        platform["apps"][app]["buildpacks"] = wanted


def create_app(state: State, name: str, region: str = "us", owner: str | None = None) -> App:
    """A new app of the developer, or of another `owner` only. Names are unique on all of Heroku."""
    with state.change() as platform:
        if name in platform["apps"]:
            raise api_error(f"Name {name} is already taken", "invalid_params")
        app = platform["apps"][name] = _new_app(name, owner or platform["account"]["email"], region)
    if owner is None:
        hooks = {"pre-receive": (str(state.root), name)}
        repository.create(state.repository(name), f"{__package__}.receive", hooks)
    return app


def destroy_app(state: State, app: App) -> None:
    """Remove an app and everything that belongs to it."""
    name, databases = app["name"], [addon["database"] for addon in app["addons"]]
    state.remove_site(name, databases, state.repository(name), state.app_folder(name))
    with state.change() as platform:
        del platform["apps"][name]


def set_config(state: State, app: str, values: Mapping[str, str | None]) -> Release:
    """Set config vars, or remove those without a value, in a new release."""

    def edit(changed: App) -> None:
        kept = {**changed["config"], **values}
        changed["config"] = {name: value for name, value in kept.items() if value is not None}

    verb = "Remove" if None in values.values() else "Set"
    return publish(state, app, f"{verb} {', '.join(values)} config vars", edit)


def enable(state: State, app: str, feature: str, *, enabled: bool = True) -> None:
    """Enable a labs feature; it takes effect with the next release [Dev Center: Dyno Metadata]."""
    with state.change() as platform:
        features = platform["apps"][app]["features"]
        platform["apps"][app]["features"] = sorted({*features, feature} if enabled else {*features} - {feature})


def plan_of(wanted: str) -> str:
    """The plan that `heroku-postgresql:PLAN` names."""
    service, _, plan = wanted.partition(":")
    if service != POSTGRES or (plan or "essential-0") not in POSTGRES_PLANS:
        text = f'Couldn\'t find either the add-on service or the add-on plan of "{wanted}".'
        raise api_error(text, "invalid_params")
    return plan or "essential-0"


def provision(state: State, app: App, plan: str, name: str = "", alias: str = "") -> Addon:
    """Create a real database and give its URL to the app, in a new release."""
    number = int.from_bytes(os.urandom(4), "big")
    database = f"heroku_{os.urandom(6).hex()}"
    url = state.sandbox().create_database(database)
    addon: Addon = {
        "id": new_id(),
        "name": name or f"postgresql-{_ADJECTIVES[number % len(_ADJECTIVES)]}-{10_000 + number % 90_000}",
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


def _config_var(app: App, alias: str) -> str:
    """The first database is DATABASE_URL, each further one gets a colour [Dev Center: Heroku Postgres]."""
    if alias:
        return f"{alias.upper()}_URL"
    if "DATABASE_URL" not in app["config"]:
        return "DATABASE_URL"
    return f"HEROKU_POSTGRESQL_{_COLOURS[len(app['addons']) % len(_COLOURS)]}_URL"


def _refuse_name(name: str) -> None:
    """[recorded session for the first; the others: Platform API, app names have 3 to 30 characters]"""
    if not re.fullmatch(r"[a-z]([a-z0-9-]*[a-z0-9])?", name):
        text = "Name must start with a letter, end with a letter or digit and "
        raise api_error(f"{text}can only contain lowercase letters, digits, and dashes.", "invalid_params")
    if len(name) < 3:
        raise api_error("Name is too short (minimum is 3 characters)", "invalid_params")
    if len(name) > 30:
        raise api_error("Name is too long (maximum is 30 characters)", "invalid_params")


def _new_app(name: str, owner: str, region: str) -> App:
    app: App = {
        "id": new_id(),
        "name": name,
        "owner": owner,
        "collaborators": [],
        "region": region,
        "host": f"{name}-{os.urandom(6).hex()}.herokuapp.com",
        "created_at": now(),
        "config": {},
        "features": [],
        "addons": [],
        "releases": [],
        "slug": None,
        "buildpacks": [],
        "dynos": [],
    }
    # [recorded session] every app starts with these two
    app["releases"] = [
        new_release(app, number, text) for number, text in ((1, "Initial release"), (2, "Enable Logplex"))
    ]
    return app
