"""The commands that set a project up on Upsun; those whose result already exists are marked as done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from simple_deploy.contract import Ask, Cost, Created, Live, Poll, Query, Site, Step, Watch

from .deploy_hook import verdict
from .flavour import Flavour
from .own_file import hook_is_ours
from .survey import DEFAULT_ENVIRONMENT, LAST_DEPLOYMENT, linked_id
from .variables import of, repairs

_NEW_BRANCH = "main"
_ON_FAILURE = "The lines above show what failed in the build or the deployment."


def placeholders(flavour: Flavour, site: Site) -> Mapping[str, str]:
    """The Git remote that the CLI creates for the project, and the branch of production."""
    return {"git_remote": flavour.executable, "branch": of(site.remote).branch}


def steps(flavour: Flavour, site: Site) -> tuple[Step, ...]:
    """Create, link, push, and read what the push's exit status does not show."""
    # Without a survey, only the folder's link is known; --automate-all finds out the rest.
    link = linked_id(flavour, site.project)
    assumed = None
    if not site.remote.surveyed and link and not site.options.app_name:
        assumed = f"the folder is linked to the project {link}; --automate-all checks what it has"
    state = site.remote.release if site.is_deployed else None
    ours = hook_is_ours(flavour, site)
    repaired = repairs(flavour, site)
    push = _push(flavour, site)
    if state == "not deployed":
        push = _redeploy(flavour, "the platform has this commit, but failed to deploy it")
    elif site.is_deployed and repaired:
        push = _redeploy(flavour, "the platform has this commit, and changed variables take effect with a deployment")
    return (
        _create(flavour, site, assumed),
        *((_link(flavour, site),) if site.remote.exists else ()),
        *repaired,
        push,
        *(_again(flavour, site) if ours and state == "hook failed" else ()),
        *((_hook(flavour, None if repaired else state),) if ours and state != "hook failed" else ()),
    )


def _create(flavour: Flavour, site: Site, assumed: str | None) -> Step:
    title, options, found = site.app, site.options, of(site.remote)
    organization = options.organization or found.organization
    return Step(
        id="create-project",
        title=f"Create the project {title}",
        why="the site and its database run in this project; this folder is linked to it",
        argv=(
            *(flavour.executable, "project:create", "--title", title),
            *(("--region", options.region) if options.region else ()),
            *(("--org", organization) if organization else ()),
            *("--default-branch", _NEW_BRANCH, "--set-remote"),
            *(("--yes",) if options.yes else ()),
        ),
        creates=f"the project {title}",
        makes=(
            Created(kind="app", name=title),
            Created(kind="Git remote", name=flavour.executable),
        ),
        identity=Query(argv=(flavour.executable, "project:info", "id"), read=str.strip),
        cost=Cost(cents=None, text=flavour.costs),
        already_done=f"found {found.id} in region {found.region}" if site.remote.exists else assumed,
        timeout=3600,
        # The CLI shows the price and asks; with --yes, it shows the price and continues.
        interactive=not options.yes,
        on_failure="If you answered no, nothing was created, and --undo restores your files. Otherwise the lines "
        "above show the reason: often the account is not verified yet.",
    )


def _link(flavour: Flavour, site: Site) -> Step:
    return Step(
        id="link",
        title=f"Link this folder to the project {site.app}",
        why="so that commands in this folder apply to this project",
        argv=(flavour.executable, "set-remote", of(site.remote).id, "--yes"),
        makes=(Created(kind="Git remote", name=flavour.executable),),
        already_done="it is already linked" if site.remote.git_remote else None,
    )


def _push(flavour: Flavour, site: Site) -> Step:
    return Step(
        id="push",
        title="Push your code; the platform builds and deploys it",
        why="a push to this branch deploys it",
        argv=(flavour.executable, "push", "--target", of(site.remote).branch, "--wait", "--yes"),
        creates="" if site.remote.deployed else "the site's container, and its PostgreSQL database",
        already_done="the project runs this commit" if site.is_deployed else None,
        timeout=3600,
        on_failure=_ON_FAILURE,
    )


def _redeploy(flavour: Flavour, why: str) -> Step:
    return Step(
        id="redeploy",
        title="Build and deploy the pushed commit again",
        why=why,
        argv=(flavour.executable, "environment:redeploy", *DEFAULT_ENVIRONMENT, "--wait", "--yes"),
        timeout=3600,
        on_failure=_ON_FAILURE,
    )


def _again(flavour: Flavour, site: Site) -> Iterator[Step]:
    """The commands of the deploy hook."""
    titles = {
        "migrate": "Migrate the database",
        "createcachetable": "Create the table of the cache",
        "collectstatic": "Upload the static files",
    }
    for program, *words in (*site.recipe.release, *site.recipe.upload):
        yield Step(
            id=words[1],
            title=titles.get(words[1], f"Run {words[1]}"),
            why="the deploy hook of this commit failed, and the platform does not run it again for unchanged code",
            argv=(flavour.executable, "ssh", *DEFAULT_ENVIRONMENT, "--", f".venv/bin/{program}", *words),
            on_failure="Fix the cause, commit, and run the same command again: a new commit runs the hook.",
        )


def _hook(flavour: Flavour, state: str | None) -> Step:
    return Step(
        id="deploy-hook",
        title="Check the log for the end of the deploy hook",
        why="a push succeeds even if the hook, which migrates the database, fails",
        argv=(flavour.executable, *LAST_DEPLOYMENT, *DEFAULT_ENVIRONMENT),
        poll=Poll(verdict=verdict, timeout=900, telling=True),
        already_done={"succeeded": "it has", "repaired": "it had failed; the database has been migrated since"}.get(
            state or ""
        ),
        on_failure="Fix the cause, commit, and run the same command again.",
    )


def destroy(flavour: Flavour, ask: Ask, site: Site, made: Sequence[Created]) -> tuple[Step, ...]:
    """The removal of a project, and of the folder's link to it, as far as runs have created them."""
    kinds = {created.kind for created in made}
    delete = Step(
        id="delete-project",
        title=f"Delete the project {site.app} with its database and everything in it",
        why="you asked for it",
        argv=(flavour.executable, "project:delete", "--project", of(site.remote).id, "--yes"),
        on_failure="Only users who may manage the organization's projects can delete one.",
    )
    unlink = Step(
        id="unlink",
        title="Remove this folder's link to it",
        why="commands in this folder would keep looking for the project",
        argv=(flavour.executable, "set-remote", "-", "--yes"),
    )
    return (
        *((delete,) if "app" in kinds and site.remote.exists else ()),
        *((unlink,) if "Git remote" in kinds and site.remote.git_remote else ()),
    )


def removal(flavour: Flavour, app: str, made: Created) -> tuple[str, ...]:
    """The command with which people remove one thing that a run created. The CLI asks them which project they mean."""
    return {
        "app": (flavour.executable, "project:delete"),
        "Git remote": (flavour.executable, "set-remote", "-"),
    }.get(made.kind, ())


def address(flavour: Flavour, app: str) -> Query:
    """The site's web address. The folder's link identifies the project: titles are not unique."""
    return Query(
        argv=(flavour.executable, "url", "--primary", "--pipe", *DEFAULT_ENVIRONMENT),
        read=lambda output: output.split()[0],
    )


def live(flavour: Flavour, site: Site) -> Live:
    """The application's log and the address, by the project's ID: a fresh clone is not linked to the project."""
    of_project = ("--project", of(site.remote).id, *DEFAULT_ENVIRONMENT)
    return Live(
        log=(flavour.executable, "environment:logs", "app", "--tail", *of_project),
        address=Query(
            argv=(flavour.executable, "url", "--primary", "--pipe", *of_project),
            read=lambda output: output.split()[0],
        ),
    )


def watch(flavour: Flavour, app: str) -> Watch:
    """The application's log. A start command that exits is restarted at once, so no command reports "crashed"."""
    return Watch(log=(flavour.executable, "environment:logs", "app", "--lines", "100", *DEFAULT_ENVIRONMENT))
