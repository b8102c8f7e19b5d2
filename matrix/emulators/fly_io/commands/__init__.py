"""The commands of the CLI by topic. Each is a function that takes a Session and may return an exit status."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from matrix.emulators.fly_io.console import CliError

if TYPE_CHECKING:
    from matrix.emulators.fly_io.session import Session

# command: (module here, function); a command that is known and not here is understood, and never carried out.
FUNCTIONS = {
    "apps create": ("apps", "create"),
    "apps destroy": ("apps", "destroy"),
    "apps list": ("apps", "listing"),
    "apps open": ("apps", "open_in_browser"),
    "auth whoami": ("account", "whoami"),
    "config validate": ("deploy", "validate"),
    "deploy": ("deploy", "deploy"),
    "ips list": ("apps", "addresses"),
    "logs": ("machines", "logs"),
    "machine list": ("machines", "listing"),
    "machine start": ("machines", "start"),
    "mpg attach": ("managed", "attach"),
    "mpg create": ("managed", "create"),
    "mpg destroy": ("managed", "destroy"),
    "mpg list": ("managed", "listing"),
    "mpg status": ("managed", "status"),
    "orgs list": ("account", "organizations"),
    "platform regions": ("account", "regions"),
    "postgres attach": ("postgres", "attach"),
    "postgres create": ("postgres", "create"),
    "postgres detach": ("postgres", "detach"),
    "postgres list": ("postgres", "listing"),
    "postgres users list": ("postgres", "users"),
    "releases": ("machines", "releases"),
    "secrets import": ("secrets", "import_lines"),
    "secrets list": ("secrets", "listing"),
    "secrets set": ("secrets", "set_pairs"),
    "secrets unset": ("secrets", "unset"),
    "ssh console": ("machines", "console"),
    "status": ("machines", "status"),
    "version": ("account", "version"),
}


def run(session: Session) -> int:
    """Run the session's command; its exit status. Only the module that is needed is imported: it must be quick."""
    if session.call.command not in FUNCTIONS:
        raise CliError(f"{session.call.command} exists, but this emulation does not carry it out.")
    module, function = FUNCTIONS[session.call.command]
    command = getattr(import_module(f"{__name__}.{module}"), function)
    return command(session) or 0
