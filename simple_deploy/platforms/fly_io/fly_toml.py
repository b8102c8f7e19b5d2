"""fly.toml: text → text edits that only insert lines, and replace a name that the user has given again."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from simple_deploy.contract import HEALTH, Shape, check_types, filled

_TEMPLATE = Path(__file__).with_name("templates") / "fly.toml"
_HEADER = re.compile(r"^[ \t]*\[+([^\[\]]+)\]+[ \t]*(?:#.*)?$", re.MULTILINE)
_KEY = re.compile(r"[ \t]*([A-Za-z0-9_-]+)[ \t]*=")
PORT = 8080
PROPOSED = "# No deployment has used this name yet. --automate-all creates the app and removes this line.\n"

Document = dict[str, Any]
_CHECK = {"path": str, "headers": {"*": str}}
_SERVICE: Shape = {"internal_port": int, "checks": (dict, [_CHECK]), "min_machines_running": int}
# As flyctl reads it (flyctl source, appconfig.Config), as far as it is read here.
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
    found = _parsed(text) if text else {}
    check_types(found, _SHAPE)
    return found


def _parsed(text: str) -> Document:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    read: dict[str, Any] = tomllib.loads(text)
    return read


def table(document: Document, name: str) -> Document:
    """A table; an empty one if there is none, or something else in its place."""
    found = document.get(name)
    return found if isinstance(found, dict) else {}


def tables(document: Document, name: str) -> list[Document]:
    """The tables of a list; none if there is something else in its place."""
    found = document.get(name)
    return [part for part in found if isinstance(part, dict)] if isinstance(found, list) else []


def port(document: Document) -> int:
    """The port on which the site listens inside of its machine: the user's, or the default. Raises ValueError."""
    services = [table(document, "http_service"), *tables(document, "services")]
    ports = [service["internal_port"] for service in services if "internal_port" in service]
    found = str((ports or [table(document, "env").get("PORT", PORT)])[0])
    if not found.isdecimal():
        raise ValueError(f"PORT in [env] is not a number: {found}")
    return int(found)


def edited(text: str | None, *, app: str, region: str | None, values: Mapping[str, str], proposed: bool = False) -> str:
    """A new fly.toml, or `text` with the missing keys; existing keys stay, except for the names `app` and `region`.

    A comment marks a `proposed` name: one that was written without asking Fly.io. `values` fill the template's other
    places. Raises ValueError where nothing can be inserted safely.
    """
    present = loads(text or "")
    marked = proposed and (present.get("app") != app or PROPOSED in (text or ""))
    return _marked(_edited(text, present, app, region, values), marked)


def _marked(text: str, mark: bool) -> str:
    head, *tables = _parts(text.replace(PROPOSED, ""))
    if mark:
        head = re.sub(r"^(?=app[ \t]*=)", PROPOSED, head, count=1, flags=re.MULTILINE)
    return "".join((head, *tables))


def _edited(text: str | None, present: Document, app: str, region: str | None, values: Mapping[str, str]) -> str:
    quoted = {name: _quoted(value) for name, value in values.items()}
    names = {"app": _quoted(app), "app_name": app, "region": _quoted(region or "")}
    wanted = filled(_TEMPLATE, {**names, "port": str(port(present)), "health": HEALTH, **quoted})
    if region is None:
        wanted = re.sub(r"^primary_region = .*\n", "", wanted, flags=re.MULTILINE)
    if text is None:
        return wanted
    text = _renamed(text, present, app, region)
    return _merged(text, "".join(part for part in _parts(wanted) if _belongs(part, present)))


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False) if "'" in value else f"'{value}'"


def _belongs(part: str, present: Document) -> bool:
    """Whether a file of the user's may get this table: its machines and services are as the user made them."""
    table = _path(part)[:1]
    if table == ("vm",):
        return False
    if table == ("build",):
        return "build" not in present
    return table != ("http_service",) or "services" not in present


def _renamed(text: str, present: Document, app: str, region: str | None) -> str:
    """The names of the app and its region replaced, wherever the file has others."""
    parts = _parts(text)
    for key, new in (("app", app), ("primary_region", region)):
        if new is not None and present.get(key, new) != new:
            parts[0] = re.sub(rf"^({key}\s*=\s*)(['\"]).*?\2", rf"\g<1>\g<2>{new}\g<2>", parts[0], flags=re.MULTILINE)
    old = present.get("app", app)
    return "".join(parts).replace(f"{old}.fly.dev", f"{app}.fly.dev") if old != app else "".join(parts)


def _merged(text: str, wanted: str) -> str:
    """`text` with the keys and tables of `wanted` that it lacks."""
    present, ours = loads(text), loads(wanted)
    parts = _parts(text)
    for part in _parts(wanted):
        path = _path(part)
        there = _at(present, path)
        if there is None:
            parts[-1] = _ended(parts[-1])
            parts.append(("\n" if parts[-1].strip() else "") + part.rstrip() + "\n")
        elif isinstance(there, dict):
            place = next((i for i, own in enumerate(parts) if _path(own) == path), None)
            lines = _missing(part, there)
            if lines and place is None:
                raise ValueError(f"[{'.'.join(path)}] is not written as a separate table")
            if place is not None:
                parts[place] = _with_lines(parts[place], lines)
    result = "".join(parts)
    if loads(result) != _sum(present, ours):
        raise ValueError("the missing keys cannot be inserted without changing unrelated parts")
    return result


def _parts(text: str) -> list[str]:
    """The text cut before every header; the first part is what stands above them."""
    starts = [0, *(match.start() for match in _HEADER.finditer(text))]
    return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def _path(part: str) -> tuple[str, ...]:
    header = _HEADER.match(part)
    return tuple(name.strip(" \t'\"") for name in header[1].split(".")) if header else ()


def _at(document: Any, path: tuple[str, ...]) -> Any:
    """What stands there; a list of tables counts for everything below it."""
    for name in path:
        if not isinstance(document, dict):
            break
        document = document.get(name)
    return document


def _missing(part: str, there: Document) -> list[str]:
    """The lines of keys that are not there, each with the comments above it."""
    lines: list[str] = []
    comments: list[str] = []
    for line in part.splitlines(keepends=True):
        key = _KEY.match(line)
        if key is None:
            comments = [*comments, line] if line.lstrip().startswith("#") else []
            continue
        if key[1] not in there:
            lines += [*comments, line]
        comments = []
    return lines


def _with_lines(part: str, lines: list[str]) -> str:
    """The lines inserted after the last entry; what stands below it may belong to the next table."""
    own = part.splitlines(keepends=True)
    significant = [i for i, line in enumerate(own) if line.strip() and not line.lstrip().startswith("#")]
    after = significant[-1] + 1 if significant else len(own)
    head = "".join(own[:after])
    return (_ended(head) if lines else head) + "".join(lines) + "".join(own[after:])


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"


def _sum(mine: Any, ours: Any) -> Any:
    if not isinstance(mine, dict) or not isinstance(ours, dict):
        return mine
    return {**ours, **{key: _sum(value, ours.get(key)) for key, value in mine.items()}}
