"""The commands of the CLI by topic. Each is a function that takes a Session and may return an exit status."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from matrix.emulators.heroku.console import CliError

if TYPE_CHECKING:
    from matrix.emulators.heroku.session import Session

# command: (module here, function); a command that is known and not here is understood, and never carried out.
FUNCTIONS = {
    "addons": ("addons", "listing"),
    "addons:create": ("addons", "create"),
    "addons:wait": ("addons", "wait"),
    "apps": ("apps", "listing"),
    "apps:create": ("apps", "create"),
    "apps:destroy": ("apps", "destroy"),
    "apps:info": ("apps", "details"),
    "apps:open": ("apps", "open_in_browser"),
    "auth:whoami": ("account", "whoami"),
    "buildpacks": ("apps", "buildpacks"),
    "config": ("config", "listing"),
    "config:get": ("config", "get"),
    "config:set": ("config", "set_vars"),
    "config:unset": ("config", "unset"),
    "git:remote": ("git", "remote"),
    "labs": ("labs", "listing"),
    "labs:enable": ("labs", "enable"),
    "logs": ("dynos", "logs"),
    "pg:info": ("addons", "postgres"),
    "pg:wait": ("addons", "wait"),
    "ps": ("dynos", "listing"),
    "ps:restart": ("dynos", "restart"),
    "releases": ("releases", "listing"),
    "releases:output": ("releases", "output"),
    "releases:retry": ("releases", "retry"),
    "run": ("dynos", "run"),
    "version": ("account", "version"),
}


def run(session: Session) -> int:
    """Run the session's command; its exit status. Only the module that is needed is imported: it must be quick."""
    if session.call.command not in FUNCTIONS:
        raise CliError(f"{session.call.command} exists, but this emulation does not carry it out.")
    module, function = FUNCTIONS[session.call.command]
    command = getattr(import_module(f"{__name__}.{module}"), function)
    return command(session) or 0
