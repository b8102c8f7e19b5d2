"""fly.toml: the part that is read, and a text → text edit that only adds lines, or replaces a name given again."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from simple_deploy.contract import HEALTH, Project, Shape, check_types, filled, merged_toml, toml_content, toml_head

_TEMPLATE = Path(__file__).with_name("templates") / "fly.toml"
PORT = 8080
PROPOSED = "# No deployment has used this name yet. --automate-all creates the app and removes this line.\n"

CONFIGURATION = "fly.toml"

Document = dict[str, Any]
_CHECK = {"path": str, "headers": {"*": str}}
_SERVICE: Shape = {"internal_port": int, "checks": (dict, [_CHECK]), "min_machines_running": int}
# The types that flyctl expects (flyctl source, appconfig.Config), for the part that is read here.
_SHAPE: Shape = {
    "app": str,
    "primary_region": str,
    "console_command": str,
    "kill_signal": str,
    "kill_timeout": (str, int),
    "build": {"image": str, "builder": str, "buildpacks": [str], "dockerfile": str},
    "deploy": dict,
    "env": {"*": (str, int, float, bool)},
    "http_service": _SERVICE,
    "services": (dict, [{"internal_port": int}]),
    "statics": (dict, [dict]),
    "vm": (dict, [dict]),
}


def loads(text: str) -> Document:
    """The content of fly.toml. Raises ValueError with the place if it is not TOML, or has a value of the wrong type."""
    found = toml_content(text.encode()) if text else {}
    check_types(found, _SHAPE)
    return found


def of(project: Project) -> Document:
    """The content of the user's fly.toml; empty if there is none or it cannot be read."""
    try:
        return loads((project.files.get(CONFIGURATION) or b"").decode("utf-8-sig"))
    except ValueError:
        return {}


def table(document: Document, name: str) -> Document:
    """A table; an empty one if it is missing or something else."""
    found = document.get(name)
    return found if isinstance(found, dict) else {}


def tables(document: Document, name: str) -> list[Document]:
    """The tables of a list; none if it is something else."""
    found = document.get(name)
    return [part for part in found if isinstance(part, dict)] if isinstance(found, list) else []


def port(document: Document) -> int:
    """The port on which the site listens inside its machine: the user's, or the default. Raises ValueError."""
    services = [table(document, "http_service"), *tables(document, "services")]
    ports = [service["internal_port"] for service in services if "internal_port" in service]
    found = str((ports or [table(document, "env").get("PORT", PORT)])[0])
    if not found.isdecimal():
        raise ValueError(f"PORT in [env] is not a number: {found}")
    return int(found)


def edited(
    text: str | None,
    *,
    app: str,
    region: str | None,
    values: Mapping[str, str],
    image: str = "Dockerfile",
    proposed: bool = False,
) -> str:
    """A new fly.toml, or `text` with the missing keys; existing keys stay, except for the names `app` and `region`.

    A comment marks a `proposed` name: one that was written without asking Fly.io. `values` fill the template's other
    places, and `image` is the Dockerfile to build. Raises ValueError where nothing can be inserted safely.
    """
    present = loads(text or "")
    marked = proposed and (present.get("app") != app or PROPOSED in (text or ""))
    return _marked(_edited(text, present, app, region, {**values, "image": image}), marked)


def _marked(text: str, mark: bool) -> str:
    text = text.replace(PROPOSED, "")
    head = toml_head(text)
    marked = re.sub(r"^(?=app[ \t]*=)", PROPOSED, head, count=1, flags=re.MULTILINE) if mark else head
    return marked + text[len(head) :]


def _edited(text: str | None, present: Document, app: str, region: str | None, values: Mapping[str, str]) -> str:
    quoted = {name: _quoted(value) for name, value in values.items()}
    names = {"app": _quoted(app), "app_name": app, "region": _quoted(region or "")}
    wanted = filled(_TEMPLATE, {**names, "port": str(port(present)), "health": HEALTH, **quoted})
    if region is None:
        wanted = re.sub(r"^primary_region = .*\n", "", wanted, flags=re.MULTILINE)
    if text is None:
        return wanted
    return merged_toml(_renamed(text, present, app, region), wanted, without=_left_out(present, values["image"]))


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False) if "'" in value else f"'{value}'"


def _left_out(present: Document, image: str) -> set[str]:
    """The tables that are not added to a user's file: its machines and services stay as the user configured them.

    Its [build] gains only the name of an `image` that flyctl would not find.
    """
    built = ["build"] if "build" in present and image in ("", "Dockerfile") else []
    return {"vm", *built, *(["http_service"] if "services" in present else [])}


def _renamed(text: str, present: Document, app: str, region: str | None) -> str:
    """The names of the app and its region replaced where the file has others."""
    head, old = toml_head(text), present.get("app", app)
    renamed = head
    for key, new in (("app", app), ("primary_region", region)):
        if new is not None and present.get(key, new) != new:
            renamed = re.sub(rf"^({key}\s*=\s*)(['\"]).*?\2", rf"\g<1>\g<2>{new}\g<2>", renamed, flags=re.MULTILINE)
    whole = renamed + text[len(head) :]
    return whole.replace(f"{old}.fly.dev", f"{app}.fly.dev") if old != app else whole
