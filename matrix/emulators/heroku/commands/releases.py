"""`releases`, `releases:output`, `releases:retry`."""

from __future__ import annotations

from pathlib import Path

from ..._kit.console import say, say_json
from ..._kit.oclif import CliError, action, warn
from ..._kit.oclif_ux import ago, say_header, say_table
from .. import releasing
from ..api import api_error, release_json
from ..session import HerokuSession
from ..state import current_release

# [CLI source: lib/releases/status-helper.js]
_STATUS = {"failed": " release command failed", "pending": " release command executing", "succeeded": ""}


def listing(session: HerokuSession) -> None:
    """[recorded session] Newest first, at most 15, or as many as --num."""
    app = session.app()
    email = session.platform()["account"]["email"]
    shown = app["releases"][::-1][: int(session.value("num") or 15)]
    if session.has("json"):
        say_json([release_json(app, release, email) for release in shown], 2)
        return
    current = current_release(app)
    say_header(f"{app['name']} Releases" + (f" - Current: v{current['version']}" if current else ""))
    rows = [
        (f"v{one['version']}", one["description"] + _STATUS[one["status"]], email, ago(one["created_at"]))
        for one in shown
    ]
    say_table(("v", "description", "user", "created_at"), rows)
    say()


def output(session: HerokuSession) -> None:
    """[CLI source]"""
    app = session.app()
    wanted = (session.argument(0) or f"v{len(app['releases'])}").lower().removeprefix("v")
    release = next((known for known in app["releases"] if str(known["version"]) == wanted), None)
    if release is None:
        raise api_error("Couldn't find that release.", "not_found")
    if release["output"] is None:
        warn(f"Release v{release['version']} has no release output available.")
        return
    say(Path(release["output"]).read_text(encoding="utf-8").rstrip("\n"))


def retry(session: HerokuSession) -> None:
    """[CLI source]"""
    app = session.app()
    if not any(release["output"] for release in app["releases"]):
        raise CliError("App must have a release-phase command to use this command.")
    version = len(app["releases"])
    lines: list[str] = []
    with action(f"Retrying v{version} on {app['name']}") as outcome:
        release = releasing.retry(session.state, app["name"], lines.append)
        outcome.append(f"done, v{release['version']}")
    say("\n".join(["Running release command...", *lines]))
