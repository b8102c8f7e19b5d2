"""The stages before anything is written: each takes the draft of a plan and returns a better one.

All problems that they find are collected and reported together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from . import claims, receipt, variables, workflow
from .apply import misplaced_problems
from .contract import Platform, Remote, Site
from .effects.log import Log
from .effects.terminal import Terminal
from .inspect import Inspection, contains, identity_problems, inspect, log_lines, named_settings, root_above, try_commit
from .lock import lock
from .masking.telling import secrets_in
from .messages import errors
from .messages.stops import Refused
from .model import UNTRIED, Options, Plan, Problem, Project, Secret, StaticFiles, VariableState
from .plan import Planned, plan
from .production import settings_file
from .production.requirements import requirements
from .production.static_files import in_block
from .text.shell import way_up
from .text.text_file import decode


@dataclass(frozen=True, kw_only=True, eq=False)
class Run:
    """What all stages share."""

    platform: Platform
    terminal: Terminal
    log: Log


@dataclass(frozen=True, kw_only=True, eq=False)
class Draft:
    """What is known so far. `locks` are lock files as they should be; `early` problems were found before there was a
    plan, `late` ones after.
    """

    inspection: Inspection
    project: Project
    options: Options
    remote: Remote
    locks: Mapping[str, bytes] = field(default_factory=dict)
    made: Planned | None = None
    early: tuple[Problem, ...] = ()
    late: tuple[Problem, ...] = ()

    @property
    def site(self) -> Site:
        """The argument of a platform's functions."""
        return Site(project=self.project, options=self.options, remote=self.remote)

    @property
    def planned(self) -> Planned:
        """The plan as far as it is known."""
        assert self.made is not None
        return self.made

    @property
    def problems(self) -> list[Problem]:
        """All problems found, each once."""
        return list(dict.fromkeys((*self.early, *self.planned.problems, *self.late)))

    def also(self, problems: Iterable[Problem]) -> Draft:
        """The draft with these problems added."""
        return replace(self, late=(*self.late, *problems))

    def again(self, run: Run) -> Draft:
        """The draft, planned again with what is known now."""
        return replace(self, made=plan(self.site, run.platform, self.locks))


def inspected(options: Options, run: Run) -> Draft:
    """The project on disk, and the platform according to its CLI. Raises Refused if there is no such project."""
    options = _remembering(options, run.platform)
    inspection = inspect(
        options,
        (*run.platform.reads, *workflow.reads(options, run.platform)),
        run.log.ran,
        choose=run.terminal.choice(options),
        whole_folder=run.platform.deploys_folder,
    )
    project = inspection.project
    unclear: tuple[Problem, ...] = ()
    if project:
        run.log.redact.learn(project.settings.secrets)
        for line in log_lines(project):
            run.log.write(line)
        project, unclear = claims.claimed(project, options, run.platform)
    remote = _surveyed(None if unclear else project, inspection, options, run)
    problems = (*inspection.problems, *unclear, *remote.problems)
    if project is None:
        raise Refused(problems)
    if remote.app is None:
        remote = replace(remote, app=claims.app_name(project, options, run.platform, remote.account))
    problems = (*problems, *claims.problems(Site(project=project, options=options, remote=remote), run.platform))
    project = with_static(project, _found_before(project, run.platform))
    return Draft(inspection=inspection, project=project, options=options, remote=remote, early=problems)


def _remembering(options: Options, platform: Platform) -> Options:
    """The options with the settings that --env-file names, and what earlier runs in this folder have set."""
    root = root_above(options.manage_py.parent)
    runs = receipt.load(root) if root else ()
    return replace(
        options,
        variables={**named_settings(options), **options.variables},
        remembered=receipt.known_values(runs, platform.id, options.app_name),
    )


def _surveyed(project: Project | None, inspection: Inspection, options: Options, run: Run) -> Remote:
    if not options.deploys:
        return _recorded(project, options, run.platform)
    from .survey import survey

    with run.terminal.working(f"Inspect your project and {run.platform.name}"):
        choose = run.terminal.choice(options)
        remote = survey(run.platform, project, options, inspection.root or Path.cwd(), choose, run.log.ran)
    if project is None or not remote.exists:
        return remote
    unseen = remote.variables - remote.same - remote.differing
    present = {name: value for name, value in {**options.offered, **options.variables}.items() if name in unseen}
    unchanged = receipt.unchanged(project.root, run.platform.id, str(remote.app), remote.id, present)
    return replace(remote, same=remote.same | unchanged)


def _recorded(project: Project | None, options: Options, platform: Platform) -> Remote:
    """What a run that does not ask the platform knows of it: the variables that earlier runs here have set."""
    if project is None:
        return Remote()
    app = claims.app_name(project, options, platform, None)
    return Remote(variables=frozenset(receipt.known_values(receipt.load(project.root), platform.id, app)))


def drafted(draft: Draft, run: Run) -> Draft:
    """The first plan, with the values that the user types in for variables that the site lacks."""
    return asked(draft, run).again(run)


def asked(draft: Draft, run: Run, *, before: Draft | None = None) -> Draft:
    """The draft with the values that the user types in, if any. What was missing `before` is not asked for again."""
    options = draft.options
    if not options.deploys or options.yes or options.dry_run or not Terminal.interactive():
        return draft
    typed: dict[str, str | Secret] = {}
    for lacking in missing(draft, run, before=before):
        if value := run.terminal.typed_secret(variables.question(lacking, run.platform)):
            typed[lacking.name] = Secret(value)
    run.log.redact.learn(secrets_in(typed))
    return replace(draft, options=replace(options, variables={**options.variables, **typed})) if typed else draft


def missing(draft: Draft, run: Run, *, before: Draft | None = None) -> list[VariableState]:
    """The variables without which the site cannot start, except those that were missing `before`."""
    known = {one.name for one in variables.decide(before.site, run.platform).missing} if before else set()
    return [one for one in variables.decide(draft.site, run.platform).missing if one.name not in known]


def locked(draft: Draft, run: Run) -> Draft:
    """The draft with lock files that include what production needs."""
    if not draft.project.dependencies.lock:
        return draft
    wanted = requirements(draft.project, run.platform.requirements)
    found = lock(draft.project, wanted, run.log.ran, renew=not draft.problems)
    draft = draft.also(found.problems)
    return replace(draft, locks=found.files).again(run) if found.files else draft


def committed(draft: Draft, run: Run) -> Draft:
    """The draft after Git has tried the commit. Ignored files are committed with force, or refused."""
    planned, repository = draft.planned, draft.inspection.repository
    assert repository is not None
    draft = draft.also(misplaced_problems(draft.project.root, planned.plan.changes))
    tried = try_commit(repository, planned.contents, planned.staged, force=False, record=run.log.ran)
    if tried.ignored:
        git = replace(draft.project.git, ignored=tried.ignored)
        draft = replace(draft, project=replace(draft.project, git=git)).again(run)
        planned = draft.planned
        tried = try_commit(repository, planned.contents, planned.staged, force=planned.force, record=run.log.ran)
    return draft.also(tried.problems)


def checked(draft: Draft, run: Run) -> Plan:
    """The plan. Raises Refused with every problem that was found."""
    problems = [*draft.problems, *(_deployment_problems(draft, run) if draft.options.deploys else ())]
    if problems:
        here = Path.cwd()
        within = here.relative_to(draft.project.root).parts if here.is_relative_to(draft.project.root) else ()
        raise Refused(problems, to_root=way_up(len(within)))
    return draft.planned.plan


def asks(planned: Plan, options: Options) -> bool:
    """Whether the run needs the user's consent: not if nothing will be changed or created.

    A run that only writes files asks if it is interactive; --undo takes back what it writes.
    """
    if options.yes or options.dry_run:
        return False
    if options.deploys:
        return bool(planned.changes or planned.pending)
    return bool(planned.changes) and Terminal.interactive()


def with_static(project: Project, static: StaticFiles) -> Project:
    """The project with its static files as they are known now."""
    return replace(project, settings=replace(project.settings, static=static))


def _found_before(project: Project, platform: Platform) -> StaticFiles:
    """What an earlier run found; it is kept for whatever is not tried."""
    raw = project.files.get(project.settings.path) or b""
    try:
        block = settings_file.block(decode(raw, python=True)[0], platform.id)
        return in_block(block)
    except (ValueError, SyntaxError, LookupError):
        return UNTRIED  # The plan reports a block or file that cannot be read.


def _deployment_problems(draft: Draft, run: Run) -> list[Problem]:
    """Problems with the commit, the push and the prompts before them."""
    project, platform, planned = draft.project, run.platform, draft.planned
    problems = identity_problems(project.root, run.log.ran) if planned.staged else []
    if planned.staged and project.git.branch is None:
        problems.append(errors.detached_head())
    pushes = not platform.deploys_folder and not project.git.shallow
    newer = draft.remote.deployed if pushes and draft.remote.deployed != project.git.head else None
    contained = contains(project.root, newer, run.log.ran) if newer else True
    if isinstance(contained, Problem):
        problems.append(contained)
    elif newer and not contained:
        problems.append(errors.newer_deployed(platform=platform.name, commit=newer))
    if asks(planned.plan, draft.options) and not Terminal.interactive():
        problems.append(errors.no_terminal())
    return problems
