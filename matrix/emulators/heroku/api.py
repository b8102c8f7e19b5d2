"""The JSON of Heroku's API, which `--json` also prints: `shapes.json`, shapes as in the [recorded session]."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .._kit.oclif import CliError
from .._kit.shapes import Shapes
from .git_remotes import git_url
from .state import Addon, App, Dyno, Platform, Release, current_release

_FACTS = json.loads(Path(__file__).with_name("facts.json").read_text(encoding="utf-8"))
STACK = str(_FACTS["stack"]["value"])
CLI_VERSION = str(_FACTS["CLI version"]["value"])
PYTHONS: tuple[str, ...] = tuple(_FACTS["Python versions"]["value"])
# Cents a month [Heroku's price list for the Essential plans of Heroku Postgres].
POSTGRES = "heroku-postgresql"
POSTGRES_PLANS = {"essential-0": 500, "essential-1": 900, "essential-2": 2000}
# The names are real; Heroku has more. Descriptions and documents are from [Dev Center] or own wording.
APP_FEATURES = {
    "log-runtime-metrics": "Emit dyno resource usage information into app logs",
    "runtime-dyno-metadata": "Dyno Metadata",
}
SHAPES = Shapes(Path(__file__).with_name("shapes.json"))


def api_error(message: str, error_id: str) -> CliError:
    """The CLI's error after an error of Heroku's API."""
    return CliError(f"{message}\n\nError ID: {error_id}")


def account_json(platform: Platform) -> dict[str, Any]:
    """The developer."""
    return SHAPES.fill("account", account=platform["account"])


def app_json(platform: Platform, app: App) -> dict[str, Any]:
    """An app."""
    language, url = "Python" if app["slug"] else None, git_url(app["name"])
    last, account = app["releases"][-1], platform["account"]
    return SHAPES.fill("app", app=app, account=account, stack=STACK, language=language, git_url=url, last=last)


def addon_json(app: App, addon: Addon) -> dict[str, Any]:
    """An add-on."""
    cents = POSTGRES_PLANS[addon["plan"].partition(":")[2]]
    return SHAPES.fill("addon", app=app, addon=addon, cents=cents, service=POSTGRES)


def attachment_json(app: App, addon: Addon) -> dict[str, Any]:
    """The link between an add-on and its app."""
    return SHAPES.fill("attachment", app=app, addon=addon, name=addon["config_var"].removesuffix("_URL"))


def dyno_json(app: App, dyno: Dyno) -> dict[str, Any]:
    """A dyno."""
    return SHAPES.fill("dyno", app=app, dyno=dyno, release=app["releases"][dyno["version"] - 1])


def release_json(app: App, release: Release, email: str, stream: str = "") -> dict[str, Any]:
    """A release, made by the developer with that address; its output can be read at `stream`."""
    return SHAPES.fill(
        "release",
        app=app,
        release=release,
        email=email,
        current=release is current_release(app),
        slug={"id": release["slug"]} if release["slug"] else None,
        stream=(stream or f"https://release-output.heroku.com/streams/{release['id']}") if release["output"] else None,
        succeeded=release["status"] == "succeeded",
    )


def offered(platform: Platform) -> list[str]:
    """The labs features that apps can have."""
    return [name for name in sorted(APP_FEATURES) if name not in platform["withdrawn"]]


def features_json(platform: Platform, app: App) -> list[dict[str, Any]]:
    """The labs features of an app."""
    return [
        SHAPES.fill(
            "feature",
            app=app,
            name=name,
            description=APP_FEATURES[name],
            enabled=name in app["features"],
            title=name.replace("-", " ").title(),
        )
        for name in offered(platform)
    ]
