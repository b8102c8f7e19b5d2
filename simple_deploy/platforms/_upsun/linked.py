"""Which project of the platform a folder belongs to, as its CLI finds it out."""

from __future__ import annotations

import re

from ..contract import Claim, Project
from .flavour import Flavour

# upsun/cli, `detection.git_domain` and LocalProject: the host may name a region.
_GIT_URL = re.compile(r"(?:ssh://)?([a-z0-9]{12,})@git\.(?:[a-z0-9.-]+\.)?(?:platform\.sh|upsun\.com)[:/]\1\.git")
_ID = re.compile(r"""^id:\s*['"]?([a-z0-9]+)['"]?\s*$""", re.MULTILINE)


def linked_id(flavour: Flavour, project: Project) -> str | None:
    """The project's id: from the CLI's own file, else from the Git remote that it makes, else from origin."""
    noted = _ID.search((project.files.get(flavour.link) or b"").decode("utf-8", "replace"))
    if noted:
        return noted[1]
    urls = (project.git.remotes.get(name, "") for name in (flavour.executable, "origin"))
    return next((match[1] for match in map(_GIT_URL.fullmatch, urls) if match), None)


def claims(flavour: Flavour, project: Project) -> tuple[Claim, ...]:
    """The project that the folder is linked to."""
    link = linked_id(flavour, project)
    forget = f"{flavour.executable} set-remote -"
    return (Claim(app="", id=link, said_by=f"the link of this folder ({flavour.link})", forget=forget),) if link else ()
