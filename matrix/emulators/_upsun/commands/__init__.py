"""The commands of the CLI by topic. Each is a function that takes a Session and may return an exit status."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from matrix.emulators._upsun.console import CliError

if TYPE_CHECKING:
    from matrix.emulators._upsun.session import Session

# command: (module here, function); a command that is known and not here is understood, and never carried out.
FUNCTIONS = {
    "activity:get": ("activities", "details"),
    "activity:list": ("activities", "listing"),
    "activity:log": ("activities", "log"),
    "auth:info": ("account", "details"),
    "environment:info": ("environments", "details"),
    "environment:list": ("environments", "listing"),
    "environment:logs": ("containers", "logs"),
    "environment:push": ("push", "push"),
    "environment:redeploy": ("environments", "redeploy"),
    "environment:ssh": ("containers", "ssh"),
    "environment:url": ("environments", "url"),
    "organization:create": ("account", "create_organization"),
    "organization:list": ("account", "organizations"),
    "project:create": ("create", "create"),
    "project:delete": ("projects", "delete"),
    "project:info": ("projects", "details"),
    "project:list": ("projects", "listing"),
    "project:set-remote": ("projects", "set_remote"),
    "variable:create": ("variables", "create"),
    "variable:delete": ("variables", "delete"),
    "variable:list": ("variables", "listing"),
    "variable:update": ("variables", "update"),
    "version": ("account", "version"),
}


def run(session: Session) -> int:
    """Run the session's command; its exit status. Only the module that is needed is imported: it must be quick."""
    if session.call.command not in FUNCTIONS:
        raise CliError(
            f"{session.call.command} exists, but this emulation does not carry it out."
        )  # LIMIT of the emulation
    module, function = FUNCTIONS[session.call.command]
    command = getattr(import_module(f"{__name__}.{module}"), function)
    return command(session) or 0


def show_table(session: Session, rows: list[dict[str, str]], titles: dict[str, str], default: tuple[str, ...]) -> None:
    """A table as the options ask for it. Raises CliError for a column that there is not [CLI source: Table]."""
    from matrix.emulators._upsun.console import table

    wanted: list[str] = []
    for column in (word.lower() for word in session.call.listed("columns")):
        if column != "+" and column not in titles:
            available = ", ".join(sorted(titles))
            raise CliError(f"Column not found: {column} (available columns: {available})")
        wanted += default if column == "+" else [column]
    columns = list(dict.fromkeys(wanted)) or list(default)
    form = session.call.value("format", "table").lower()
    table(rows, titles, columns, form=form, header=not session.call.has("no-header"))


def machine_readable(session: Session) -> bool:
    """Whether the table is for a program, so that nothing is said to people."""
    return session.call.value("format").lower() in ("csv", "tsv", "plain")
