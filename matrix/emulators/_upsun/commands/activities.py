"""`activity:list`, `activity:get`, `activity:log`."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

from matrix.emulators._upsun.commands import machine_readable, show_table
from matrix.emulators._upsun.console import CliError, note, say
from matrix.emulators._upsun.model import Activity
from matrix.emulators._upsun.session import Session, environment_label, project_label

_TITLES = {
    "id": "ID",
    "created": "Created",
    "completed": "Completed",
    "description": "Description",
    "type": "Type",
    "progress": "Progress",
    "state": "State",
    "result": "Result",
    "environments": "Environment(s)",
}
_DEFAULT = ("id", "created", "description", "progress", "state", "result")
_LIMIT = "10"
TYPES = ("environment.push", "environment.redeploy")


def listing(session: Session) -> int:
    """[CLI source: ActivityListCommand] Ends with 1 where there is none."""
    project = session.project()
    everywhere = session.call.has("all")
    if not everywhere:
        session.environment(project)
    found = _selected(session)[: _number(session, "limit", _LIMIT)]
    if not found:
        note("No activities found")
        return 1
    if not machine_readable(session):
        environment = "" if everywhere else f", environment {environment_label(project['environment'])}"
        note(f"Activities on the project {project_label(project)}{environment}:")
    rows = [_row(activity, project["environment"]["name"]) for activity in found]
    show_table(session, rows, _TITLES, (*_DEFAULT, "environments") if everywhere else _DEFAULT)
    return 0


def details(session: Session) -> int:
    """[CLI source: ActivityGetCommand]"""
    activity = _one(session)
    if activity is None:
        note("No activities found")
        return 1
    project = session.project()["id"]
    properties = {
        "id": activity["id"],
        "type": activity["type"],
        "description": activity["description"],
        "created_at": activity["created_at"],
        "completed_at": activity["completed_at"],
        "state": activity["state"],
        "result": activity["result"] or "",
        "project": project,
    }
    wanted = session.call.value("property")
    if wanted and wanted not in properties:
        raise CliError(f"Property not found: {wanted}")
    if wanted:
        say(properties[wanted])
    else:
        rows = [{"property": name, "value": value} for name, value in properties.items()]
        show_table(session, rows, {"property": "Property", "value": "Value"}, ("property", "value"))
    return 0


def log(session: Session) -> int:
    """[CLI source: ActivityLogCommand] What the activity is goes to standard error, its log to standard output."""
    activity = _one(session)
    if activity is None:
        note("No activities found")
        return 1
    note(
        f"Activity ID: {activity['id']}\nType: {activity['type']}\nDescription: {activity['description']}\n"
        f"Created: {activity['created_at']}\nState: {_state(activity)}\nLog: "
    )
    say(Path(activity["log"]).read_text(encoding="utf-8").rstrip("\n"))
    return 0


def _one(session: Session) -> Activity | None:
    """The activity of the given id, or of a unique beginning of one; the newest without any."""
    wanted = session.call.argument(0)
    if not wanted:
        project = session.project()
        if not session.call.has("all"):
            session.environment(project)
        return next(iter(_selected(session)), None)
    found = [one for one in session.project()["activities"] if one["id"].startswith(wanted)]
    if len(found) != 1:
        raise CliError(f"Activity not found: {wanted}")
    return found[0]


def _selected(session: Session) -> list[Activity]:
    """Activities that the options let through, newest first [CLI source: ActivityLoader]."""
    call = session.call
    states = ["in_progress", "pending"] if call.has("incomplete") else call.listed("state")
    kinds = call.listed("type")
    for kind in kinds:
        if not any(_is_of(known, kind) for known in TYPES):
            note(f"Unrecognized activity type to include: {kind}")
    return [
        activity
        for activity in reversed(session.project()["activities"])
        if (not states or activity["state"] in states)
        and (not kinds or any(_is_of(activity["type"], kind) for kind in kinds))
        and not any(_is_of(activity["type"], kind) for kind in call.listed("exclude-type"))
        and call.value("result") in ("", activity["result"])
    ]


def _is_of(kind: str, wanted: str) -> bool:
    """Whether a type fits: whole, without its first part, or with `%` and `*` for anything."""
    pattern = wanted.replace("%", "*")
    return fnmatchcase(kind, pattern) or fnmatchcase(kind.partition(".")[2], pattern)


def _number(session: Session, option: str, default: str) -> int:
    text = session.call.value(option, default)
    if not text.isdigit():
        raise CliError(f"The --{option} value must be a non-negative integer.")
    return int(text)


def _row(activity: Activity, environment: str) -> dict[str, str]:
    return {
        "id": activity["id"],
        "created": activity["created_at"],
        "completed": activity["completed_at"],
        "description": activity["description"],
        "type": activity["type"],
        "progress": "50%" if activity["state"] == "in_progress" else "100%",
        "state": _state(activity),
        "result": activity["result"] or "",
        "environments": environment,
    }


def _state(activity: Activity) -> str:
    return activity["state"].replace("_", " ")
