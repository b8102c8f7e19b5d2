"""Project + Remote → Plan. Pure: the same input always gives the same plan."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from .. import package_managers, variables, workflow
from ..commit import commit_steps
from ..contract import Platform, Site
from ..messages import errors
from ..model import Plan, Problem, Project, Step
from ..production import database, django_support, python_version, static_files
from ..production.requirements import requirements
from ..text.shell import filled
from ..variables import Decided
from . import files, gitignore, not_working, notes, other_case, variable_notes, working_tree
from .files import Files
from .working_tree import WorkingTree

_OLDEST_DJANGO = (3, 2)


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A plan, and the problems that prevent running it.

    `doubtful` are those of the problems that a trial may disprove. `contents` is what Git must contain afterwards of
    every file that production needs; `staged` are the paths among them that the commit adds, with `force` if Git
    ignores one.
    """

    plan: Plan
    problems: tuple[Problem, ...]
    doubtful: tuple[Problem, ...]
    contents: Mapping[str, bytes]
    staged: tuple[str, ...]
    force: bool


def plan(site: Site, platform: Platform, locks: Mapping[str, bytes]) -> Planned:
    """The changes that bring the project and its app to the state that the platform requires.

    `locks` are the lock files that the changed manifest needs, as the package manager wrote them.
    """
    project, decided = site.project, variables.decide(site, platform)
    known = replace(site.remote, same=site.remote.same.intersection(decided.options.variables))
    site = replace(site, options=decided.options, project=gitignore.in_effect(project), remote=known)
    missing = package_managers.missing(project.dependencies, requirements(project, platform.requirements))
    blocked = package_managers.blocked(project.dependencies, missing)
    missing = () if blocked else missing
    written = files.decide(site, platform, missing, locks)
    tree = working_tree.inspect(site, platform, missing, written)
    unstaged = {*tree.refused, *tree.apart}
    contents = files.contents(project, written, {*tree.hidden, *unstaged})
    staged = {path: contents[path] for path in sorted((written.changed | tree.own) - unstaged)}
    commit = commit_steps(project, platform.name, staged, force=bool(tree.forced), folder=platform.deploys_folder)
    site = replace(site, commits=any(step.id == "git-commit" for step in commit))
    return Planned(
        plan=_plan(site, platform, decided, written, tree, (*commit, *platform.steps(site))),
        problems=(*blocked, *_problems(site, platform, decided, written, tree)),
        doubtful=tuple(working_tree.doubtful(site, tree)),
        contents=contents,
        staged=tuple(staged),
        force=bool(tree.forced),
    )


def _plan(
    site: Site, platform: Platform, decided: Decided, written: Files, tree: WorkingTree, steps: Sequence[Step]
) -> Plan:
    project, remote = site.project, site.remote
    return Plan(
        platform=platform.id,
        platform_name=platform.name,
        placeholders=_placeholders(site, platform),
        changes=written.changes,
        steps=(*_history_steps(project, platform, steps), *steps),
        not_working=tuple(_not_working(site, platform, decided)),
        notes=tuple(_notes(site, platform, decided, written, tree)),
        address=platform.address(site.app) if platform.address else None,
        watch=platform.watch(site.app) if platform.watch else None,
        automated=site.options.deploys,
        account=remote.account,
        app_id=remote.id or None,
        not_done=(*notes.kept(tree.hidden, platform), *platform.not_done(site), *_admin(site, platform)),
        kept=written.kept,
        variables=decided.states,
        tried=project.tried,
        has_users="django.contrib.auth" in project.settings.installed_apps and not project.tried.no_superuser,
        has_admin="django.contrib.admin" in project.settings.installed_apps,
    )


def _admin(site: Site, platform: Platform) -> Iterator[str]:
    """How to create the first user of a new site, who has all rights."""
    project, tried = site.project, site.project.tried
    has_admin = "django.contrib.admin" in project.settings.installed_apps
    if site.remote.deployed is not None or project.admin_migrations or not (has_admin or tried.has_login):
        return
    none = "No admin user is created" if has_admin else "No user is created, so no visitor can log in at first"
    if tried.no_superuser:
        yield (
            f"{none}, and createsuperuser cannot work here: {tried.no_superuser}. Correct that, or create the user in "
            "Django's shell on the platform."
        )
        return
    how = platform.guide.superuser
    commands = " && ".join(filled(one, _placeholders(site, platform)) for one in how.commands) if how else ""
    then = f". After the deployment: {commands}" if commands else "; create the first one after the deployment."
    yield f"{none}{then}"


def _problems(site: Site, platform: Platform, decided: Decided, written: Files, tree: WorkingTree) -> Iterator[Problem]:
    project, options = site.project, site.options
    yield from written.problems
    yield from _choices(site, platform)
    yield from working_tree.problems(site, tree)
    yield from other_case.problems(project, written.edits, platform.name)
    if project.settings.django_version < _OLDEST_DJANGO:
        yield errors.django_too_old(found="{}.{}".format(*project.settings.django_version))
    yield from python_version.problems(project, options)
    yield from database.problems(project, options, platform.name)
    yield from static_files.problems(project)
    yield from platform.check(site)
    yield from variables.problems(decided, site, platform)


def _not_working(site: Site, platform: Platform, decided: Decided) -> Iterator[str]:
    yield from variable_notes.not_working(decided, site.options, platform)
    yield from not_working.not_working(site, platform)


def _notes(site: Site, platform: Platform, decided: Decided, written: Files, tree: WorkingTree) -> Iterator[str]:
    project, options = site.project, site.options
    yield from platform.notes(site)
    yield from workflow.notes(site, platform)
    yield from variable_notes.notes(decided, options, platform)
    yield from notes.weak_key(project, options.variables)
    yield from notes.own_files(written.kept)
    yield from notes.old_setuptools(written.added, project.dependencies.old_setuptools)
    yield from other_case.notes(project, written.edits, platform.name)
    yield from notes.of_project(project, platform)
    yield from python_version.notes(project, options)
    yield from django_support.notes(project, options.now.date())
    yield from notes.mixed(tree.mixed)
    yield from notes.forced(sorted(tree.forced))
    yield from notes.apart(tree.apart, platform)
    yield from notes.byproducts(project, platform, written.edits)
    yield from notes.exposed(project, platform)


def _placeholders(site: Site, platform: Platform) -> dict[str, str]:
    manage_py = site.project.manage_py
    own = {"manage_py": manage_py, "quoted_manage_py": shlex.quote(manage_py)}
    return {"app": site.app, **platform.placeholders(site), **own}


def _choices(site: Site, platform: Platform) -> Iterable[Problem]:
    """Options that this platform does not support."""
    options = site.options
    if options.database is not None and options.database not in platform.databases:
        yield errors.database_unknown(name=platform.name, asked=options.database, known=platform.databases)
    if options.organization is not None and not platform.organizations:
        yield errors.organizations_unknown(name=platform.name)
    if options.workflow is not None and platform.workflow is None:
        yield errors.workflow_unknown(name=platform.name)


def _history_steps(project: Project, platform: Platform, steps: Sequence[Step]) -> tuple[Step, ...]:
    """Where a push deploys: it is rejected if the platform's history is not part of what is pushed."""
    if platform.deploys_folder or not project.git.shallow or all(step.already_done for step in steps):
        return ()
    return (
        Step(
            id="git-history",
            title="Fetch the history missing from this shallow clone",
            why=f"{platform.name} accepts a push only from a full clone",
            argv=("git", "fetch", "--unshallow", "--quiet", "origin"),
            on_failure="Check out the full history in CI (fetch-depth: 0), or give this clone access to its origin.",
        ),
    )
