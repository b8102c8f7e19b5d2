"""`releases`, `releases:output`, `releases:retry`."""

from __future__ import annotations

from pathlib import Path

from matrix.emulators.heroku import releasing
from matrix.emulators.heroku.api import release_json
from matrix.emulators.heroku.console import (
    CliError,
    action,
    ago,
    api_error,
    say,
    say_header,
    say_json,
    say_table,
    warn,
)
from matrix.emulators.heroku.model import current_release
from matrix.emulators.heroku.session import Session

# [CLI source: lib/releases/status-helper.js]
_STATUS = {"failed": " release command failed", "pending": " release command executing", "succeeded": ""}


def listing(session: Session) -> None:
    """[recorded session] Newest first, 15 at most unless --num says otherwise."""
    app = session.app()
    email = session.platform()["account"]["email"]
    shown = app["releases"][::-1][: int(session.options.get("num") or 15)]
    if session.has("json"):
        say_json([release_json(app, release, email) for release in shown])
        return
    current = current_release(app)
    current_text = f" - Current: v{current['version']}" if current else ""
    say_header(f"{app['name']} Releases{current_text}")
    rows = [
        (
            f"v{release['version']}",
            release["description"] + _STATUS[release["status"]],
            email,
            ago(release["created_at"]),
        )
        for release in shown
    ]
    say_table(("v", "description", "user", "created_at"), rows)
    say()


def output(session: Session) -> None:
    """[CLI source]"""
    app = session.app()
    wanted = (session.words or [f"v{len(app['releases'])}"])[0].lower().removeprefix("v")
    release = next((known for known in app["releases"] if str(known["version"]) == wanted), None)
    if release is None:
        raise api_error("Couldn't find that release.", "not_found")
    if release["output"] is None:
        warn(f"Release v{release['version']} has no release output available.")
        return
    say(Path(release["output"]).read_text(encoding="utf-8").rstrip("\n"))


def retry(session: Session) -> None:
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
