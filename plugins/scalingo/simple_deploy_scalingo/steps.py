"""The commands that set a project up on Scalingo; those whose result already exists are marked as done."""

from __future__ import annotations

import re
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
    plain,
)

from .survey import REMOTES, of, region_of, table

_FACTS = facts(Path(__file__).parent)
_PLAN = str(_FACTS["database plan"].value)
_COST = Cost(cents=None, text=str(_FACTS["prices"].value))
_UNFINISHED = ("queued", "pushing", "building", "starting")
# The characters that need no quotes in a line of an .env file (the CLI parses it with godotenv).
_PLAIN = re.compile(r"[\w./:@%+,=-]*")


def placeholders(site: Site) -> Mapping[str, str]:
    """The Git remote that points to the app, or will."""
    return {"git_remote": REMOTES.target(site)}


def steps(site: Site) -> tuple[Step, ...]:
    """Create, connect, add the database, set variables, push, wait."""
    target, assumed = REMOTES.target(site), REMOTES.assumed(site)
    connected = REMOTES.pointing_to(site.app, site.project) is not None
    return (
        _create(site, target, assumed),
        *((_connect(site, target),) if site.remote.exists and not connected else ()),
        _database(site, assumed),
        _variables(site, assumed),
        _push(site, target),
        _deployment(site),
    )


def _create(site: Site, target: str, assumed: str | None) -> Step:
    region = ("--region", site.options.region) if site.options.region else ()
    return Step(
        id="create-app",
        title=f"Create the app {site.app}",
        why="the site runs in this app",
        argv=("scalingo", *region, "create", site.app, "--remote", target),
        creates=f"the app {site.app}",
        makes=(Created(kind="app", name=site.app), Created(kind="Git remote", name=target)),
        # The CLI shows no ID except the name.
        identity=Query(argv=("scalingo", "apps"), read=lambda out: _listed(site.app, out)),
        already_done="found" if site.remote.exists else assumed,
        on_failure="If the name is taken, choose another one with --deployed-project-name NAME.",
    )


def _listed(app: str, output: str) -> str:
    [row] = [row for row in table(output) if row["name"] == app]
    return row["name"]


def _connect(site: Site, target: str) -> Step:
    return Step(
        id="git-remote",
        title=f"Point the Git remote {target} to {site.app}",
        why="so that you can push to it",
        argv=("git", "remote", "add", target, of(site.remote).git),
        makes=(Created(kind="Git remote", name=target),),
    )


def _database(site: Site, assumed: str | None) -> Step:
    set_before = "the variable DATABASE_URL is set" if "DATABASE_URL" in site.remote.variables else None
    given = "--env DATABASE_URL" if "DATABASE_URL" in site.options.variables else None
    found = site.remote.database or set_before or given
    return Step(
        id="database",
        title=f"Create a PostgreSQL database ({_PLAN})",
        why="a container's disk is not persistent, so SQLite would lose your data",
        argv=("scalingo", "--app", site.app, "addons-add", "postgresql", _PLAN),
        creates=f"a PostgreSQL database ({_PLAN})",
        makes=(Created(kind="database", name=_PLAN),),
        cost=_COST,
        already_done=f"found {found}" if found else assumed,
        on_failure="Scalingo needs a payment method, or a free trial that has not ended: https://dashboard.scalingo.com",
    )


def _variables(site: Site, assumed: str | None) -> Step:
    remote, options = site.remote, site.options
    values = {**site.recipe.variables, **({"DEBUG": "False"} if "DEBUG" in remote.unsafe else {}), **options.variables}
    if not site.recipe.static:
        values["DISABLE_COLLECTSTATIC"] = "1"
    words: dict[str, Argument] = {"SECRET_KEY": options.secret_key}
    words |= {name: assignment(name, value) for name, value in values.items()}
    changed = {*remote.unsafe, *options.variables} - remote.same
    missing = [name for name in words if name not in remote.variables or name in changed] or [*words]
    done = all(name in remote.variables and name not in changed for name in words)
    read = [name for name in missing if name not in values or _PLAIN.fullmatch(plain(values[name]))]
    replaced = "".join(f"; {name} is replaced: {reason}" for name, reason in remote.unsafe.items())
    return Step(
        id="variables",
        title=f"Set the variables {', '.join(missing)}",
        why=f"the settings read them{replaced}",
        # Values are read from standard input; those that need quotes in an .env file are arguments.
        argv=(
            *("scalingo", "--app", site.app, "env-set"),
            *(("--file", "-") if read else ()),
            *(words[name] for name in missing if name not in read),
        ),
        stdin=tuple(words[name] for name in read),
        already_done="they are set" if done else assumed,
        sets={name: value for name, value in options.variables.items() if name in missing},
    )


def _push(site: Site, target: str) -> Step:
    return Step(
        id="push",
        title="Push your code; Scalingo builds, migrates and starts it",
        why="Scalingo deploys pushes to its branch master",
        argv=("git", "push", target, "HEAD:refs/heads/master"),
        creates="" if site.remote.deployed else "a web container",
        cost=_COST,
        already_done="the app runs this commit" if site.is_deployed else None,
        timeout=3600,
        on_failure="The lines above show what failed. Scalingo needs your SSH key: scalingo keys-add NAME PATH",
    )


def _deployment(site: Site) -> Step:
    return Step(
        id="deployment",
        title="Wait for the deployment to succeed",
        why="it ends after the migration, which a push need not wait for",
        argv=("scalingo", "--app", site.app, "deployments"),
        poll=Poll(verdict=_verdict, timeout=1500),
        already_done="it has" if site.is_deployed and site.remote.release == "success" else None,
        explain=("scalingo", "--app", site.app, "logs", "--lines", "50"),
    )


def _verdict(output: str) -> str:
    """The newest deployment is the first row (inferred)."""
    try:
        status = next((row["status"] for row in table(output)), "queued")
    except (LookupError, ValueError):
        return "wait"
    if status in _UNFINISHED:
        return "wait"
    return "done" if status == "success" else f"ended with status {status}; the previous version keeps serving"


def destroy(ask: Ask, site: Site, made: Sequence[Created]) -> tuple[Step, ...]:
    """The removal of an app with its add-ons, and of the Git remote that points to it."""
    remote = REMOTES.pointing_to(site.app, site.project)
    gone = Step(
        id="destroy-app",
        title=f"Destroy the app {site.app} with its database",
        why="you asked for it",
        argv=("scalingo", "--app", site.app, "destroy", "--force"),
        on_failure="Your dashboard lists what exists: https://dashboard.scalingo.com/apps",
    )
    forget = Step(
        id="forget-remote",
        title=f"Remove the Git remote {remote}",
        why="its app is gone",
        argv=("git", "remote", "remove", str(remote)),
    )
    return (*((gone,) if site.remote.exists else ()), *((forget,) if remote else ()))


def removal(app: str, made: Created) -> tuple[str, ...]:
    """The command with which people remove one thing that a run made."""
    return {
        "app": ("scalingo", "--app", app, "destroy"),
        "Git remote": ("git", "remote", "remove", made.name),
        "database": ("scalingo", "--app", app, "addons-remove", "postgresql"),
    }.get(made.kind, ())


def address(app: str) -> Query:
    """The app's web address: the Git address contains the region."""
    return Query(argv=("scalingo", "--app", app, "git-show"), read=lambda output: _address(app, output))


def _address(app: str, output: str) -> str:
    [url] = re.findall(r"git@\S+", output)
    return f"https://{app}.{region_of(url)}.scalingo.io/"


def live(site: Site) -> Live:
    """The log of all containers, and the address."""
    return Live(log=("scalingo", "--app", site.app, "logs", "--follow"), address=address(site.app))


def watch(app: str) -> Watch:
    """The log of the web containers."""
    return Watch(log=("scalingo", "--app", app, "logs", "--lines", "100", "--filter", "web"))
