"""Releases: each change of code, config or add-ons creates a version, which may have to run a command first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .._kit.store import first, new_id, now
from . import journal
from .api import SHAPES
from .state import App, Release, ReleaseStatus, State, current_release

if TYPE_CHECKING:
    from .dynos import Slug

METADATA_FEATURE = "runtime-dyno-metadata"


def ignore(line: str) -> None:
    """Ignore a line."""


def publish(state: State, app: str, description: str, edit: Callable[[App], None]) -> Release:
    """Change an app's config and roll it out: what `config:set` and `addons:create` do."""
    release = create(state, app, description, edit)
    roll_out(state, app, release)
    return release


def create(state: State, app: str, description: str, edit: Callable[[App], None]) -> Release:
    """The next version of an app after `edit`. It is pending if a release command has to run first."""
    with state.change() as platform:
        changed = platform["apps"][app]
        edit(changed)
        release = new_release(changed, len(changed["releases"]) + 1, description, latest_slug(state, changed))
        changed["releases"].append(release)
    author = platform["account"]["email"]
    journal.record(state, app, "app[api]", f"Release v{release['version']} created by user {author}")
    return release


def roll_out(state: State, app: str, release: Release, each_line: Callable[[str], None] = ignore) -> bool:
    """Run the release command, then restart the dynos; returns whether the release succeeded.

    `each_line` gets the output of the command. After a failure the previous release stays current.
    """
    if release["slug"] is None:
        return True
    slug = _slug(state, app, release["slug"])
    with abandoned_if_interrupted(state, app, release):
        if release["status"] == "pending" and not _release_phase(state, app, release, slug, each_line):
            return False
        from . import web

        web.restart(state, state.read()["apps"][app], release, slug)
    return True


@contextmanager
def abandoned_if_interrupted(state: State, app: str, release: Release) -> Iterator[None]:
    """A release that is pending when this process is killed fails. On Heroku it would continue."""
    try:
        yield
    except BaseException:
        with state.change() as platform:
            known = first(platform["apps"][app]["releases"], id=release["id"], status="pending")
            if known:
                known["status"] = "failed"
        raise


def retry(state: State, app: str, each_line: Callable[[str], None]) -> Release:
    """Copy the latest release into a new one and run its command again."""
    latest = state.read()["apps"][app]["releases"][-1]
    description = f"Retry of v{latest['version']}: {latest['description']}"
    release = create(state, app, description, lambda changed: None)
    roll_out(state, app, release, each_line)
    return release


def restart_dynos(state: State, app: App) -> None:
    """Start new dynos of the current release, if there is code."""
    release, slug = current_release(app), current_slug(state, app)
    if release and slug:
        from . import web

        web.restart(state, app, release, slug)


def current_slug(state: State, app: App) -> Slug | None:
    """The slug that the app's dynos run."""
    release = current_release(app)
    return _slug(state, app["name"], release["slug"]) if release and release["slug"] else None


def latest_slug(state: State, app: App) -> Slug | None:
    """The slug that was built last, whether its release succeeded or not."""
    return _slug(state, app["name"], app["slug"]) if app["slug"] else None


def new_release(app: App, version: int, description: str, slug: Slug | None = None) -> Release:
    """A release of the app in its current state; it is pending if a release command has to run first."""
    moment = now()
    metadata = _metadata(app, version, moment, slug) if METADATA_FEATURE in app["features"] else {}
    return {
        "id": new_id(),
        "version": version,
        "description": description,
        "status": "pending" if slug and "release" in slug.processes else "succeeded",
        "created_at": moment,
        "updated_at": moment,
        "slug": app["slug"],
        "env": {**metadata, **app["config"]},
        "output": None,
        "addon_plans": [addon["plan"] for addon in app["addons"]],
    }


def _metadata(app: App, version: int, moment: str, slug: Slug | None) -> dict[str, str]:
    """[Dev Center: Heroku Labs: Dyno Metadata]"""
    of_slug = SHAPES.fill("slug metadata", slug=slug) if slug else {}
    return {**SHAPES.fill("metadata", app=app, moment=moment, version=version), **of_slug}


def _release_phase(state: State, app: str, release: Release, slug: Slug, each_line: Callable[[str], None]) -> bool:
    """Run the release command in a separate dyno [Dev Center: Release Phase]."""
    from .._kit.programs import run_part
    from .dynos import environment, one_off, shell

    number, container = one_off(state, app, slug)
    output = journal.release_log(state, app, release["version"])
    env = environment(release["env"], f"release.{number}")

    def hear(line: str) -> None:
        each_line(line)
        stream.write(line + "\n")
        stream.flush()
        journal.record(state, app, f"app[release.{number}]", line)

    with output.open("w", encoding="utf-8") as stream:
        _settle(state, app, release, "pending", str(output))
        argv = shell(slug.processes["release"])
        succeeded = run_part(state, "release", container, argv, env, limit="release", each_line=hear) == 0
    _settle(state, app, release, "succeeded" if succeeded else "failed", str(output))
    return succeeded


def _settle(state: State, app: str, release: Release, status: ReleaseStatus, output: str) -> None:
    with state.change() as platform:
        known = first(platform["apps"][app]["releases"], id=release["id"])
        assert known
        known["status"], known["output"], known["updated_at"] = status, output, now()


def _slug(state: State, app: str, slug_id: str) -> Slug:
    from .dynos import load  # not at the top: slow, and an app without code does not need it

    return load(state.app_folder(app), slug_id)
