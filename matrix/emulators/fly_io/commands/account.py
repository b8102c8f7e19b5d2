"""`version`, `auth whoami`, `orgs list`, `platform regions`."""

from __future__ import annotations

import json

from matrix.emulators.fly_io.console import say, say_json, say_table
from matrix.emulators.fly_io.regions import REGIONS
from matrix.emulators.fly_io.session import Session

_BUILD = {
    "Name": "fly",
    "Version": "2026.8.21",
    "Commit": "3f5a1c0e7d2b4968a1c5e3d7f9b08264ac13e57d",
    "BranchName": "master",
    "BuildDate": "2026-08-21T09:30:12Z",
    "OS": "linux",
    "Architecture": "amd64",
    "Environment": "production",
}


def version(session: Session) -> None:
    """[flyctl source] The one JSON that is not indented."""
    if session.has("json"):
        say(json.dumps(_BUILD, separators=(",", ":")))
        return
    say("fly v{Version} {OS}/{Architecture} Commit: {Commit} BuildDate: {BuildDate}".format(**_BUILD))


def whoami(session: Session) -> None:
    """[flyctl source]"""
    email = session.platform()["account"]["email"]
    if session.has("json"):
        say_json({"email": email})
    else:
        say(email)


def organizations(session: Session) -> None:
    """[flyctl source] The JSON maps slugs to names."""
    found = session.platform()["organizations"]
    if session.has("json"):
        say_json({slug: found[slug]["name"] for slug in sorted(found)})
        return
    say_table(("Name", "Slug", "Type"), [(row["name"], row["slug"], row["type"]) for row in found.values()])


def regions(session: Session) -> None:
    """[flyctl source]"""
    session.platform()
    rows = list(REGIONS.values())
    if session.has("json"):
        say_json(rows)
        return
    for area in dict.fromkeys(row["geo_region"] for row in rows):
        say(area.replace("_", " ").upper())
        found = [row for row in rows if row["geo_region"] == area]
        say_table(("Name", "Code", "MPG"), [(row["name"], row["code"], "✓" * row["mpg_available"]) for row in found])
        say()
