"""`environment:info`, `environment:list`, `environment:url`, `environment:redeploy`."""

from __future__ import annotations

from matrix.emulators._upsun.commands import show_table
from matrix.emulators._upsun.console import CliError, note, say
from matrix.emulators._upsun.model import current_environment, host
from matrix.emulators._upsun.session import Session, environment_label


def details(session: Session) -> None:
    """[CLI source: EnvironmentInfoCommand] A property without a value is an empty line."""
    project = session.project()
    environment = session.environment(project)
    properties = {
        "id": environment["name"],
        "name": environment["name"],
        "machine_name": current_environment(project),
        "project": project["id"],
        "type": environment["type"],
        "status": environment["status"],
        "head_commit": environment["head"] or "",
        "has_code": str(environment["head"] is not None).lower(),
        "is_main": "true",
    }
    wanted = session.call.argument(0)
    if session.call.argument(1):
        raise CliError("The emulated environment:info sets nothing.")  # LIMIT of the emulation
    if wanted and wanted not in properties:
        raise CliError(f"Property not found: {wanted}")
    if wanted:
        say(properties[wanted])
    else:
        rows = [{"property": name, "value": value} for name, value in properties.items()]
        show_table(session, rows, {"property": "Property", "value": "Value"}, ("property", "value"))


def listing(session: Session) -> None:
    """[CLI source: EnvironmentListCommand]"""
    environment = session.project()["environment"]
    if session.call.has("pipe"):
        return say(environment["name"])
    row = {
        "id": environment["name"],
        "title": environment["name"].capitalize(),
        "status": environment["status"].capitalize(),
        "type": environment["type"],
    }
    show_table(session, [row], {"id": "ID", "title": "Title", "status": "Status", "type": "Type"}, tuple(row))
    return None


def url(session: Session) -> int:
    """[CLI source: EnvironmentUrlCommand] Without --pipe a single URL where nobody can choose one."""
    project = session.project()
    environment = session.environment(project)
    if environment["deployment"] is None:
        raise CliError("Current deployment not found")
    from matrix.emulators._upsun.routes import routes_of

    found = routes_of(environment["deployment"]["configuration"], host(project))
    primary = [url for url, route in found.items() if route["primary"]]
    if session.call.has("primary") and not primary:
        note("No primary route found.")
        return 1
    urls = primary if session.call.has("primary") else list(found)
    if not urls:
        say("No URLs found.")
        return 1
    every = session.call.has("pipe") or session.call.value("browser") == "0" or session.interactive
    say("\n".join(urls if every else urls[:1]))
    return 0


def redeploy(session: Session) -> int:
    """[CLI source: EnvironmentRedeployCommand]"""
    project = session.project()
    environment = session.environment(project)
    if environment["head"] is None:
        note(f"Operation not available: The environment {environment_label(environment)} can't be redeployed.")
        return 1
    question = f"Are you sure you want to redeploy the environment {environment_label(environment)}?"
    if not session.confirm(question):
        return 1
    from matrix.emulators._upsun import releasing

    return 0 if releasing.redeploy(session.state, project["id"], note) else 1
