"""`ps`, `ps:restart`, `logs`, `run`."""

from __future__ import annotations

from collections.abc import Sequence

from ..._kit.console import note, say, say_json, wait_for_interrupt
from ..._kit.oclif import CliError, action
from ..._kit.oclif_ux import ago, say_header
from .. import journal
from ..api import dyno_json
from ..releasing import current_slug, restart_dynos
from ..session import HerokuSession
from ..state import App, Dyno, State, current_release


def listing(session: HerokuSession) -> None:
    """[recorded session]"""
    app = session.app()
    dynos = seen_dynos(session.state, app) if session.words in ([], ["web"]) else []
    if session.words and not dynos:
        raise CliError(f"No {session.words[0]} dynos on {app['name']}", status=1, bang=False)
    if session.has("json"):
        say_json([dyno_json(app, dyno) for dyno in dynos], 2)
        return
    if not dynos:
        say(f"No dynos on {app['name']}")
    for dyno in dynos:
        say_header(f"web (Basic): {dyno['command']} (1)")
        say(f"{dyno['name']}: {dyno['state']} {ago(dyno['updated_at'])}\n")


def restart(session: HerokuSession) -> None:
    """[CLI source]"""
    app = session.app()
    with action(f"Restarting all dynos on {app['name']}"):
        restart_dynos(session.state, app)


def logs(session: HerokuSession) -> None:
    """[CLI source] With `--tail` it continues until Ctrl-C. LIMIT of the emulation: no new lines come."""
    count = session.value("num", "100")
    if not count.isdigit():
        raise CliError(f"Parsing --num \n\tExpected an integer but received: {count}\nSee more help with --help")
    app = session.app()
    source = {"app": " app[", "heroku": " heroku["}.get(session.value("source"), "")
    dyno = session.value("dyno-name") or session.value("process-type")
    found = [line for line in journal.lines(session.state, app["name"]) if source in line and f"[{dyno}" in line]
    for line in found[-int(count) :]:
        say(line)
    if session.has("tail"):
        wait_for_interrupt()


def run(session: HerokuSession) -> int:
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
    from ..._kit.programs import attached
    from ..dynos import environment, one_off, shell

    number, container = one_off(session.state, app["name"], slug)
    for state in ("starting", "connecting", "up"):
        note(f"Running {command} on {app['name']}... {state}, run.{number}")
    env = {**environment(release["env"], f"run.{number}"), **_given_env(session.value("env"))}
    status = attached(container, shell(command), env)
    if status and session.has("exit-code"):
        raise CliError(f"Process exited with code {status}", status=status)
    return 0


def seen_dynos(state: State, app: App) -> list[Dyno]:
    """The dynos of an app; a process may have exited since it was started."""
    for dyno in app["dynos"]:
        if dyno["state"] == "up":
            site = state.sandbox().site(app["name"])
            dyno["state"] = "up" if site and site["state"] == "up" else "crashed"
    return app["dynos"]


def _command_line(words: Sequence[str]) -> str:
    """[CLI source: lib/run/helpers.js] One word is already a command line."""
    if len(words) == 1:
        return words[0]
    quoted = ['"' + word.replace('"', '\\"') + '"' if " " in word or '"' in word else word for word in words]
    return " ".join(quoted)


def _given_env(text: str) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in text.split(";") if "=" in pair)
    return {name.strip(): value.strip() for name, _, value in pairs}
