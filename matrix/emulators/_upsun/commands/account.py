"""`version`, `auth:info`, `organization:list`."""

from __future__ import annotations

from matrix.emulators._upsun.commands import machine_readable, show_table
from matrix.emulators._upsun.console import CliError, note, say
from matrix.emulators._upsun.session import Session


def version(session: Session) -> None:
    """[CLI source]"""
    say(f"{session.flavour.cli_name} 5.6.0")


def details(session: Session) -> int:
    """[CLI source: AuthInfoCommand] With --no-auto-login nothing is said where nobody is logged in, and all is well."""
    if session.call.has("no-auto-login") and not session.logged_in():
        return 0
    account = session.platform()["account"]
    properties = {
        "id": account["id"],
        "first_name": "Dev",
        "last_name": "Eloper",
        "username": "developer",
        "email": account["email"],
        "phone_number_verified": "true",
    }
    wanted = session.call.argument(0) or session.call.value("property")
    if wanted and wanted not in properties:
        raise CliError(f"Property not found: {wanted}")
    if wanted:
        say(properties[wanted])
    else:
        rows = [{"property": name, "value": value} for name, value in properties.items()]
        show_table(session, rows, {"property": "Property", "value": "Value"}, ("property", "value"))
    return 0


def organizations(session: Session) -> int:
    """[CLI source: OrganizationListCommand]"""
    platform = session.platform()
    kind = session.call.value("type")
    found = [one for one in platform["organizations"] if kind in ("", one["type"])]
    if not found:
        note("No organizations found.")
        note(f"\nTo create a new organization, run: {session.flavour.executable} org:create")
        return 1
    rows = [
        {
            "id": one["id"],
            "name": one["name"],
            "label": one["label"],
            "type": one["type"],
            "owner_email": platform["account"]["email"],
        }
        for one in found
    ]
    if not machine_readable(session):
        note("Organizations you own or belong to:")
    titles = {"id": "ID", "name": "Name", "label": "Label", "type": "Type", "owner_email": "Owner email"}
    show_table(session, rows, titles, ("name", "label", "type", "owner_email"))
    return 0
