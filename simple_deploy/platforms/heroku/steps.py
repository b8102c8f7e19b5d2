"""The commands that set a project up on Heroku; those whose result already exists are marked as done."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from simple_deploy.contract import (
    Argument,
    Ask,
    Cost,
    Created,
    Live,
    Poll,
    Query,
    Site,
    Step,
    Watch,
    assignment,
    facts,
)

from .files import collects
from .survey import FEATURE, NODE, PYTHON, REMOTES, of

_FACTS = facts(Path(__file__).parent)
_DATABASE = _FACTS["database plan"].value
_DATABASE_COST = Cost(**_FACTS["database price"].value)
_DYNO_COST = Cost(**_FACTS["dyno price"].value)


def placeholders(site: Site) -> Mapping[str, str]:
    """The Git remote that points to the app, or will."""
    return {"git_remote": REMOTES.target(site)}


def steps(site: Site) -> tuple[Step, ...]:
    """Create, connect, set, push, wait: in the order that Heroku requires."""
    target, assumed = REMOTES.target(site), REMOTES.assumed(site)
    connected = REMOTES.pointing_to(site.app, site.project) is not None
    return (
        _create(site, target, assumed),
        *((_connect(site.app, target, connected),) if site.remote.exists else ()),
        *(_buildpacks(site, assumed) if site.recipe.front_end else ()),
        *((_metadata(site, assumed),) if of(site.remote).metadata is not None else ()),
        _database(site, assumed),
        _variables(site, assumed),
        _push(site, target),
        _release(site),
    )


def _create(site: Site, target: str, assumed: str | None) -> Step:
    region = ("--region", site.options.region) if site.options.region else ()
    # By default, Heroku would detect a project with a package.json as Node.js (Dev Center, "Buildpacks").
    has_package = site.recipe.front_end or site.project.files.get("package.json") is not None
    buildpack = ("--buildpack", PYTHON) if has_package else ()
    return Step(
        id="create-app",
        title=f"Create the app {site.app}",
        why="the site runs in this app",
        argv=("heroku", "apps:create", site.app, "--remote", target, *region, *buildpack),
        creates=f"the app {site.app}",
        makes=(Created(kind="app", name=site.app), _git_remote(target)),
        identity=Query(
            argv=("heroku", "apps:info", "--app", site.app, "--json"),
            read=lambda out: str(json.loads(out)["app"]["id"]),
        ),
        already_done=f"found in region {of(site.remote).region}" if site.remote.exists else assumed,
        on_failure="Verify your account (Heroku asks for a payment method) or choose another name with "
        "--deployed-project-name NAME.",
    )


def _buildpacks(site: Site, assumed: str | None) -> tuple[Step, ...]:
    """Node.js before Python: the last one determines how the site is started."""
    known = of(site.remote).buildpacks
    node = Step(
        id="node",
        title=f"Have Heroku build the front end with Node.js ({NODE})",
        why="the site serves what this build makes; it runs before static files are collected",
        argv=("heroku", "buildpacks:add", "--index", "1", NODE, "--app", site.app),
        already_done="it already does" if NODE in known else assumed,
    )
    python = Step(
        id="python",
        title=f"Keep Python as the app's language ({PYTHON})",
        why="Heroku stops detecting the language of an app that has a list of buildpacks",
        argv=("heroku", "buildpacks:add", PYTHON, "--app", site.app),
        already_done="it already is" if PYTHON in known else assumed,
    )
    return (node, python) if site.remote.exists else (node,)


def _connect(app: str, target: str, connected: bool) -> Step:
    return Step(
        id="git-remote",
        title=f"Point the Git remote {target} to {app}",
        why="so that you can push to it",
        argv=("heroku", "git:remote", "--app", app, "--remote", target),
        makes=(_git_remote(target),),
        already_done="it already does" if connected else None,
    )


def _metadata(site: Site, assumed: str | None) -> Step:
    return Step(
        id="metadata",
        title="Give the app its own host name",
        why="the settings derive ALLOWED_HOSTS from it",
        argv=("heroku", "labs:enable", FEATURE, "--app", site.app),
        already_done="it already does" if of(site.remote).metadata else assumed,
        on_failure=f"If Heroku no longer has the feature {FEATURE}, run the same command again: it then sets "
        "ALLOWED_HOSTS to the app's host name.",
    )


def _database(site: Site, assumed: str | None) -> Step:
    set_before = "the variable DATABASE_URL is set" if "DATABASE_URL" in site.remote.variables else None
    given = "--env DATABASE_URL" if "DATABASE_URL" in site.options.variables else None
    found = site.remote.database or set_before or given
    return Step(
        id="database",
        title=f"Create a PostgreSQL database ({_DATABASE})",
        why="a dyno's disk is not persistent, so SQLite would lose your data",
        argv=("heroku", "addons:create", _DATABASE, "--app", site.app, "--wait"),
        creates=f"a PostgreSQL database ({_DATABASE})",
        makes=(Created(kind="database", name=_DATABASE),),
        cost=_DATABASE_COST,
        already_done=f"found {found}" if found else assumed,
        on_failure="Heroku refuses add-ons until your account is verified: https://heroku.com/verify",
    )


def _wanted(site: Site) -> dict[str, Argument]:
    """The config vars of the site, each as a word of the command."""
    variables: dict[str, str] = {"ON_HEROKU": "1", **site.recipe.variables}
    if "DEBUG" in site.remote.unsafe:
        variables["DEBUG"] = "False"
    if of(site.remote).metadata is None:
        variables["ALLOWED_HOSTS"] = of(site.remote).host
    if not site.recipe.static or not collects(site):
        variables["DISABLE_COLLECTSTATIC"] = "1"
    given = {**variables, **site.options.variables}
    return {
        "ON_HEROKU": "ON_HEROKU=1",
        "SECRET_KEY": site.options.secret_key,
        **{name: assignment(name, value) for name, value in given.items()},
    }


def _variables(site: Site, assumed: str | None) -> Step:
    remote, wanted = site.remote, _wanted(site)
    changed = {*remote.unsafe, *site.options.variables} - remote.same
    missing = [name for name in wanted if name not in remote.variables or name in changed]
    replaced = "".join(f"; {name} is replaced: {reason}" for name, reason in remote.unsafe.items())
    return Step(
        id="variables",
        title=f"Set the config vars {', '.join(missing or wanted)}",
        why=f"the settings read them{replaced}",
        # One call: each call makes a release. The CLI takes values only as arguments.
        argv=("heroku", "config:set", "--app", site.app, *(wanted[name] for name in missing or wanted)),
        already_done=assumed if missing else "they are set",
        sets={name: value for name, value in site.options.variables.items() if name in missing},
    )


def _push(site: Site, target: str) -> Step:
    if site.is_deployed and site.remote.release == "failed":
        return Step(
            id="retry",
            title="Run the failed release again",
            why="Heroku already has this commit, but its release failed",
            argv=("heroku", "releases:retry", "--app", site.app),
            cost=_DYNO_COST,
        )
    return Step(
        id="push",
        title="Push your code; Heroku builds and releases it",
        why="Heroku deploys pushes to its branch main",
        argv=("git", "push", target, "HEAD:refs/heads/main"),
        creates="" if site.remote.deployed else "a web dyno",
        cost=_DYNO_COST,
        already_done="the app runs this commit" if site.is_deployed else None,
        timeout=3600,
        on_failure="The lines above show what failed in the build.",
    )


def _release(site: Site) -> Step:
    return Step(
        id="release",
        title="Wait for the release to succeed",
        why="a push succeeds even if the release after it fails",
        argv=("heroku", "releases", "--app", site.app, "--json", "--num", "1"),
        poll=Poll(verdict=_verdict, timeout=900),
        already_done="it has" if site.is_deployed and site.remote.release == "succeeded" else None,
        explain=("heroku", "releases:output", "--app", site.app),
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


def destroy(ask: Ask, site: Site, made: Sequence[Created]) -> tuple[Step, ...]:
    """The removal of an app. Heroku's CLI 11 also removes the Git remotes that point to it (`apps:destroy`)."""
    step = Step(
        id="destroy-app",
        title=f"Destroy the app {site.app} with its database and the Git remotes that point to it",
        why="you asked for it",
        argv=_destroying(site.app),
        on_failure="Your dashboard lists what exists: https://dashboard.heroku.com/apps",
    )
    return (step,) if site.remote.exists else ()


def _destroying(app: str) -> tuple[str, ...]:
    return ("heroku", "apps:destroy", "--app", app, "--confirm", app)


def _git_remote(name: str) -> Created:
    return Created(kind="Git remote", name=name)


def removal(app: str, made: Created) -> tuple[str, ...]:
    """The command with which people remove one thing that a run created."""
    return {
        "app": _destroying(app),
        "Git remote": ("git", "remote", "remove", made.name),
        "database": ("heroku", "addons:destroy", made.name, "--app", app),
    }.get(made.kind, ())


def address(app: str) -> Query:
    """The app's web address, as Heroku reports it."""
    return Query(
        argv=("heroku", "apps:info", "--app", app, "--json"),
        read=lambda output: str(json.loads(output)["app"]["web_url"]),
    )


def live(site: Site) -> Live:
    """The log with the lines of Heroku's router, and the address."""
    return Live(log=("heroku", "logs", "--app", site.app, "--tail"), address=address(site.app))


def watch(app: str) -> Watch:
    """The web dynos. Their log is that of the process type: the router's lines would hide it."""
    return Watch(
        log=("heroku", "logs", "--app", app, "--process-type", "web", "--num", "100"),
        crashed=Query(argv=("heroku", "ps", "--app", app, "--json"), read=_crashed),
    )


def _crashed(output: str) -> str:
    """Every web dyno, if all those of the newest release have crashed (Dev Center, "Dyno states")."""
    web = [dyno for dyno in json.loads(output) if dyno["type"] == "web"]
    newest = max((dyno["release"]["version"] for dyno in web), default=0)
    current = [dyno for dyno in web if dyno["release"]["version"] == newest]
    crashed = all(dyno["state"] == "crashed" for dyno in current)
    return ", ".join(str(dyno["name"]) for dyno in current) if crashed else ""
