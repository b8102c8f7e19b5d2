"""`git:remote`."""

from __future__ import annotations

import os

from matrix.emulators.heroku import git_remotes
from matrix.emulators.heroku.console import CliError, say
from matrix.emulators.heroku.session import Session


def remote(session: Session) -> None:
    """[recorded session] Unlike apps:create it does change an existing remote."""
    name = session.options.get("app") or next(iter(session.words), None) or os.environ.get("HEROKU_APP")
    if not name:
        raise CliError("Specify an app with --app")
    session.app(name)
    chosen = session.options.get("remote") or git_remotes.git("config", "heroku.remote") or "heroku"
    if git_remotes.git("rev-parse", "--git-dir") is None:
        text = "Command failed: git remote\nfatal: not a git repository (or any of the parent directories): .git"
        raise CliError(text, status=1, bang=False)
    git_remotes.set_remote(chosen, name)
    say(f"set git remote {chosen} to {git_remotes.git_url(name)}")
