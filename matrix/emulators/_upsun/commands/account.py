"""`version`, `auth:info`, `organization:create`, `organization:list`."""

from __future__ import annotations

from ..._kit.console import note, say
from ..._kit.store import first
from ..._kit.symfony import CliError, ask
from ..session import UpsunSession
from ..state import SHAPES, new_organization

# [CLI source: OrganizationCreateCommand] The type comes from the configuration, `api.default_organization_type`, which
# the CLIs of both flavours share; the CLI never asks for it.
NEW_ORGANIZATION_TYPE = "flexible"


def version(session: UpsunSession) -> None:
    """[CLI source]"""
    say(f"{session.flavour.cli_name} 5.6.0")


def details(session: UpsunSession) -> None:
    """[CLI source: AuthInfoCommand] With --no-auto-login a missing login is not an error and prints nothing."""
    if session.has("no-auto-login") and not session.logged_in():
        return
    properties = SHAPES.fill("account", account=session.platform()["account"])
    session.show_property(properties, session.argument(0) or session.value("property"))


def create_organization(session: UpsunSession) -> int:
    """[CLI source: OrganizationCreateCommand] Label, name and country are required where the CLI cannot ask."""
    platform = session.platform()
    given = {}
    for option in ("label", "name", "country"):
        if not session.value(option) and not session.interactive:
            raise CliError(f"--{option} is required")  # [CLI source: platformsh/console-form, Form::resolveOptions]
        given[option] = session.value(option) or ask(f"{option.title()} (--{option})\nEnter a value: ")
    if not session.confirm(f"Are you sure you want to create a new organization {given['name']}?", default=False):
        return 1
    if first(platform["organizations"], name=given["name"]):
        note(f"An organization already exists with the same name: {given['name']}")
        return 1
    with session.state.change() as changed:
        changed["organizations"].append(new_organization(given["name"], given["label"], NEW_ORGANIZATION_TYPE))
    note(f"Created organization {given['label']} ({given['name']})")
    return 0


def organizations(session: UpsunSession) -> int:
    """[CLI source: OrganizationListCommand]"""
    platform = session.platform()
    kind, email = session.value("type"), platform["account"]["email"]
    found = [one for one in platform["organizations"] if kind in ("", one["type"])]
    rows = [SHAPES.fill("organization", organization=one, email=email) for one in found]
    if not rows:
        note("No organizations found.")
        note(f"\nTo create a new organization, run: {session.flavour.executable} org:create")
        return 1
    session.tell("Organizations you own or belong to:")
    session.show("organization", rows, ("name", "label", "type", "owner_email"))
    return 0
