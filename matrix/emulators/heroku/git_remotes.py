"""Heroku remotes of the Git repository in the current folder, and the app that a command selects.

The URLs are read from Git's configuration, not from `git remote -v` as in the real CLI: the sandbox rewrites them there
with `url.*.insteadOf`, which must stay invisible to the developer.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from .._kit.grammar import Call
from .._kit.oclif import CliError
from .._kit.repository import git, remotes

GIT_HOST = "git.heroku.com"
_ADDRESS = rf"(?:git@{GIT_HOST}:|ssh://git@{GIT_HOST}/|https://{GIT_HOST}/)(.*)\.git"


class Remote(NamedTuple):
    """A Git remote that belongs to an app."""

    name: str
    app: str


def git_url(app: str) -> str:
    """The address of an app's repository."""
    return f"https://{GIT_HOST}/{app}.git"


def heroku_remotes(only: str | None = None) -> list[Remote]:
    """The remotes that belong to apps, in the order of `git remote`."""
    found = [(name, re.match(_ADDRESS, url)) for name, url in remotes().items() if only in (None, name)]
    return [Remote(name, match[1]) for name, match in found if match]


def selected_app(call: Call, *, required: bool) -> str | None:
    """The app a command is about [CLI source: @heroku-cli/command flags/app.js].

    `--app`, then HEROKU_APP, then the one remote (of `--remote`, or of Git's `heroku.remote`).
    """
    app = call.value("app") or os.environ.get("HEROKU_APP")
    if app:
        return app
    wanted = call.value("remote")
    found = heroku_remotes(wanted or git("config", "heroku.remote"))
    if len(found) == 1:
        return found[0].app
    if wanted and not found:
        raise CliError(f"remote {wanted} not found in git remotes")
    if found and required:
        raise CliError(_several(found))
    if required:
        raise CliError("The following error occurred:\n  Missing required flag app\nSee more help with --help")
    return None


def add_remote(name: str, app: str) -> None:
    """Add a remote unless one of that name exists: a stale one keeps its address, as with the real CLI."""
    if Path(".git").exists() and name not in remotes():
        git("remote", "add", name, git_url(app))


def remove_remotes(app: str) -> None:
    """Remove every remote that belongs to an app."""
    for remote in heroku_remotes():
        if remote.app == app:
            git("remote", "remove", remote.name)


def _several(found: Sequence[Remote]) -> str:
    listing = "\n".join(f"{remote.app} ({remote.name})" for remote in found)
    return f"""Multiple apps in git remotes
  Usage: --remote {found[1].name}
     or: --app {found[1].app}
  Your local git repository has more than 1 app referenced in git remotes.
  Because of this, we can't determine which app you want to run this command against.
  Specify the app you want with --app or --remote.
  Heroku remotes in repo:
  {listing}

  https://devcenter.heroku.com/articles/multiple-environments"""
