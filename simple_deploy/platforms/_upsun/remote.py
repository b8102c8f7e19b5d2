"""What exists on the platform: answers of the Upsun CLI 5 → Remote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from ..contract import Ask, Choose, Options, Problem, Project, Question, Ran, Remote
from . import problems, variables
from .deploy_hook import ended
from .flavour import Flavour
from .linked import linked_id

# The CLI's name for the project's default environment, whatever its branch is called.
DEFAULT_ENVIRONMENT = ("--environment", ".")
# The log of what was deployed last; other activities (backups, variables) have none of the lines that matter.
LAST_DEPLOYMENT = ("activity:log", "--type", "environment.push", "--type", "environment.redeploy")
_PROJECT_COLUMNS = "id,title,region,organization_name,organization_type"


class _Found(NamedTuple):
    """A project on the account, as project:list tells of it: a row with these columns."""

    id: str
    title: str
    region: str
    organization: str
    type: str


def survey(flavour: Flavour, ask: Ask, choose: Choose, project: Project, options: Options, known: Remote) -> Remote:
    """The project that this folder is, or shall be, deployed to, and what it runs.

    Where there is none yet: the organization that will own it. The answer is complete or has problems.
    """
    cli = flavour.executable
    plain = ("--format", "plain", "--no-header", "--columns")
    listed, organizations = ask(
        [
            # A page has twenty projects unless the count is 0 (upsun/cli source, `ProjectListCommand`).
            Question(argv=(cli, "project:list", "--count", "0", *plain, _PROJECT_COLUMNS)),
            Question(argv=(cli, "organization:list", *plain, "name,type")),
        ]
    )
    if not listed.ok:
        return replace(known, problems=(problems.failed(listed),))
    projects = [_Found(*row) for row in _rows(listed.stdout, 5)]
    found = _ours(flavour, project, options, projects, str(known.app))
    if isinstance(found, Problem):
        return replace(known, problems=(found,))
    if found:
        return _existing(flavour, ask, project, options, known, found)
    if options.destroy or (project.claim and project.claim.id and not options.app_name):
        return known
    return _new(flavour, choose, options, known, organizations)


def _rows(output: str, columns: int) -> Iterator[list[str]]:
    """Lines of values with tabs between them; raises ValueError for other lines."""
    for line in output.split("\n"):
        row = line.rstrip("\r").split("\t")
        if row == [""]:
            continue
        if len(row) != columns:
            raise ValueError(f"expected {columns} columns: {line!r}")
        yield row


def _ours(
    flavour: Flavour, project: Project, options: Options, projects: list[_Found], name: str
) -> _Found | Problem | None:
    """By the id that a claim or the user gives, else by title. Titles need not be unique."""
    claimed = project.claim.id if project.claim else ""
    if claimed and not options.app_name:
        return next((one for one in projects if one.id == claimed), None)
    titled = [one for one in projects if one.title == name and one.type != flavour.foreign]
    titled = [one for one in titled if options.organization in (None, one.organization)]
    matching = [one for one in projects if one.id == name] or titled
    matching = [one for one in matching if one.id == claimed] or matching
    if len(matching) > 1:
        return problems.several_projects(flavour, name, [(one.id, one.organization) for one in matching])
    return next(iter(matching), None)


def _existing(flavour: Flavour, ask: Ask, project: Project, options: Options, known: Remote, found: _Found) -> Remote:
    cli, of_project = flavour.executable, ("--project", found.id)
    plain = ("--format", "plain", "--no-header", "--columns", variables.COLUMNS)
    branch, head, log, listed = ask(
        [
            Question(argv=(cli, "project:info", "default_branch", *of_project)),
            Question(argv=(cli, "environment:info", "head_commit", *of_project, *DEFAULT_ENVIRONMENT, "--refresh")),
            Question(argv=(cli, *LAST_DEPLOYMENT, *of_project, *DEFAULT_ENVIRONMENT)),
            Question(argv=(cli, "variable:list", *plain, *of_project, *DEFAULT_ENVIRONMENT), private=True),
        ]
    )
    if not branch.ok:
        return replace(known, problems=(problems.failed(branch),))
    commit = head.stdout.strip()
    release: str | None = ended(log.stdout) if log.ok else None
    if release == "hook failed" and commit == project.git.head and _migrated(flavour, ask, project, found):
        release = "repaired"
    seen = variables.seen(_rows(listed.stdout, 4), project.settings.secrets, options.variables)
    # Without any variable the status is 1, too (upsun/cli source, `VariableListCommand`).
    silent = not listed.ok and "No variables found" not in listed.stderr
    return replace(
        known,
        app=found.title,
        id=found.id,
        exists=True,
        variables=frozenset(seen.places),
        same=seen.same,
        unsafe=seen.unsafe,
        git_remote=flavour.executable if linked_id(flavour, project) == found.id else None,
        deployed=commit if head.ok and re.fullmatch(r"[0-9a-f]{40,64}", commit) else None,
        release=release,
        facts={
            "id": found.id,
            "region": found.region,
            "organization": found.organization,
            "branch": branch.stdout.strip() or "main",
            "unseen": ", ".join(variables.NAMES) if silent else seen.unseen,
            "levels": " ".join(f"{name}={level}" for name, level in seen.places.items()),
            **seen.levels,
        },
    )


def _migrated(flavour: Flavour, ask: Ask, project: Project, found: _Found) -> bool:
    """Whether what the deploy hook should have done has been done since."""
    cli, of_project = flavour.executable, ("--project", found.id)
    check = ("--", ".venv/bin/python", project.manage_py, "migrate", "--check")
    (unapplied,) = ask([Question(argv=(cli, "ssh", *of_project, *DEFAULT_ENVIRONMENT, *check))])
    return unapplied.ok


def _new(flavour: Flavour, choose: Choose, options: Options, known: Remote, organizations: Ran) -> Remote:
    """What is known of a project that is not there yet: who will own it. Raises Declined if the user picks no one."""
    rows = _rows(organizations.stdout, 2) if organizations.ok else ()
    names = [name for name, kind in rows if kind != flavour.foreign]
    chosen = options.organization or (names[0] if len(names) == 1 else None)
    found: list[Problem] = []
    if not names:
        found.append(problems.no_organization(flavour, organizations.stderr.partition("\n")[0]))
    elif chosen is None:
        chosen = choose(f"Which organization should own (and pay for) {known.app}?", names)
        if chosen is None:
            found.append(problems.which_organization(flavour, names))
    elif chosen not in names:
        found.append(problems.unknown_organization(flavour, chosen, names))
    if options.yes and not options.region:
        found.append(problems.no_region(flavour))
    return replace(known, facts={"organization": chosen or ""}, problems=tuple(found))
