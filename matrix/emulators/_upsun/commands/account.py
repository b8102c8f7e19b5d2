"""`version`, `auth:info`, `organization:create`, `organization:list`."""

from __future__ import annotations

from matrix.emulators._upsun.commands import machine_readable, show_table
from matrix.emulators._upsun.console import CliError, ask, note, say
from matrix.emulators._upsun.session import Session
from matrix.emulators._upsun.state import new_organization


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


# [CLI source: OrganizationCreateCommand] The type is that of the configuration, `api.default_organization_type`, which
# both products' CLIs share; nobody is asked for it.
NEW_ORGANIZATION_TYPE = "flexible"


def create_organization(session: Session) -> int:
    """[CLI source: OrganizationCreateCommand] Label, name and country are needed where nobody can be asked."""
    platform = session.platform()
    given = {}
    for option, question in (("label", "Label"), ("name", "Name"), ("country", "Country")):
        value = session.call.value(option)
        if not value and not session.interactive:
            raise CliError(f"--{option} is required")  # [CLI source: platformsh/console-form, Form::resolveOptions]
        given[option] = value or ask(f"{question} (--{option})\nEnter a value: ")
    if not session.confirm(f"Are you sure you want to create a new organization {given['name']}?", default=False):
        return 1
    if any(one["name"] == given["name"] for one in platform["organizations"]):
        note(f"An organization already exists with the same name: {given['name']}")
        return 1
    with session.state.change() as changed:
        changed["organizations"].append(new_organization(given["name"], given["label"], NEW_ORGANIZATION_TYPE))
    note(f"Created organization {given['label']} ({given['name']})")
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
