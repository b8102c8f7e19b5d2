"""Platforms that build what is pushed: the local Git remotes that point to their apps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..model import Claim, Project
from .site import Site


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class GitRemotes:
    """`app_of` extracts the app's name from a remote's address; `name` is the name of a new remote."""

    name: str
    app_of: Callable[[str], str | None]

    def pointing_to(self, app: str, project: Project) -> str | None:
        """The remote that points to the app."""
        return next((remote for remote, url in project.git.remotes.items() if self.app_of(url) == app), None)

    def target(self, site: Site) -> str:
        """Where the site is pushed: the remote that points to its app, or the name for a new one."""
        free = self.name if self.name not in site.project.git.remotes else f"{self.name}-{site.app}"
        return self.pointing_to(site.app, site.project) or free

    def claims(self, project: Project) -> tuple[Claim, ...]:
        """The apps that remotes point to; the platform's CLI creates such a remote for each app."""
        found = ((remote, self.app_of(url)) for remote, url in project.git.remotes.items())
        return tuple(
            Claim(app=app, said_by=f"the Git remote {remote}", forget=f"git remote remove {remote}")
            for remote, app in found
            if app
        )

    def assumed(self, site: Site) -> str | None:
        """The reason for `already_done` in a step without a survey: then only a remote of the app is known."""
        if site.remote.surveyed or self.pointing_to(site.app, site.project) is None:
            return None
        return f"the app {site.app} has a Git remote here; --automate-all checks what it has"
