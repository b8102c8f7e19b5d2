"""`apps`, `apps:create`, `apps:info`, `apps:open`, `apps:destroy`, `buildpacks`, `buildpacks:add`."""

from __future__ import annotations

import os
from collections.abc import Sequence

from ..._kit.console import note, say, say_json
from ..._kit.oclif import CliError, action, warn
from ..._kit.oclif_ux import say_header, say_object
from .. import git_remotes, lifecycle
from ..api import STACK, addon_json, app_json, dyno_json
from ..session import HerokuSession

_ADJECTIVES = ["calm", "floating", "frozen", "gentle", "lingering", "quiet", "rough", "shrouded"]
_NOUNS = ["basin", "bayou", "dragon", "forest", "meadow", "peak", "river", "savannah"]


def listing(session: HerokuSession) -> None:
    """[recorded session; without apps: CLI source]"""
    platform = session.platform()
    email = platform["account"]["email"]
    every = [app for _, app in sorted(platform["apps"].items())]
    apps = [app for app in every if app["owner"] == email]
    if session.has("json"):
        say_json([app_json(platform, app) for app in every if app in apps or email in app["collaborators"]], 2)
    elif not apps:
        say("You have no apps.")
    else:
        say_header(f"{email} Apps")
        for app in apps:
            say(app["name"] + (f" ({app['region']})" if app["region"] != "us" else ""))


def create(session: HerokuSession) -> None:
    """[recorded session] Adds a Git remote unless one of that name exists, even that of another app."""
    wanted = session.argument(0) or os.environ.get("HEROKU_APP")
    region = session.value("region", "us")
    name = wanted or _random_name()
    with action(f"Creating {wanted or 'app'}") as outcome:
        session.platform()
        app = lifecycle.create_wanted(session.state, name, region, buildpack=session.value("buildpack", ""))
        generated = "" if wanted else f", {name}"
        outcome.append(f"done{generated}" + (f", region is {region}" if session.given("region") else ""))
    if not session.has("no-remote"):
        git_remotes.add_remote(session.value("remote", "heroku"), name)
    if session.has("json"):
        say_json(app_json(session.state.read(), app), 2)
    else:
        say(f"https://{app['host']}/ | {git_remotes.git_url(name)}")


def details(session: HerokuSession) -> None:
    """[recorded session] --shell takes precedence over --json [CLI source]."""
    name = session.argument(0) or session.optional_app_name()
    if name is None:
        raise CliError("No app specified.\nUSAGE: heroku apps:info --app my-app", status=1, bang=False)
    app = session.app(name)
    addons = sorted(addon["plan"] for addon in app["addons"])
    dynos = f"web: {len(app['dynos'])}" if app["dynos"] else ""
    facts = {
        "Git URL": git_remotes.git_url(app["name"]),
        "Web URL": f"https://{app['host']}/",
        "Repo Size": "0 B",
        "Slug Size": "0 B",
        "Owner": app["owner"],
        "Region": app["region"],
    }
    if session.has("shell"):
        first = {
            "auto_cert_mgmt": "false",
            "addons": ",".join(addons),
            "collaborators": "",
            "create_status": "undefined",
        }
        middle = {title.lower().replace(" ", "_"): value for title, value in facts.items()}
        last = {"dynos": f"{{ {dynos} }}" if dynos else "{}", "stack": STACK}
        say("\n".join(f"{key}={value}" for key, value in {**first, **middle, **last}.items()))
    elif session.has("json"):
        shown = {
            "addons": [addon_json(app, addon) for addon in app["addons"]],
            "app": app_json(session.platform(), app),
            "collaborators": [],
            "dynos": [dyno_json(app, dyno) for dyno in app["dynos"]],
            "pipeline_coupling": None,
        }
        say_json(shown, 2)
    else:
        say_header(name)
        say_object({"Addons": addons, "Auto Cert Mgmt": "false", **facts, "Dynos": dynos, "Stack": STACK})


def open_in_browser(session: HerokuSession) -> None:
    """[recorded session] Prints the address and opens nothing."""
    say(f"Opening https://{session.app()['host']}/{session.argument(0).lstrip('/')}...")


def destroy(session: HerokuSession) -> None:
    """[recorded session] Without --confirm it prompts, and exits with 0 if there is no terminal."""
    name = session.argument(0) or session.optional_app_name()
    if name is None:
        raise CliError("No app specified.\nUSAGE: heroku apps:destroy APPNAME", status=1, bang=False)
    app = session.app(name)
    confirmed = session.value("confirm")
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


def buildpacks(session: HerokuSession) -> None:
    """[recorded session] An app with none set is built with the detected one."""
    app = session.app()
    if not app["buildpacks"]:
        say(f"{app['name']} has no Buildpacks.")
        return
    say_header(f"{app['name']} Buildpack{'s' if len(app['buildpacks']) > 1 else ''}")
    _say_numbered(app["buildpacks"], "")


def add_buildpack(session: HerokuSession) -> None:
    """[CLI source: buildpacks/add]"""
    app, wanted = session.app(), str(session.argument(0))
    found = list(app["buildpacks"])
    if wanted in found:
        raise CliError(f"The buildpack {wanted} is already set on your app.", status=1)
    found.insert(int(session.value("index", str(len(found) + 1))) - 1, wanted)
    lifecycle.use_buildpacks(session.state, app["name"], found)
    say(f"Buildpack added. Next release on {app['name']} will use{' ' + found[0] if len(found) == 1 else ':'}.")
    _say_numbered(found if len(found) > 1 else [], "  ")
    these = "these buildpacks" if len(found) > 1 else "this buildpack"
    say(f"Run git push heroku main to create a new release using {these}.")


def _say_numbered(names: Sequence[str], indent: str) -> None:
    for number, name in enumerate(names, 1):
        say(f"{indent}{number}. {name}" if len(names) > 1 else name)


def _random_name() -> str:
    number = int.from_bytes(os.urandom(4), "big")
    return f"{_ADJECTIVES[number % 8]}-{_NOUNS[number // 8 % 8]}-{10_000 + number % 90_000}"
