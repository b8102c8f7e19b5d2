"""`apps`, `apps:create`, `apps:info`, `apps:open`, `apps:destroy`, `buildpacks`."""

from __future__ import annotations

import os
import re

from matrix.emulators.heroku import git_remotes, lifecycle
from matrix.emulators.heroku.api import addon_json, app_json, dyno_json
from matrix.emulators.heroku.console import (
    CliError,
    action,
    api_error,
    note,
    say,
    say_header,
    say_json,
    say_object,
    warn,
)
from matrix.emulators.heroku.model import App
from matrix.emulators.heroku.platform_facts import STACK
from matrix.emulators.heroku.session import Session

REGIONS = ("us", "eu")  # [Dev Center: Regions] the two of the Common Runtime
_ADJECTIVES = ["calm", "floating", "frozen", "gentle", "lingering", "quiet", "rough", "shrouded"]
_NOUNS = ["basin", "bayou", "dragon", "forest", "meadow", "peak", "river", "savannah"]


def listing(session: Session) -> None:
    """[recorded session; without apps: CLI source]"""
    platform = session.platform()
    email = platform["account"]["email"]
    every = [app for _, app in sorted(platform["apps"].items())]
    apps = [app for app in every if app["owner"] == email]
    if session.has("json"):
        say_json([app_json(platform, app) for app in every if app in apps or email in app["collaborators"]])
    elif not apps:
        say("You have no apps.")
    else:
        say_header(f"{email} Apps")
        for app in apps:
            say(app["name"] + (f" ({app['region']})" if app["region"] != "us" else ""))


def create(session: Session) -> None:
    """[recorded session] Adds a Git remote unless one of that name is there, even that of another app."""
    wanted = session.words[0] if session.words else os.environ.get("HEROKU_APP")
    region = session.options.get("region", "us")
    name = wanted or _random_name()
    with action(f"Creating {wanted or 'app'}") as outcome:
        session.platform()
        refuse_name(name)
        if region not in REGIONS:
            raise api_error(f"Region {region} not found.", "not_found")  # OWN WORDING
        app = lifecycle.create_app(session.state, name, region)
        generated = "" if wanted else f", {name}"
        outcome.append(f"done{generated}" + (f", region is {region}" if session.has("region") else ""))
    if not session.has("no-remote"):
        git_remotes.add_remote(session.options.get("remote", "heroku"), name)
    if session.has("json"):
        say_json(app_json(session.state.read(), app))
    else:
        say(f"https://{app['host']}/ | {git_remotes.git_url(name)}")


def details(session: Session) -> None:
    """[recorded session] Of --shell and --json the first wins [CLI source]."""
    name = session.words[0] if session.words else session.optional_app_name()
    if name is None:
        raise CliError("No app specified.\nUSAGE: heroku apps:info --app my-app", status=1, bang=False)
    app = session.app(name)
    platform = session.platform()
    dynos = [dyno_json(app, dyno) for dyno in app["dynos"]]
    addons = sorted(addon["plan"] for addon in app["addons"])
    if session.has("shell"):
        _say_shell(app, addons, len(dynos))
    elif session.has("json"):
        say_json(
            {
                "addons": [addon_json(app, addon) for addon in app["addons"]],
                "app": app_json(platform, app),
                "collaborators": [],
                "dynos": dynos,
                "pipeline_coupling": None,
            }
        )
    else:
        say_header(name)
        say_object(
            {
                "Addons": addons,
                "Auto Cert Mgmt": "false",
                "Git URL": git_remotes.git_url(name),
                "Web URL": f"https://{app['host']}/",
                "Repo Size": "0 B",
                "Slug Size": "0 B",
                "Owner": app["owner"],
                "Region": app["region"],
                "Dynos": f"web: {len(dynos)}" if dynos else "",
                "Stack": STACK,
            }
        )


def open_in_browser(session: Session) -> None:
    """[recorded session] Only says so: nobody is there to look."""
    app = session.app()
    path = session.words[0].lstrip("/") if session.words else ""
    say(f"Opening https://{app['host']}/{path}...")


def destroy(session: Session) -> None:
    """[recorded session] Without --confirm it asks, and ends with 0 where nobody can answer."""
    name = session.words[0] if session.words else session.optional_app_name()
    if name is None:
        raise CliError("No app specified.\nUSAGE: heroku apps:destroy APPNAME", status=1, bang=False)
    app = session.app(name)
    confirmed = session.options.get("confirm")
    if not confirmed:
        warn(f"This will delete {name} including all add-ons.")
        note("")
        question = f"? To proceed, type {name} or re-run this command with --confirm {name}"
        say(f"{question}\x1b[{len(question) + 1}G\n\x1b[?25h")
        return
    if confirmed != name:
        raise CliError(f"Confirmation {confirmed} did not match {name}. Aborted.", status=1, bang=False)
    with action(f"Destroying {name} (including all add-ons)"):
        lifecycle.destroy_app(session.state, app)
        git_remotes.remove_remotes(name)


def buildpacks(session: Session) -> None:
    """[recorded session] None is ever set: Heroku finds the Python one by itself."""
    say(f"{session.app()['name']} has no Buildpacks.")


def refuse_name(name: str) -> None:
    """[recorded session for the first; the others: Platform API, app names have 3 to 30 characters]"""
    if not re.fullmatch(r"[a-z]([a-z0-9-]*[a-z0-9])?", name):
        text = "Name must start with a letter, end with a letter or digit and "
        raise api_error(f"{text}can only contain lowercase letters, digits, and dashes.", "invalid_params")
    if len(name) < 3:
        raise api_error("Name is too short (minimum is 3 characters)", "invalid_params")
    if len(name) > 30:
        raise api_error("Name is too long (maximum is 30 characters)", "invalid_params")


def _random_name() -> str:
    number = int.from_bytes(os.urandom(4), "big")
    return f"{_ADJECTIVES[number % 8]}-{_NOUNS[number // 8 % 8]}-{10_000 + number % 90_000}"


def _say_shell(app: App, addons: list[str], dynos: int) -> None:
    pairs = {
        "auto_cert_mgmt": "false",
        "addons": ",".join(addons),
        "collaborators": "",
        "create_status": "undefined",
        "git_url": git_remotes.git_url(app["name"]),
        "web_url": f"https://{app['host']}/",
        "repo_size": "0 B",
        "slug_size": "0 B",
        "owner": app["owner"],
        "region": app["region"],
        "dynos": f"{{ web: {dynos} }}" if dynos else "{}",
        "stack": STACK,
    }
    for key, value in pairs.items():
        say(f"{key}={value}")
