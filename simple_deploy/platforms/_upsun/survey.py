"""What exists on the platform: answers of the Upsun CLI 5 → Remote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from simple_deploy.contract import (
    Ask,
    Choose,
    Claim,
    Options,
    Problem,
    Project,
    Question,
    Ran,
    Remote,
    Site,
    cli_failed,
)

from . import texts, variables
from .deploy_hook import ended
from .flavour import Flavour
from .own_file import hook_is_ours
from .variables import Found

# The CLI's name for the project's default environment, whatever its branch is called.
DEFAULT_ENVIRONMENT = ("--environment", ".")
# The log of the last deployment; other activities (backups, variables) have none of the relevant lines.
LAST_DEPLOYMENT = ("activity:log", "--type", "environment.push", "--type", "environment.redeploy")
_PROJECT_COLUMNS = "id,title,region,organization_name,organization_type"
# upsun/cli, `detection.git_domain` and LocalProject: the host may contain a region.
_GIT_URL = re.compile(r"(?:ssh://)?([a-z0-9]{12,})@git\.(?:[a-z0-9.-]+\.)?(?:platform\.sh|upsun\.com)[:/]\1\.git")
_DATABASE = re.compile(r"""^\s+type:\s*['"]?((?:postgresql|mysql|mariadb|oracle-mysql):[\w.]+)""", re.MULTILINE)
_ID = re.compile(r"""^id:\s*['"]?([a-z0-9]+)['"]?\s*$""", re.MULTILINE)


class _Project(NamedTuple):
    """A project on the account, as project:list shows it: a row with these columns."""

    id: str
    title: str
    region: str
    organization: str
    type: str


def linked_id(flavour: Flavour, project: Project) -> str | None:
    """The project's ID: from the CLI's own file, else from the Git remote that the CLI creates, else from origin."""
    noted = _ID.search((project.files.get(flavour.link) or b"").decode("utf-8", "replace"))
    if noted:
        return noted[1]
    urls = (project.git.remotes.get(name, "") for name in (flavour.executable, "origin"))
    return next((match[1] for match in map(_GIT_URL.fullmatch, urls) if match), None)


def claims(flavour: Flavour, project: Project) -> tuple[Claim, ...]:
    """The project that the folder is linked to."""
    link = linked_id(flavour, project)
    forget = f"{flavour.executable} set-remote -"
    return (Claim(app="", id=link, said_by=f"the link of this folder ({flavour.link})", forget=forget),) if link else ()


def app_name(project: Project, account: str | None) -> str:
    """The title of a new project."""
    return project.name


def find(flavour: Flavour, ask: Ask, site: Site) -> Remote:
    """The project that this folder is deployed to."""
    [listed] = ask([_projects(flavour)])
    found = _ours(flavour, site, listed)
    if isinstance(found, Problem):
        return replace(site.remote, problems=(found,))
    return _named(flavour, site, found) if found else site.remote


def survey(flavour: Flavour, ask: Ask, choose: Choose, site: Site) -> Remote:
    """The project that this folder is, or will be, deployed to, and what it runs.

    If there is none yet: the organization that will own it. The answer is complete or has problems.
    """
    listed, organizations = ask([_projects(flavour), _list(flavour, "organization:list", "name,type")])
    found = _ours(flavour, site, listed)
    if isinstance(found, Problem):
        return replace(site.remote, problems=(found,))
    if found:
        return _existing(flavour, ask, site, found)
    claim = site.project.claim
    if claim and claim.id and not site.options.app_name:
        return site.remote
    return _new(flavour, choose, site.options, site.remote, organizations)


def _list(flavour: Flavour, command: str, columns: str, *words: str) -> Question:
    plain = ("--format", "plain", "--no-header", "--columns", columns)
    return Question(argv=(flavour.executable, command, *words, *plain))


def _projects(flavour: Flavour) -> Question:
    # A page has twenty projects unless the count is 0 (upsun/cli source, `ProjectListCommand`).
    return _list(flavour, "project:list", _PROJECT_COLUMNS, "--count", "0")


def _failed(ran: Ran) -> Problem:
    """A question that the CLI did not answer; its status 6 means "not allowed" (upsun/cli source)."""
    reason = ran.stderr.strip() or f"exit status {ran.returncode}"
    return cli_failed(command=" ".join(map(str, ran.argv)), reason=reason)


def _rows(output: str, columns: int) -> Iterator[list[str]]:
    """Tab-separated values; raises ValueError for other lines."""
    for line in output.split("\n"):
        row = line.rstrip("\r").split("\t")
        if row == [""]:
            continue
        if len(row) != columns:
            raise ValueError(f"expected {columns} columns: {line!r}")
        yield row


def _ours(flavour: Flavour, site: Site, listed: Ran) -> _Project | Problem | None:
    """The project with the ID of a claim or from the user, else with the title. Titles need not be unique."""
    if not listed.ok:
        return _failed(listed)
    projects = [_Project(*row) for row in _rows(listed.stdout, 5)]
    claimed = site.project.claim.id if site.project.claim else ""
    if claimed and not site.options.app_name:
        return next((one for one in projects if one.id == claimed), None)
    titled = [one for one in projects if one.title == site.app and one.type != flavour.foreign]
    titled = [one for one in titled if site.options.organization in (None, one.organization)]
    matching = [one for one in projects if one.id == site.app] or titled
    matching = [one for one in matching if one.id == claimed] or matching
    if len(matching) > 1:
        named = [f"{one.id} (organization {one.organization})" for one in matching]
        return texts.several_projects(title=site.app, projects=named)
    return next(iter(matching), None)


def _named(flavour: Flavour, site: Site, found: _Project) -> Remote:
    return replace(
        site.remote,
        app=found.title,
        id=found.id,
        exists=True,
        git_remote=flavour.executable if linked_id(flavour, site.project) == found.id else None,
        facts=Found(id=found.id, region=found.region, organization=found.organization),
    )


def _existing(flavour: Flavour, ask: Ask, site: Site, found: _Project) -> Remote:
    cli, of_project, known = flavour.executable, ("--project", found.id), _named(flavour, site, found)
    branch, head, log, listed = ask(
        [
            Question(argv=(cli, "project:info", "default_branch", *of_project)),
            Question(argv=(cli, "environment:info", "head_commit", *of_project, *DEFAULT_ENVIRONMENT, "--refresh")),
            Question(argv=(cli, *LAST_DEPLOYMENT, *of_project, *DEFAULT_ENVIRONMENT)),
            _variables(flavour, of_project),
        ]
    )
    if not branch.ok:
        return replace(site.remote, problems=(_failed(branch),))
    commit = head.stdout.strip()
    release: str | None = ended(log.stdout) if log.ok else None
    if release == "hook failed" and not hook_is_ours(flavour, site):
        release = "unknown"
    elif release == "hook failed" and commit == site.project.git.head and _migrated(flavour, ask, site, found):
        release = "repaired"
    seen = variables.seen(_rows(listed.stdout, 4), site.project.settings.committed, site.options.values)
    # Without any variable the status is also 1 (upsun/cli source, `VariableListCommand`).
    silent = not listed.ok and "No variables found" not in listed.stderr
    return replace(
        known,
        variables=frozenset(seen.places),
        same=seen.same,
        differing=seen.differing,
        unsafe=seen.unsafe,
        database=_database(flavour, site.project) if commit else None,
        deployed=commit if head.ok and re.fullmatch(r"[0-9a-f]{40,64}", commit) else None,
        release=release,
        facts=Found(
            id=found.id,
            region=found.region,
            organization=found.organization,
            branch=branch.stdout.strip() or "main",
            unseen=variables.NAMES if silent else seen.unseen,
            places=seen.places,
            levels=seen.levels,
        ),
    )


def _database(flavour: Flavour, project: Project) -> str | None:
    """The database that the configuration declares: no command of the CLI reports it."""
    declared = "\n".join((project.files.get(one.path) or b"").decode("utf-8", "replace") for one in flavour.templates)
    found = _DATABASE.search(declared)
    return found[1] if found else None


def _variables(flavour: Flavour, of_project: tuple[str, ...]) -> Question:
    plain = ("--format", "plain", "--no-header", "--columns", variables.COLUMNS)
    return Question(argv=(flavour.executable, "variable:list", *plain, *of_project, *DEFAULT_ENVIRONMENT), private=True)


def _migrated(flavour: Flavour, ask: Ask, site: Site, found: _Project) -> bool:
    """Whether the deploy hook's work has been done since."""
    cli, of_project = flavour.executable, ("--project", found.id)
    check = ("--", ".venv/bin/python", site.project.manage_py, "migrate", "--check")
    (unapplied,) = ask([Question(argv=(cli, "ssh", *of_project, *DEFAULT_ENVIRONMENT, *check))])
    return unapplied.ok


def _new(flavour: Flavour, choose: Choose, options: Options, known: Remote, organizations: Ran) -> Remote:
    """What is known of a project that does not exist yet: its owner. Raises Declined if the user picks none."""
    rows = _rows(organizations.stdout, 2) if organizations.ok else ()
    names = [name for name, kind in rows if kind != flavour.foreign]
    chosen = options.organization or (names[0] if len(names) == 1 else None)
    found: list[Problem] = []
    # The status of an empty list is that of a failure (upsun/cli, `OrganizationListCommand`).
    if not organizations.ok and "No organizations found" not in organizations.stderr:
        found.append(_failed(organizations))
    elif not names:
        found.append(_no_organization(flavour, organizations.stderr.partition("\n")[0]))
    elif chosen is None:
        chosen = choose(f"Which organization should own (and pay for) {known.app}?", names)
        if chosen is None:
            found.append(texts.which_organization(known=names))
    elif chosen not in names:
        found.append(texts.unknown_organization(name=chosen, known=names))
    if options.yes and not options.region:
        see = f"{flavour.docs}/development/regions.html"
        found.append(texts.no_region(region=texts.REGION, cli=flavour.executable, see=see))
    return replace(known, facts=Found(organization=chosen or ""), problems=tuple(found))


def _no_organization(flavour: Flavour, said: str) -> Problem:
    """The CLI's `organization:create` creates one of the other product (upsun/cli, `default_organization_type`)."""
    if flavour.customers:
        return texts.existing_customers_only()
    return texts.no_organization(said=said, cli=flavour.executable)
