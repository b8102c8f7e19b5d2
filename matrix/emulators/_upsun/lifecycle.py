"""The creation and removal of projects: state, Git repository, databases and web process."""

from __future__ import annotations

import secrets
import string
from typing import cast

from .._kit import repository
from .state import Organization, Project, State, Variable, moment, short_id

_ENTROPY = string.ascii_uppercase + "234567"


def create(
    state: State,
    title: str,
    region: str,
    organization: Organization,
    *,
    branch: str = "main",
    owner: str | None = None,
) -> Project:
    """A new project of the developer, or of another `owner` only."""
    project_id = short_id()
    with state.change() as platform:
        taken = any(other["site"] == title for other in platform["projects"].values())
        project: Project = {
            "id": project_id,
            "title": title,
            "site": project_id if taken else title,
            "region": region,
            "organization": organization["id"],
            "owner": owner or platform["account"]["email"],
            "members": [],
            "subscription": str(1_000_000 + secrets.randbelow(9_000_000)),
            "created_at": moment(),
            "entropy": "".join(secrets.choice(_ENTROPY) for _ in range(56)),
            "environment": {
                "name": branch,
                "type": "production",
                "status": "inactive",
                "head": None,
                "deployment": None,
            },
            "activities": [],
            "databases": {},
            "variables": [],
        }
        platform["projects"][project_id] = project
    hooks = {name: (str(state.root), state.flavour.name, project_id, name) for name in ("pre-receive", "post-receive")}
    repository.create(state.repository(project_id), f"{__package__}.receive", hooks, branch)
    return project


def variable(
    name: str, value: str, level: str = "project", *, sensitive: bool = False, visible_build: bool = True
) -> Variable:
    """A variable that is in effect."""
    row = {"name": name, "level": level, "value": value, "sensitive": sensitive, "enabled": True}
    return cast(Variable, {**row, "visible_build": visible_build})


def delete(state: State, project: Project) -> None:
    """Remove a project and everything that belongs to it."""
    project_id, databases = project["id"], [f"{project['id']}_{service}" for service in project["databases"]]
    state.remove_site(project["site"], databases, state.repository(project_id), state.app_folder(project_id))
    with state.change() as platform:
        del platform["projects"][project_id]
