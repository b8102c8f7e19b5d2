"""`version`, `auth:whoami`, `git:remote`."""

from __future__ import annotations

import os

from ..._kit.console import say
from ..._kit.oclif import CliError, warn
from ..._kit.repository import git, set_remote
from .. import git_remotes
from ..api import CLI_VERSION, api_error
from ..session import HerokuSession


def version(session: HerokuSession) -> None:
    """[recorded session]"""
    say(f"heroku/{CLI_VERSION} linux-x64 node-v20.20.2")


def whoami(session: HerokuSession) -> None:
    """[recorded session]"""
    account = session.state.read()["account"]
    key = os.environ.get("HEROKU_API_KEY")
    if key:
        warn("HEROKU_API_KEY is set")
        if key != account["token"]:
            raise api_error("Invalid credentials provided.", "unauthorized")
    elif not account["logged_in"]:
        raise CliError("not logged in", status=100)
    say(account["email"])


def remote(session: HerokuSession) -> None:
    """[recorded session] Unlike apps:create, it changes an existing remote."""
    name = session.value("app") or session.argument(0) or os.environ.get("HEROKU_APP")
    if not name:
        raise CliError("Specify an app with --app")
    session.app(name)
    chosen = session.value("remote") or git("config", "heroku.remote") or "heroku"
    if git("rev-parse", "--git-dir") is None:
        text = "Command failed: git remote\nfatal: not a git repository (or any of the parent directories): .git"
        raise CliError(text, status=1, bang=False)
    set_remote(chosen, git_remotes.git_url(name))
    say(f"set git remote {chosen} to {git_remotes.git_url(name)}")
