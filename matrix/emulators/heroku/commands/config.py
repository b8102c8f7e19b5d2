"""`config`, `config:get`, `config:set`, `config:unset`, `labs`, `labs:enable`."""

from __future__ import annotations

from collections.abc import Mapping

from ..._kit.console import say, say_json
from ..._kit.oclif import CliError, action
from ..._kit.oclif_ux import say_header, say_object, shell_quoted
from .. import lifecycle
from ..api import APP_FEATURES, api_error, features_json, offered
from ..session import HerokuSession


def listing(session: HerokuSession) -> None:
    """[recorded session]"""
    app = session.app()
    if session.has("shell"):
        for name, value in app["config"].items():
            say(f"{name}={shell_quoted(value)}")
    elif session.has("json"):
        say_json(app["config"], 2)
    else:
        say_header(f"{app['name']} Config Vars")
        say_object({name: value or "''" for name, value in app["config"].items()})


def get(session: HerokuSession) -> None:
    """[recorded session; --shell: CLI source]"""
    config = session.app()["config"]
    if session.has("json"):
        found = [{"key": name, "value": config.get(name)} for name in session.words]
        say_json(found[0] if len(found) == 1 else found, 2)
        return
    for name in session.words:
        value = config.get(name, "")
        say(f"{name}={shell_quoted(value)}" if session.has("shell") else value)


def set_vars(session: HerokuSession) -> None:
    """[recorded session; without arguments: CLI source]

    Creates a release, which runs the release command and restarts the dynos if there is a slug.
    """
    if not session.words:
        usage = "Usage: heroku config:set KEY1=VALUE1 [KEY2=VALUE2 ...]\nMust specify KEY and VALUE to set."
        raise CliError(usage, status=1)
    for word in session.words:
        if "=" not in word:
            raise CliError(f"{word} is invalid. Must be in the format FOO=bar.", status=1)
    given = dict(word.split("=", 1) for word in session.words)
    config = _change(session, "Setting", given)
    say_object({key: config[key] for key in config if given.get(key)})


def unset(session: HerokuSession) -> None:
    """[recorded session; without arguments: CLI source]

    The description of the release is Heroku's own as far as the recorded session shows it.
    """
    if not session.words:
        raise CliError("Usage: heroku config:unset KEY1 [KEY2 ...]\nMust specify KEY to unset.")
    _change(session, "Unsetting", dict.fromkeys(session.words))


def features(session: HerokuSession) -> None:
    """[recorded session; shape of a feature: Platform API]

    Account features are left out: the emulated account has none.
    """
    name = session.optional_app_name()
    platform = session.platform()
    found = features_json(platform, session.app(name)) if name else None
    if session.has("json"):
        say_json({"app": found, "user": []}, 2)
        return
    say_header(f"User Features {platform['account']['email']}")
    if found:
        say()
        say_header(f"App Features {name}")
        width = max(map(len, APP_FEATURES))
        for feature in found:
            mark = "[+]" if feature["enabled"] else "[ ]"
            say(f"{mark} {feature['name'].ljust(width)}  {feature['description']}")


def enable(session: HerokuSession) -> None:
    """[recorded session] It takes effect with the next release [Dev Center: Dyno Metadata]."""
    feature = session.argument(0)
    name = session.optional_app_name()
    if name is None or feature not in offered(session.platform()):
        raise api_error("Couldn't find that feature.", "not_found")
    session.app(name)
    with action(f"Enabling {feature} for {name}"):
        lifecycle.enable(session.state, name, feature)


def _change(session: HerokuSession, verb: str, values: Mapping[str, str | None]) -> Mapping[str, str]:
    """Create the release, and return the config after it."""
    name = session.app_name()
    with action(f"{verb} {', '.join(values)} and restarting {name}") as outcome:
        session.app(name)
        release = lifecycle.set_config(session.state, name, values)
        outcome.append(f"done, v{release['version']}")
    return session.state.read()["apps"][name]["config"]
