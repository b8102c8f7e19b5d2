"""`variable:list`, `:create`, `:update` and `:delete` [CLI source: VariableListCommand and its neighbours]."""

from __future__ import annotations

from ..._kit.console import note
from ..._kit.symfony import CliError
from .. import lifecycle
from ..session import UpsunSession, project_label
from ..state import Project, Variable

LEVELS = ("project", "environment")
_TRUE = ("true", "1", "yes")


def listing(session: UpsunSession) -> int:
    """[CLI source; integration-tests/variable_list_test.go] Those of the project come first."""
    project, level = session.project(), _level(session)
    if level != "project":
        session.environment(project)
    found = [one for kind in LEVELS if level in ("", kind) for one in project["variables"] if one["level"] == kind]
    if not found:
        note("No variables found.")
        return 1
    session.tell(f"Variables on the project {project_label(project)}:")
    hidden = "" if session.machine_readable else "[Hidden: sensitive value]"
    rows = [
        {
            "name": one["name"],
            "level": one["level"],
            "value": hidden if one["sensitive"] else one["value"],
            "is_enabled": str(one["enabled"]).lower() if one["level"] == "environment" else "",
        }
        for one in found
    ]
    session.show("variable", rows, ("name", "level", "value", "is_enabled"))
    return 0


def create(session: UpsunSession) -> int:
    """[CLI source: VariableCreateCommand] Without a terminal the level and the value must be given."""
    project, level, name = session.project(), _level(session), session.argument(0) or session.value("name")
    prefix = session.value("prefix", "none").rstrip(":")
    name = name if prefix == "none" else f"{prefix}:{name}"
    if _find(project, name, level):
        note(f"The variable already exists: {name}")
        return 1
    given = {"level": level, "name": name, "value": session.given("value")}
    if missing := next((option for option, value in given.items() if not value), None):
        # [CLI source: platformsh/console-form, Form::resolveOptions]
        raise CliError(f"--{missing} is required")
    where = project_label(project) if level == "project" else session.environment(project)["name"]
    note(f"Creating variable {name} on the {level} {where}")
    sensitive = session.value("sensitive") in _TRUE
    # [docs: Variables overview] A build has those of the project, and only some of an environment.
    visible = session.value("visible-build", "true" if level == "project" else "false") in _TRUE
    made = lifecycle.variable(name, session.value("value"), level, sensitive=sensitive, visible_build=visible)
    with session.state.change() as platform:
        platform["projects"][project["id"]]["variables"].append(made)
    return _take_effect(session, project, level)


def update(session: UpsunSession) -> int:
    """[CLI source: VariableUpdateCommand] It never prompts: the value comes only from the command line."""
    project, found = _existing(session)
    if found is None:
        return 1
    value = session.value("value")
    if not session.given("value") or (value == found["value"] and not found["sensitive"]):
        note("No changes were provided.")
        return 0 if session.has("allow-no-change") else 1
    with session.state.change() as platform:
        held = platform["projects"][project["id"]]["variables"]
        next(one for one in held if one == found)["value"] = value
    note(f"Variable {found['name']} updated")
    return _take_effect(session, project, found["level"])


def delete(session: UpsunSession) -> int:
    """[CLI source: VariableDeleteCommand] If the CLI cannot ask, only --yes confirms."""
    project, found = _existing(session)
    if found is None:
        return 1
    where = project_label(project) if found["level"] == "project" else project["environment"]["name"]
    question = f"Are you sure you want to delete the variable {found['name']} from the {found['level']} {where}?"
    if not session.confirm(question, default=False):
        return 1
    with session.state.change() as platform:
        platform["projects"][project["id"]]["variables"].remove(found)
    note(f"Deleted variable {found['name']}")
    return _take_effect(session, project, found["level"])


def _existing(session: UpsunSession) -> tuple[Project, Variable | None]:
    """[CLI source: VariableCommandUtil.getExistingVariable]"""
    project, level, name = session.project(), _level(session), session.argument(0)
    if level != "project":
        session.environment(project)
    found = _find(project, name, level)
    if len(found) > 1:
        note(f"Variable found at both project and environment levels: {name}")
        note("To select a variable, use the --level option ('project' or 'environment').")
    elif not found:
        note(f"Variable not found: {name}")
    return project, found[0] if len(found) == 1 else None


def _find(project: Project, name: str, level: str) -> list[Variable]:
    return [one for one in project["variables"] if one["name"] == name and level in ("", one["level"])]


def _level(session: UpsunSession) -> str:
    """[CLI source: VariableCommandUtil.getRequestedLevel]"""
    given = session.value("level")
    level = next((level for level in LEVELS if level.startswith(given.lower())), None) if given else ""
    if level is None:
        raise CliError(f"Invalid level: {given}")
    return level


def _take_effect(session: UpsunSession, project: Project, level: str) -> int:
    """[docs: Set variables] A change for the environment redeploys it; one for the project takes effect later."""
    if level == "project" or project["environment"]["deployment"] is None:
        note("The remote environment(s) must be redeployed for the change to take effect.")
        return 0
    from .. import releasing

    return 0 if releasing.redeploy(session.state, project["id"], note) else 1
