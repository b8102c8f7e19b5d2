"""`project:list`, `project:info`, `project:set-remote`, `project:delete`."""

from __future__ import annotations

from matrix.emulators._upsun import lifecycle, local_project
from matrix.emulators._upsun.commands import machine_readable, show_table
from matrix.emulators._upsun.console import CliError, ask, note, say
from matrix.emulators._upsun.model import Platform, Project, git_url, may_use
from matrix.emulators._upsun.session import Session, project_label

_TITLES = {
    "id": "ID",
    "title": "Title",
    "region": "Region",
    "organization_name": "Org name",
    "organization_id": "Org ID",
    "organization_label": "Org label",
    "organization_type": "Org type",
    "status": "Status",
    "created_at": "Created",
}
_PAGE = 20  # [CLI source: config-defaults.yaml]


def listing(session: Session) -> int:
    """[CLI source: ProjectListCommand] Sorted by title, and in pages of 20 unless --count says otherwise."""
    platform, call = session.platform(), session.call
    rows = [_row(platform, project) for project in platform["projects"].values() if may_use(platform, project)]
    if call.has("my"):
        rows = [row for row in rows if platform["projects"][row["id"]]["owner"] == platform["account"]["email"]]
    rows = [row for row in rows if call.value("title").lower() in row["title"].lower()]
    rows = [row for row in rows if call.value("region") in ("", row["region"])]
    rows = [row for row in rows if call.value("org") in ("", row["organization_name"], row["organization_id"])]
    rows.sort(key=lambda row: row[call.value("sort", "title")])
    if not rows:
        note(f"You do not have any {session.flavour.service_name} projects yet.")
        note(f"\nTo create a new project, run: {session.flavour.executable} create")
        return 0
    if call.has("pipe"):
        say("\n".join(row["id"] for row in rows))
        return 0
    size = int(call.value("count", str(_PAGE))) or len(rows)
    start = (int(call.value("page", "1")) - 1) * size
    if not machine_readable(session):
        note("Your projects are:")
    show_table(
        session,
        rows[start : start + size],
        _TITLES,
        ("id", "title", "region", "organization_name", "organization_type"),
    )
    return 0


def details(session: Session) -> None:
    """[CLI source: ProjectInfoCommand]"""
    project = session.project()
    properties = {
        "id": project["id"],
        "title": project["title"],
        "region": project["region"],
        "organization": _organization(session.platform(), project)["id"],
        "default_branch": project["environment"]["name"],
        "created_at": project["created_at"],
        "git": git_url(project),
    }
    wanted = session.call.argument(0)
    if session.call.argument(1):
        raise CliError("The emulated project:info sets nothing.")  # LIMIT of the emulation
    if wanted and wanted not in properties:
        raise CliError(f"Property not found: {wanted}")
    if wanted:
        say(properties[wanted])
    else:
        rows = [{"property": name, "value": value} for name, value in properties.items()]
        show_table(session, rows, {"property": "Property", "value": "Value"}, ("property", "value"))


def set_remote(session: Session) -> int:
    """[CLI source: ProjectSetRemoteCommand]"""
    root = local_project.repository_root()
    if root is None:
        note("No Git repository found. Use git init to create a repository.")
        return 1
    wanted = session.call.argument(0)
    if wanted == "-":
        return _unset(session)
    platform = session.platform()
    current = platform["projects"].get(local_project.current_project_id(session.flavour) or "")
    if current:
        note(f"This repository is already linked to the remote project: {project_label(current)}")
        if not session.confirm("Are you sure you want to change it?"):
            return 1
        note()
    if wanted and wanted not in platform["projects"]:
        note(f"Project not found: {wanted}")
        return 1
    project = session.project(wanted)
    if current and current["id"] == project["id"]:
        note(f"The remote project for this repository is already set as: {project_label(project)}")
        return 0
    change = f"Changing the remote project for this repository from {project_label(current)} to" if current else ""
    note(f"{change or 'Setting the remote project for this repository to:'} {project_label(project)}\n")
    local_project.map_repository(session.flavour, root, project)
    note(f"The remote project for this repository is now set to: {project_label(project)}")
    return 0


def delete(session: Session) -> int:
    """[CLI source: ProjectDeleteCommand] Where nobody can be asked, only --yes says yes."""
    project = session.project(session.call.argument(0))
    question = (
        f"You are about to delete the project:\n  {project_label(project)}\n\n * This action is irreversible.\n"
        " * Your site will no longer be accessible.\n"
        " * All data associated with this project will be deleted, including backups.\n"
        " * You will be charged at the end of the month for any remaining project costs.\n\n"
        "Are you sure you want to delete this project?"
    )
    if not session.confirm(question, default=False):
        return 1
    if session.interactive and ask("Type the project title to confirm: ") != project["title"]:
        note(f"Incorrect project title (expected: {project['title']})")
        return 1
    lifecycle.delete(session.state, project)
    note(f"\nThe project {project_label(project)} was deleted.")
    return 0


def _unset(session: Session) -> int:
    root = local_project.repository_root()
    assert root
    if not local_project.unmap_repository(session.flavour, root):
        note("This repository is not mapped to a remote project.")
    else:
        note("This repository is no longer mapped to a project.")
    return 0


def _row(platform: Platform, project: Project) -> dict[str, str]:
    organization = _organization(platform, project)
    return {
        "id": project["id"],
        "title": project["title"],
        "region": project["region"],
        "status": "active",
        "created_at": project["created_at"],
        **{f"organization_{name}": str(organization.get(name)) for name in ("id", "name", "label", "type")},
    }


def _organization(platform: Platform, project: Project) -> dict[str, str]:
    wanted = project["organization"]
    return next(dict(one) for one in platform["organizations"] if one["id"] == wanted)  # type: ignore[arg-type]
