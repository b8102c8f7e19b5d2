"""The line in the settings block that names the project's app and the repository it was written for."""

from __future__ import annotations

import re
from hashlib import sha256

from .contract import Platform, Site
from .model import Claim, Project
from .production import settings_file
from .text.text_file import decode

_LINE = "# App on {platform}: {app} (repository {repository})\n"
_READ = re.compile(r"# App on .+?: (?P<app>.+) \(repository (?P<repository>none|[0-9a-f]{12})\)")
_NONE = "none"
# Scheme, credentials and port are part of how a repository is reached, not of its identity.
_ADDRESS = re.compile(r"(?:[a-z+]+://)?(?:[^/@]*@)?(?P<place>[^/:]*)(?::\d+(?=/))?(?P<path>.*)", re.IGNORECASE)


def repository(project: Project) -> str:
    """A short ID of the Git remote origin, the same for every spelling of its address; "" without an origin."""
    address = project.git.remotes.get("origin", "")
    match = _ADDRESS.fullmatch(address)
    if not address or not match:
        return ""
    path = match["path"].lstrip(":/").rstrip("/").removesuffix(".git")
    return sha256(f"{match['place']}/{path}".lower().encode()).hexdigest()[:12]


def committed(project: Project, platform: Platform) -> Claim | None:
    """The content of the line in the settings block."""
    raw = project.files.get(project.settings.path) or b""
    try:
        body = settings_file.block(decode(raw, python=True)[0], platform.id)
    except (ValueError, SyntaxError, LookupError):
        return None  # The plan reports a block or file that cannot be read.
    match = _READ.fullmatch(body.partition("\n")[0])
    if not match:
        return None
    written_for = "" if match["repository"] == _NONE else match["repository"]
    return Claim(app=match["app"], said_by=project.settings.path, committed=True, repository=written_for)


def line(site: Site, platform: Platform) -> str:
    """The line that a deployment leaves in the settings block. A run without a survey keeps the existing line."""
    project, remote = site.project, site.remote
    if remote.surveyed and str(remote.app).isprintable():
        where = repository(project) or _NONE
        return _LINE.format(platform=platform.name, app=remote.app, repository=where)
    present = committed(project, platform)
    if present is None or site.options.app_name not in (None, present.app):
        return ""
    return _LINE.format(platform=platform.name, app=present.app, repository=present.repository or _NONE)
