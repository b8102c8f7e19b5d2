"""`version`, `auth:whoami`."""

from __future__ import annotations

import os

from matrix.emulators.heroku.console import CliError, api_error, say, warn
from matrix.emulators.heroku.platform_facts import CLI_VERSION
from matrix.emulators.heroku.session import Session


def version(session: Session) -> None:
    """[recorded session]"""
    say(f"heroku/{CLI_VERSION} linux-x64 node-v20.20.2")


def whoami(session: Session) -> None:
    """[recorded session]"""
    account = session.state.read()["account"]
    key = os.environ.get("HEROKU_API_KEY")
    if key:
        warn("HEROKU_API_KEY is set")
        if key != account["api_key"]:
            raise api_error("Invalid credentials provided.", "unauthorized")
    elif not account["logged_in"]:
        raise CliError("not logged in", status=100)
    say(account["email"])
