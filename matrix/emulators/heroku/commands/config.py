"""`config`, `config:get`, `config:set`, `config:unset`."""

from __future__ import annotations

from matrix.emulators.heroku.console import (
    CliError,
    action,
    say,
    say_header,
    say_json,
    say_object,
    shell_quoted,
)
from matrix.emulators.heroku.model import App
from matrix.emulators.heroku.releasing import publish
from matrix.emulators.heroku.session import Session


def listing(session: Session) -> None:
    """[recorded session]"""
    app = session.app()
    if session.has("shell"):
        for name, value in app["config"].items():
            say(f"{name}={shell_quoted(value)}")
    elif session.has("json"):
        say_json(app["config"])
    else:
        say_header(f"{app['name']} Config Vars")
        say_object({name: value or "''" for name, value in app["config"].items()})


def get(session: Session) -> None:
    """[recorded session; --shell: CLI source]"""
    config = session.app()["config"]
    if session.has("json"):
        found = [{"key": name, "value": config.get(name)} for name in session.words]
        say_json(found[0] if len(found) == 1 else found)
        return
    for name in session.words:
        value = config.get(name, "")
        say(f"{name}={shell_quoted(value)}" if session.has("shell") else value)


def set_vars(session: Session) -> None:
    """[recorded session; without arguments: CLI source]

    Makes a release, which runs the release command and restarts the dynos once there is a slug.
    """
    if not session.words:
        usage = "Usage: heroku config:set KEY1=VALUE1 [KEY2=VALUE2 ...]\nMust specify KEY and VALUE to set."
        raise CliError(usage, status=1)
    for word in session.words:
        if "=" not in word:
            raise CliError(f"{word} is invalid. Must be in the format FOO=bar.", status=1)
    given = dict(word.split("=", 1) for word in session.words)
    names = ", ".join(given)
    name = session.app_name()
    with action(f"Setting {names} and restarting {name}") as outcome:
        session.app(name)
        release = publish(session.state, name, f"Set {names} config vars", lambda app: app["config"].update(given))
        outcome.append(f"done, v{release['version']}")
    config = session.state.read()["apps"][name]["config"]
    say_object({key: config[key] for key in config if given.get(key)})


def unset(session: Session) -> None:
    """[recorded session; without arguments: CLI source]

    The description of the release is Heroku's own as far as the recorded session shows it.
    """
    if not session.words:
        raise CliError("Usage: heroku config:unset KEY1 [KEY2 ...]\nMust specify KEY to unset.")
    names = ", ".join(session.words)
    name = session.app_name()

    def forget(app: App) -> None:
        for key in session.words:
            app["config"].pop(key, None)

    with action(f"Unsetting {names} and restarting {name}") as outcome:
        session.app(name)
        release = publish(session.state, name, f"Remove {names} config vars", forget)
        outcome.append(f"done, v{release['version']}")
