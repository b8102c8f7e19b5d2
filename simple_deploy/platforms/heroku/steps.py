"""The commands that give a project its app on Heroku; those whose result is there already say so."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..contract import (
    Argument,
    Cost,
    Created,
    Options,
    Poll,
    Project,
    Query,
    Remote,
    Step,
    Watch,
    assignment,
    facts,
    serves_static,
)
from .project import remote_of
from .remote import FEATURE

_FACTS = facts(Path(__file__).parent)
_DATABASE = _FACTS["database plan"].value
_DATABASE_COST = Cost(**_FACTS["database price"].value)
_DYNO_COST = Cost(**_FACTS["dyno price"].value)


def placeholders(project: Project, options: Options, remote: Remote) -> Mapping[str, str]:
    """The app, and the Git remote that points to it or will."""
    app = str(remote.app)
    free = "heroku" if "heroku" not in project.git.remotes else f"heroku-{app}"
    return {"app": app, "git_remote": remote_of(project, app) or free}


def steps(project: Project, options: Options, remote: Remote, commits: bool) -> tuple[Step, ...]:
    """Create, connect, set, push, wait: in the order in which Heroku needs them."""
    app, target = placeholders(project, options, remote).values()
    connected = remote_of(project, app) is not None
    # Without a survey, a Git remote of the app is all that is known; --automate-all finds out the rest.
    assumed = None
    if remote.version is None and connected:
        assumed = f"the app {app} has a Git remote here; --automate-all checks what it has"
    return (
        _create(app, options, remote, target, assumed),
        *((_connect(app, target, connected),) if remote.exists else ()),
        *(() if _without_metadata(remote) else (_metadata(app, remote, assumed),)),
        _database(app, options, remote, assumed),
        _variables(project, options, app, remote, assumed),
        _push(project, remote, target, commits, app),
        _release(app, remote, _is_deployed(project, remote, commits)),
    )


def _create(app: str, options: Options, remote: Remote, target: str, assumed: str | None) -> Step:
    region = ("--region", options.region) if options.region else ()
    return Step(
        id="create-app",
        title=f"Create the app {app}",
        why="the site runs in this app",
        argv=("heroku", "apps:create", app, "--remote", target, *region),
        creates=f"the app {app}",
        makes=(Created(kind="app", name=app), _git_remote(target)),
        identity=Query(
            argv=("heroku", "apps:info", "--app", app, "--json"), read=lambda out: str(json.loads(out)["app"]["id"])
        ),
        already_done=f"found in region {remote.facts.get('region', '?')}" if remote.exists else assumed,
        on_failure="Verify your account (Heroku asks for a payment method) or choose another name with "
        "--deployed-project-name NAME.",
    )


def _connect(app: str, target: str, connected: bool) -> Step:
    return Step(
        id="git-remote",
        title=f"Point the Git remote {target} to {app}",
        why="so that you can push to it",
        argv=("heroku", "git:remote", "--app", app, "--remote", target),
        makes=(_git_remote(target),),
        already_done="it already does" if connected else None,
    )


def _without_metadata(remote: Remote) -> bool:
    """Whether the app cannot learn its host name from Heroku, so that it has to be told."""
    return remote.facts.get("metadata") == "missing"


def _metadata(app: str, remote: Remote, assumed: str | None) -> Step:
    return Step(
        id="metadata",
        title="Give the app its own host name",
        why="the settings derive ALLOWED_HOSTS from it",
        argv=("heroku", "labs:enable", FEATURE, "--app", app),
        already_done="it already does" if remote.facts.get("metadata") else assumed,
        on_failure=f"If Heroku no longer has the feature {FEATURE}, run the same command again: it then sets "
        "ALLOWED_HOSTS to the app's host name.",
    )


def _database(app: str, options: Options, remote: Remote, assumed: str | None) -> Step:
    set_before = "the variable DATABASE_URL is set" if "DATABASE_URL" in remote.variables else None
    found = remote.database or set_before or ("--env DATABASE_URL" if "DATABASE_URL" in options.variables else None)
    return Step(
        id="database",
        title=f"Create a PostgreSQL database ({_DATABASE})",
        why="a dyno's disk is not persistent, so SQLite would lose your data",
        argv=("heroku", "addons:create", _DATABASE, "--app", app, "--wait"),
        creates=f"a PostgreSQL database ({_DATABASE})",
        makes=(Created(kind="database", name=_DATABASE),),
        cost=_DATABASE_COST,
        already_done=f"found {found}" if found else assumed,
        on_failure="Heroku refuses add-ons until your account is verified: https://heroku.com/verify",
    )


def _variables(project: Project, options: Options, app: str, remote: Remote, assumed: str | None) -> Step:
    wanted: dict[str, Argument] = {"ON_HEROKU": "ON_HEROKU=1", "SECRET_KEY": options.secret_key}
    if "DEBUG" in remote.unsafe:
        wanted["DEBUG"] = "DEBUG=False"
    if not project.settings.selected:
        wanted["DJANGO_SETTINGS_MODULE"] = f"DJANGO_SETTINGS_MODULE={project.settings.module}"
    if _without_metadata(remote):
        wanted["ALLOWED_HOSTS"] = f"ALLOWED_HOSTS={remote.facts['host']}"
    if not serves_static(project.settings):
        wanted["DISABLE_COLLECTSTATIC"] = "DISABLE_COLLECTSTATIC=1"
    wanted.update({name: assignment(name, value) for name, value in options.variables.items()})
    changed = {*remote.unsafe, *options.variables} - remote.same
    missing = [name for name in wanted if name not in remote.variables or name in changed]
    replaced = "".join(f"; {name} is replaced: {reason}" for name, reason in remote.unsafe.items())
    return Step(
        id="variables",
        title=f"Set the config vars {', '.join(missing or wanted)}",
        why=f"the settings read them{replaced}",
        # One call: each call makes a release. The CLI takes values as arguments only.
        argv=("heroku", "config:set", "--app", app, *(wanted[name] for name in missing or wanted)),
        already_done=assumed if missing else "they are set",
    )


def _is_deployed(project: Project, remote: Remote, commits: bool) -> bool:
    return remote.deployed is not None and remote.deployed == project.git.head and not commits


def _push(project: Project, remote: Remote, target: str, commits: bool, app: str) -> Step:
    deployed = _is_deployed(project, remote, commits)
    if deployed and remote.release == "failed":
        return Step(
            id="retry",
            title="Run the failed release again",
            why="Heroku already has this commit, but its release failed",
            argv=("heroku", "releases:retry", "--app", app),
            cost=_DYNO_COST,
        )
    return Step(
        id="push",
        title="Push your code; Heroku builds and releases it",
        why="Heroku deploys pushes to its branch main",
        argv=("git", "push", target, "HEAD:refs/heads/main"),
        creates="" if remote.deployed else "a web dyno",
        cost=_DYNO_COST,
        already_done="the app runs this commit" if deployed else None,
        timeout=3600,
        on_failure="The lines above show what failed in the build.",
    )


def _release(app: str, remote: Remote, deployed: bool) -> Step:
    return Step(
        id="release",
        title="Wait for the release to succeed",
        why="a push succeeds even if the release after it fails",
        argv=("heroku", "releases", "--app", app, "--json", "--num", "1"),
        poll=Poll(verdict=_verdict, timeout=900),
        already_done="it has" if deployed and remote.release == "succeeded" else None,
        explain=("heroku", "releases:output", "--app", app),
    )


def _verdict(output: str) -> str:
    try:
        last = json.loads(output)[0]
        status, version = last["status"], last["version"]
    except (ValueError, LookupError, TypeError):
        return "wait"
    return {
        "succeeded": "done",
        "pending": "wait",
    }.get(status, f"ended with status {status} (release v{version}); the previous version keeps serving")


def destroy(remote: Remote, made: Sequence[Created]) -> tuple[Step, ...]:
    """The end of an app. Heroku's CLI 11 also removes the Git remotes that point to it (`apps:destroy`)."""
    app = remote.app or ""
    step = Step(
        id="destroy-app",
        title=f"Destroy the app {app} with its database and the Git remotes that point to it",
        why="you asked for it",
        argv=_destroying(app),
        on_failure="Your dashboard lists what exists: https://dashboard.heroku.com/apps",
    )
    return (step,) if remote.exists else ()


def _destroying(app: str) -> tuple[str, ...]:
    return ("heroku", "apps:destroy", "--app", app, "--confirm", app)


def _git_remote(name: str) -> Created:
    return Created(kind="Git remote", name=name)


def removal(app: str, made: Created) -> tuple[str, ...]:
    """The command with which people remove one thing that a run made."""
    return {
        "app": _destroying(app),
        "Git remote": ("git", "remote", "remove", made.name),
        "database": ("heroku", "addons:destroy", made.name, "--app", app),
    }.get(made.kind, ())


def address(app: str) -> Query:
    """The app's web address, as Heroku gives it."""
    return Query(
        argv=("heroku", "apps:info", "--app", app, "--json"),
        read=lambda output: str(json.loads(output)["app"]["web_url"]),
    )


def watch(app: str) -> Watch:
    """The web dynos. Their log is that of the process type: the router's lines would hide it."""
    return Watch(
        log=("heroku", "logs", "--app", app, "--process-type", "web", "--num", "100"),
        crashed=Query(argv=("heroku", "ps", "--app", app, "--json"), read=_crashed),
    )


def _crashed(output: str) -> str:
    """Every web dyno, if the newest release has only crashed ones (Dev Center, "Dyno states")."""
    web = [dyno for dyno in json.loads(output) if dyno["type"] == "web"]
    newest = max((dyno["release"]["version"] for dyno in web), default=0)
    current = [dyno for dyno in web if dyno["release"]["version"] == newest]
    crashed = all(dyno["state"] == "crashed" for dyno in current)
    return ", ".join(str(dyno["name"]) for dyno in current) if crashed else ""
