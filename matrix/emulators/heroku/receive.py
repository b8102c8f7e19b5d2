"""A push: build, release, start. Runs as the pre-receive hook of an app; its output is shown after `remote:`."""

from __future__ import annotations

from pathlib import Path

from .._kit import repository
from .._kit.console import say
from .._kit.faults import under_faults
from .._kit.store import new_id
from . import buildpack, journal, releasing, slugignore
from .api import STACK
from .buildpack import nodejs
from .buildpack.report import BuildFailed, boxed
from .dynos import Slug
from .state import App, Release, State

# [Heroku's answer if no buildpack matches]
_NO_LANGUAGE = """\
 !     No default language could be detected for this app.
\t\t\tHINT: This occurs when Heroku cannot detect the buildpack to use for this application automatically.
\t\t\tSee https://devcenter.heroku.com/articles/buildpacks"""
BUILDS = ("refs/heads/main", "refs/heads/master")


def main(root: Path, app: str, pushed: str) -> int:
    """Handle the push that Git describes to the hook; 1 rejects it."""
    state = State(root)
    return under_faults(state, "git push", lambda: _receive(state, app, pushed), say)


def _receive(state: State, app: str, pushed: str) -> int:
    updates = repository.updates(pushed)
    commits = [update.new for update in updates if update.ref in BUILDS and update.new != repository.NOTHING]
    if not commits:
        # OWN WORDING
        say("Pushed to a branch that is not main or master, skipping the build.")
        return 0
    return _deploy(state, app, commits[0])


def _deploy(state: State, app: str, commit: str) -> int:
    slug_id = new_id()
    folder = state.app_folder(app) / "slugs" / slug_id
    folder.mkdir(parents=True)
    say("Compressing source files... done.")
    say("Building source:")
    say("")
    repository.extract(commit, folder)
    owner = state.read()["account"]["email"]
    journal.record(state, app, "app[api]", f"Build started by user {owner}")
    if under_faults(state, "build", lambda: _build(state, app, commit, slug_id, folder), _complain) != 0:
        journal.record(state, app, "app[api]", "Build failed -- check your build output")
        return _reject(app)
    journal.record(state, app, "app[api]", "Build succeeded")
    return _launch(state, app, commit, slug_id)


def _build(state: State, app: str, commit: str, slug_id: str, folder: Path) -> int:
    say(f"-----> Building on the {STACK.capitalize()} stack")
    if removed := slugignore.remove(folder):
        say(f"-----> Deleting {removed} files matching {slugignore.NAME} patterns.")
    say("-----> Determining which buildpack to use for this app")
    if not buildpack.detects(folder):
        say(_NO_LANGUAGE)
        return 1
    found = state.read()["apps"][app]
    if (folder / "package.json").is_file() and not found["buildpacks"]:
        # [Dev Center, "Buildpacks": Node.js is detected before Python]
        say("-----> Node.js app detected")
        _complain("The Node.js buildpack is not emulated.")
        return 1
    try:
        if nodejs.NAME in found["buildpacks"]:
            nodejs.compile_app(folder, found["config"], say)
        say("-----> Python app detected")
        built = buildpack.compile_app(folder, found["config"], say)
    except BuildFailed as failure:
        _complain(str(failure))
        return 1
    processes = buildpack.procfile(folder)
    say("-----> Discovering process types")
    say(f"       Procfile declares types -> {', '.join(processes) or '(none)'}")
    say("")
    Slug(
        id=slug_id,
        folder=str(folder),
        commit=commit,
        environment=str(built.environment),
        interpreter=str(built.interpreter),
        processes=processes,
    ).save(state.app_folder(app))
    return 0


def _complain(message: str) -> None:
    for line in boxed(message):
        say(line)
    say(" !     Push rejected, failed to compile Python app.")


def _reject(app: str) -> int:
    for line in ("", " !     Push failed", "Verifying deploy...", "", f"!\tPush rejected to {app}.", ""):
        say(line)
    return 1


def _launch(state: State, app: str, commit: str, slug_id: str) -> int:
    """Release the slug. A release command that fails does not fail the push."""

    def use_slug(changed: App) -> None:
        changed["slug"] = slug_id

    size = sum(path.stat().st_size for path in (state.app_folder(app) / "slugs" / slug_id).rglob("*"))
    say("-----> Compressing...")
    say(f"       Done: {size / 1_000_000:.1f}M")
    say("-----> Launching...")
    release = releasing.create(state, app, f"Deploy {commit[:8]}", use_slug)
    with releasing.abandoned_if_interrupted(state, app, release):
        _roll_out(state, app, release)
    return 0


def _roll_out(state: State, app: str, release: Release) -> None:
    pending = release["status"] == "pending"
    if pending:
        say(" !     Release command declared: this new release will not be available until the command succeeds.")
    say(f"       Released v{release['version']}")
    say(f"       https://{state.read()['apps'][app]['host']}/ deployed to Heroku")
    say("")
    say("Verifying deploy... done.")
    if pending:
        say("Running release command...")
        say("")
    succeeded = releasing.roll_out(state, app, release, say)
    if pending:
        say(f"Waiting for release.... {'done' if succeeded else 'failed'}.")
