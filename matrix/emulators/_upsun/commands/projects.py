"""`project:list`, `project:info`, `project:set-remote`, `project:delete`."""

from __future__ import annotations

from typing import Any

from ..._kit.console import note, say
from ..._kit.store import first
from ..._kit.symfony import ask
from .. import lifecycle, local_project
from ..session import TEXTS, UpsunSession, project_label
from ..state import SHAPES, Platform, Project, git_url, may_use

_PAGE = "20"  # [CLI source: config-defaults.yaml]


def listing(session: UpsunSession) -> None:
    """[CLI source: ProjectListCommand] Sorted by title, and in pages of 20 or of --count."""
    platform = session.platform()
    email, title, org = platform["account"]["email"], session.value("title").lower(), session.value("org")
    rows = [
        row
        for project in platform["projects"].values()
        for row in [_row(platform, project)]
        if may_use(platform, project)
        and (not session.has("my") or project["owner"] == email)
        and title in row["title"].lower()
        and session.value("region") in ("", row["region"])
        and org in ("", row["organization_name"], row["organization_id"])
    ]
    rows.sort(key=lambda row: row[session.value("sort", "title")])
    if not rows:
        note(f"You do not have any {session.flavour.service_name} projects yet.")
        note(f"\nTo create a new project, run: {session.flavour.executable} create")
        return
    if session.has("pipe"):
        say("\n".join(row["id"] for row in rows))
        return
    size = int(session.value("count", _PAGE)) or len(rows)
    start = (int(session.value("page", "1")) - 1) * size
    session.tell("Your projects are:")
    columns = ("id", "title", "region", "organization_name", "organization_type")
    session.show("project", rows[start : start + size], columns)


def details(session: UpsunSession) -> None:
    """[CLI source: ProjectInfoCommand]"""
    project = session.project()
    organization = _organization(session.platform(), project)
    properties = SHAPES.fill("project", project=project, organization=organization, git=git_url(project))
    session.sets_nothing()
    session.show_property(properties, session.argument(0))


def set_remote(session: UpsunSession) -> int:
    """[CLI source: ProjectSetRemoteCommand]"""
    root = local_project.repository_root()
    if root is None:
        note("No Git repository found. Use git init to create a repository.")
        return 1
    wanted = session.argument(0)
    if wanted == "-":
        unmapped = local_project.unmap_repository(session.flavour, root)
        note(f"This repository is {'no longer mapped to a' if unmapped else 'not mapped to a remote'} project.")
        return 0
    platform, current = session.platform(), session.current_project()
    if current:
        note(f"This repository is already linked to the remote project: {project_label(current)}")
        if not session.confirm("Are you sure you want to change it?"):
            return 1
        note()
    if wanted and wanted not in platform["projects"]:
        note(f"Project not found: {wanted}")
        return 1
    project = session.project(wanted)
    label = project_label(project)
    if current and current["id"] == project["id"]:
        note(f"The remote project for this repository is already set as: {label}")
        return 0
    change = f"Changing the remote project for this repository from {project_label(current)} to" if current else ""
    note(f"{change or 'Setting the remote project for this repository to:'} {label}\n")
    local_project.map_repository(session.flavour, root, project)
    note(f"The remote project for this repository is now set to: {label}")
    return 0


def delete(session: UpsunSession) -> int:
    """[CLI source: ProjectDeleteCommand] If the CLI cannot ask, only --yes confirms."""
    project = session.project(session.argument(0))
    label = project_label(project)
    if not session.confirm(TEXTS("delete", project=label), default=False):
        return 1
    if session.interactive and ask("Type the project title to confirm: ") != project["title"]:
        note(f"Incorrect project title (expected: {project['title']})")
        return 1
    lifecycle.delete(session.state, project)
    note(f"\nThe project {label} was deleted.")
    return 0


def _row(platform: Platform, project: Project) -> dict[str, str]:
    return SHAPES.fill("project row", project=project, organization=_organization(platform, project))


def _organization(platform: Platform, project: Project) -> dict[str, Any]:
    return dict(first(platform["organizations"], id=project["organization"]) or {})
