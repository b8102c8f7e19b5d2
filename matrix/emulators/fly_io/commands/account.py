"""`version`, `auth whoami`, `orgs list`, `platform regions`."""

from __future__ import annotations

import json

from ..._kit.cobra import say_table
from ..._kit.console import say, say_json
from ..api import SHAPES
from ..api import regions as known_regions
from ..session import FlySession


def version(session: FlySession) -> None:
    """[flyctl source] The one JSON that is not indented."""
    build = SHAPES.fill("version")
    if session.has("json"):
        say(json.dumps(build, separators=(",", ":")))
    else:
        say("fly v{Version} {OS}/{Architecture} Commit: {Commit} BuildDate: {BuildDate}".format(**build))


def whoami(session: FlySession) -> None:
    """[flyctl source]"""
    email = session.platform()["account"]["email"]
    if session.has("json"):
        say_json({"email": email}, 4)
    else:
        say(email)


def organizations(session: FlySession) -> None:
    """[flyctl source] The JSON maps slugs to names."""
    found = session.platform()["organizations"]
    rows = [(row["name"], row["slug"], row["type"]) for row in found.values()]
    session.show({slug: found[slug]["name"] for slug in sorted(found)}, ("Name", "Slug", "Type"), rows)


def regions(session: FlySession) -> None:
    """[flyctl source]"""
    session.platform()
    rows = list(known_regions().values())
    if session.has("json"):
        say_json(rows, 4)
        return
    for area in dict.fromkeys(row["geo_region"] for row in rows):
        say(area.replace("_", " ").upper())
        found = [row for row in rows if row["geo_region"] == area]
        say_table(("Name", "Code", "MPG"), [(row["name"], row["code"], "✓" * row["mpg_available"]) for row in found])
        say()
