"""`activity:list`, `activity:get`, `activity:log`."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

from ..._kit.console import note, say
from ..._kit.symfony import CliError
from ..session import TEXTS, UpsunSession, environment_label, project_label
from ..state import SHAPES, Activity

_DEFAULT = ("id", "created", "description", "progress", "state", "result")
TYPES = ("environment.push", "environment.redeploy")


def listing(session: UpsunSession) -> int:
    """[CLI source: ActivityListCommand] Exits with 1 if there is none."""
    project, everywhere = session.project(), session.has("all")
    limit = session.value("limit", "10")
    if not limit.isdigit():
        raise CliError("The --limit value must be a non-negative integer.")
    found = _selected(session)[: int(limit)]
    if not found:
        note("No activities found")
        return 1
    environment = "" if everywhere else f", environment {environment_label(project['environment'])}"
    session.tell(f"Activities on the project {project_label(project)}{environment}:")
    rows = [_row(activity, project["environment"]["name"]) for activity in found]
    session.show("activity", rows, (*_DEFAULT, "environments") if everywhere else _DEFAULT)
    return 0


def details(session: UpsunSession) -> int:
    """[CLI source: ActivityGetCommand]"""
    activity = _one(session)
    if activity is None:
        return 1
    project, result = session.project(), activity["result"] or ""
    properties = SHAPES.fill("activity", activity=activity, project=project, result=result)
    session.show_property(properties, session.value("property"))
    return 0


def log(session: UpsunSession) -> int:
    """[CLI source: ActivityLogCommand] The facts go to standard error, the log to standard output."""
    activity = _one(session)
    if activity is None:
        return 1
    note(TEXTS("activity", activity=activity, state=_state(activity)) + " ")
    say(Path(activity["log"]).read_text(encoding="utf-8").rstrip("\n"))
    return 0


def _one(session: UpsunSession) -> Activity | None:
    """The activity with the given ID or unique prefix of one; by default the newest."""
    wanted = session.argument(0)
    if not wanted:
        newest = next(iter(_selected(session)), None)
        if newest is None:
            note("No activities found")
        return newest
    found = [one for one in session.project()["activities"] if one["id"].startswith(wanted)]
    if len(found) != 1:
        raise CliError(f"Activity not found: {wanted}")
    return found[0]


def _selected(session: UpsunSession) -> list[Activity]:
    """The activities selected by the options, newest first [CLI source: ActivityLoader]."""
    project = session.project()
    if not session.has("all"):
        session.environment(project)
    states = ["in_progress", "pending"] if session.has("incomplete") else session.call.listed("state")
    kinds, excluded = session.call.listed("type"), session.call.listed("exclude-type")
    for kind in kinds:
        if not any(_is_of(known, kind) for known in TYPES):
            note(f"Unrecognized activity type to include: {kind}")
    return [
        activity
        for activity in reversed(project["activities"])
        if (not states or activity["state"] in states)
        and (not kinds or any(_is_of(activity["type"], kind) for kind in kinds))
        and not any(_is_of(activity["type"], kind) for kind in excluded)
        and session.value("result") in ("", activity["result"])
    ]


def _is_of(kind: str, wanted: str) -> bool:
    """Whether a type matches: whole, without its first part, or with `%` and `*` for anything."""
    pattern = wanted.replace("%", "*")
    return fnmatchcase(kind, pattern) or fnmatchcase(kind.partition(".")[2], pattern)


def _row(activity: Activity, environment: str) -> dict[str, str]:
    progress = "50%" if activity["state"] == "in_progress" else "100%"
    facts = {"state": _state(activity), "result": activity["result"] or "", "environment": environment}
    return SHAPES.fill("activity row", activity=activity, progress=progress, **facts)


def _state(activity: Activity) -> str:
    return activity["state"].replace("_", " ")
