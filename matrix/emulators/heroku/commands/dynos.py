"""`ps`, `ps:restart`, `logs`, `run`."""

from __future__ import annotations

from matrix.emulators.heroku import journal
from matrix.emulators.heroku.api import dyno_json
from matrix.emulators.heroku.console import CliError, action, ago, note, say, say_header, say_json
from matrix.emulators.heroku.model import App, Dyno, current_release, web_dyno
from matrix.emulators.heroku.releasing import current_slug, restart_dynos
from matrix.emulators.heroku.session import Session


def listing(session: Session) -> None:
    """[recorded session]"""
    app = session.app()
    dynos = [dyno for dyno in [_as_seen(session, app)] if dyno and session.words in ([], ["web"])]
    if session.words and not dynos:
        raise CliError(f"No {session.words[0]} dynos on {app['name']}", status=1, bang=False)
    if session.has("json"):
        say_json([dyno_json(app, dyno) for dyno in dynos])
    elif not dynos:
        say(f"No dynos on {app['name']}")
    for dyno in dynos if not session.has("json") else []:
        say_header(f"web (Basic): {dyno['command']} (1)")
        say(f"{dyno['name']}: {dyno['state']} {ago(dyno['updated_at'])}\n")


def restart(session: Session) -> None:
    """[CLI source]"""
    app = session.app()
    with action(f"Restarting all dynos on {app['name']}"):
        restart_dynos(session.state, app)


def logs(session: Session) -> None:
    """[CLI source] `--tail` is refused: it would never end."""
    count = session.options.get("num", "100")
    if not count.isdigit():
        raise CliError(f"Parsing --num \n\tExpected an integer but received: {count}\nSee more help with --help")
    if session.has("tail"):
        raise CliError("The emulated Heroku does not stream logs.")  # LIMIT of the emulation
    app = session.app()
    found = journal.lines(session.state, app["name"])
    kinds = {"app": " app[", "heroku": " heroku["}
    found = [line for line in found if kinds.get(session.options.get("source", ""), "") in line]
    dyno = session.options.get("dyno-name") or session.options.get("process-type") or ""
    for line in [line for line in found if f"[{dyno}" in line][-int(count) :]:
        say(line)


def run(session: Session) -> int:
    """[CLI source] The status counts only with --exit-code."""
    if not session.words:
        raise CliError("Usage: heroku run COMMAND\n\nExample: heroku run bash", status=1, bang=False)
    app = session.app()
    release = current_release(app)
    slug = current_slug(session.state, app)
    command = _command_line(session.words)
    if release is None or slug is None:
        # OWN WORDING: Heroku starts an empty dyno, in which nothing can be found.
        raise CliError(f"{app['name']} has no code yet: push some first.")
    from matrix.emulators.heroku.dynos import environment, one_off, shell
    from matrix.emulators.programs import attached

    number, container = one_off(session.state, app["name"], slug)
    announcement = f"Running {command} on {app['name']}..."
    for state in ("starting", "connecting", "up"):
        note(f"{announcement} {state}, run.{number}")
    env = {**environment(release["env"], f"run.{number}"), **_given_env(session.options.get("env", ""))}
    status = attached(container, shell(command), env)
    if status and session.has("exit-code"):
        raise CliError(f"Process exited with code {status}", status=status)
    return 0


def _as_seen(session: Session, app: App) -> Dyno | None:
    """The web dyno; its process may have ended since it was started."""
    dyno = web_dyno(app)
    if dyno and dyno["state"] == "up":
        from matrix.sandbox.control import Control

        site = Control.connect(session.state.root).site(app["name"])
        dyno["state"] = "up" if site and site["state"] == "up" else "crashed"
    return dyno


def _command_line(words: list[str]) -> str:
    """[CLI source: lib/run/helpers.js] One word is a command line already."""
    if len(words) == 1:
        return words[0]
    quoted = ['"' + word.replace('"', '\\"') + '"' if " " in word or '"' in word else word for word in words]
    return " ".join(quoted)


def _given_env(text: str) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in text.split(";") if "=" in pair)
    return {name.strip(): value.strip() for name, _, value in pairs}
