"""The commands that set a project up on Fly.io; those whose result already exists are marked as done."""

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
    Query,
    Secret,
    Site,
    Step,
    assignment,
    facts,
    plain,
    unsafe,
)

from . import database_steps, databases, fly_toml
from .identity import LABEL, after_deployment, identity
from .watch import watch

_MACHINE_COST = Cost(**facts(Path(__file__).parent)["machine price"].value)


def placeholders(site: Site) -> Mapping[str, str]:
    """The app's database, and the apps whose removal removes both."""
    database = databases.name_of(site.app)
    unmanaged = databases.kind(site) == databases.UNMANAGED
    return {"database": database, "apps": f"{site.app} {database}" if unmanaged else site.app}


def steps(site: Site) -> tuple[Step, ...]:
    """Create the app, give it a database and its secrets, deploy: in the order that Fly.io requires."""
    before = (_create(site), *database_steps.steps(site), _secrets(site))
    clean = not _dirty(site) and all(step.already_done for step in before)
    return (*before, _deploy(site, clean=clean))


def _create(site: Site) -> Step:
    app, remote, organization = site.app, site.remote, _organization(site)
    return Step(
        id="create-app",
        title=f"Create the app {app}",
        why="the site runs in this app",
        argv=("fly", "apps", "create", app, *(("--org", organization) if organization else ())),
        creates=f"the app {app}",
        makes=(Created(kind="app", name=app),),
        identity=Query(
            argv=("fly", "status", "--app", app, "--json"), read=lambda out: identity(json.loads(out), remote.account)
        ),
        already_done=f"found in the organization {organization}" if remote.exists else None,
        on_failure="Names are unique among all apps on Fly.io: if this one is taken, choose another with "
        "--deployed-project-name NAME.",
    )


def _organization(site: Site) -> str:
    """The app's organization, existing or new; "" if unknown and not specified."""
    return databases.of(site.remote).organization or site.options.organization or ""


def _secrets(site: Site) -> Step:
    options, remote = site.options, site.remote
    variables = {str(name): str(value) for name, value in fly_toml.table(fly_toml.of(site.project), "env").items()}
    reason = unsafe(variables, ()).get("DEBUG", "") if "DEBUG" not in remote.variables else ""
    given = {name: value for name, value in options.variables.items() if name not in remote.same}
    wanted: dict[str, Argument] = {
        **({} if "SECRET_KEY" in remote.variables else {"SECRET_KEY": options.secret_key}),
        # A secret has precedence over [env] (Fly docs: the Machine runtime environment).
        **({"DEBUG": "DEBUG=False"} if reason else {}),
        **{name: _line(name, value) for name, value in given.items()},
    }
    names = list(wanted or dict.fromkeys(("SECRET_KEY", *options.variables)))
    return Step(
        id="secrets",
        title=f"Set the secret{'s' if len(names) > 1 else ''} {', '.join(names)}",
        why="the settings read them; they take effect with the deployment"
        + (f". DEBUG in fly.toml is replaced: {reason}" if reason else ""),
        argv=("fly", "secrets", "import", "--app", site.app, "--stage"),
        stdin=tuple(wanted.values()) or (options.secret_key,),
        already_done=None if wanted else "it is set" if len(names) == 1 else "they are set",
        sets=given,
    )


def _line(name: str, value: str | Secret) -> Argument:
    """A line for `fly secrets import`, which reads multi-line values between triple quotation marks (flyctl source)."""
    text = plain(value)
    if "\n" not in text:
        return assignment(name, value)
    return Secret(f'{text}"""', prefix=f'{name}="""')


def _dirty(site: Site) -> bool:
    """Whether the folder, which is what Fly.io builds, contains uncommitted changes."""
    return site.options.ignore_unclean_git and bool(site.project.git.entries)


def _deploy(site: Site, *, clean: bool) -> Step:
    app, found = site.app, databases.of(site.remote)
    only_one = machines(site)
    first = "" if site.remote.deployed or found.runs_in else "a machine (shared CPU, 512 MB)"
    return Step(
        id="deploy",
        title="Build the image and deploy it",
        why="Fly.io builds this folder, migrates the database, starts the new version and waits until it is healthy"
        + ("; --ha=false creates one machine instead of two" if only_one else ""),
        argv=("fly", "deploy", "--app", app, *only_one, "--yes", "--image-label", _label(site)),
        creates=first,
        cost=_MACHINE_COST,
        already_done="the app runs this commit" if clean and site.is_deployed and not found.staged else None,
        timeout=3600,
        on_failure="The previous version, if any, keeps serving. The lines above show what failed.",
        explain=watch(app).log,
        identity=after_deployment(app, _organization(site), site.remote),
    )


def machines(site: Site) -> tuple[str, ...]:
    """The option for one machine, unless fly.toml asks for several."""
    service = fly_toml.table(fly_toml.of(site.project), "http_service")
    return ("--ha=false",) if service.get("min_machines_running") in (None, 0, 1) else ()


def _label(site: Site) -> Argument:
    """The image is labelled with its commit, so that a later run can tell that it need not deploy again."""
    if _dirty(site):
        return f"uncommitted-{site.options.now:%Y%m%d%H%M%S}"
    return LABEL


def destroy(ask: Ask, site: Site, made: Sequence[Created]) -> tuple[Step, ...]:
    """The removal of an app: first the app itself, then its databases, which Fly.io does not remove with it."""
    app = Step(
        id="destroy-app",
        title=f"Destroy the app {site.app} with its machines and secrets",
        why="you asked for it",
        argv=_destroying(site.app),
        on_failure="Your dashboard lists what exists: https://fly.io/dashboard",
    )
    return (*((app,) if site.remote.exists else ()), *database_steps.destroying(ask, site.remote, made))


def removal(app: str, made: Created) -> tuple[str, ...]:
    """The command with which people remove one thing that a run created."""
    return _destroying(app) if made.kind == "app" else database_steps.removal(made)


def _destroying(app: str) -> tuple[str, ...]:
    return ("fly", "apps", "destroy", app, "--yes")


def address(app: str) -> Query:
    """The app's web address, as Fly.io reports it."""
    return Query(
        argv=("fly", "status", "--app", app, "--json"),
        read=lambda output: f"https://{json.loads(output)['Hostname']}/",
    )


def live(site: Site) -> Live:
    """The log of all machines, and the address."""
    return Live(log=("fly", "logs", "--app", site.app), address=address(site.app))
