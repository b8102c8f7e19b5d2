"""The state of the app, for people and for programs."""

from __future__ import annotations

from ..inspect import commits_since
from ..messages.stops import Refused
from ..model import Ending
from ..verify import asked, responds
from .app import App

_TIMEOUT = 15


def status(app: App) -> Ending:
    """Release, processes, commit, database and address, as far as the platform reports them."""
    remote, project = app.site.remote, app.site.project
    missing = commits_since(project.root, remote.deployed, app.log.ran) if remote.deployed else None
    watch = app.platform.watch(app.site.app) if app.platform.watch else None
    crashed = app.answer(watch.crashed)[0] if watch and watch.crashed and remote.deployed else ""
    url, response, healthy = _visited(app)
    rows = {
        "Platform": f"{app.platform.name}, account {remote.account}",
        "App": f"{app.site.app}, ID {remote.id}" if remote.id else app.site.app,
        "Release": remote.release or ("succeeded" if remote.deployed else "none"),
        "Crashed": crashed,
        "Commit": _commit(remote.deployed, project.git.head, missing),
        "Database": remote.database or "none reported",
        "Address": f"{url} ({response})" if url else response,
    }
    width = max(map(len, rows)) + 2
    return Ending(
        text="\n".join(f"{name:<{width}}{value}" for name, value in rows.items() if value),
        json={
            **app.json,
            "id": remote.id or None,
            "account": remote.account,
            "release": remote.release,
            "crashed": crashed or None,
            "commit": {"deployed": remote.deployed, "head": project.git.head, "missing": missing},
            "database": remote.database,
            "address": {"url": url, "response": response, "healthy": healthy},
        },
    )


def _commit(deployed: str | None, head: str | None, missing: int | None) -> str:
    if deployed is None:
        return "not known"
    if deployed == head:
        return f"{deployed[:12]}, which is HEAD"
    if missing is None:
        return f"{deployed[:12]}, which is not part of the current branch"
    return f"{deployed[:12]}; HEAD has {missing} more commit{'s' if missing > 1 else ''}"


def _visited(app: App) -> tuple[str | None, str, bool]:
    """The address, its response, and whether a healthy site responds like that."""
    try:
        url = app.address()
    except Refused as refused:
        return None, refused.problems[0].found, False
    code, seen = asked(url, _TIMEOUT)
    return url, seen, responds(code)
