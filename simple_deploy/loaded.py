"""The stage that tries the site: loaded as the platform will load it, before anything is written or created."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from . import package_managers
from .draft import Draft, Run, asked, committed, locked, missing, with_static
from .messages import errors
from .model import Problem, Settings, Tried, Variable

# The problems with values that only the user knows.
_VALUES = frozenset(
    one.code for one in (errors.variables_missing, errors.default_unreachable, errors.given_unreachable)
)


def loaded(draft: Draft, run: Run) -> Draft:
    """The draft with the results of a trial of the site, which runs only if no other problem is certain. Values that
    only the user knows have placeholders there.

    The user types in the values of variables that only the trial finds, and it runs again with them.
    """
    certain = {*draft.problems} - {*draft.planned.doubtful}
    if not draft.options.trial or any(problem.code not in _VALUES for problem in certain):
        return draft
    found, failed = _tried(draft, run)
    if lacking := found.project.tried.undeclared:
        return loaded(_adding(draft, lacking, run), run)
    if (otherwise := draft.project.settings.otherwise) and (why := _not_with_it(found, draft, failed, run)):
        return loaded(_without_it(draft, otherwise, why).again(run), run)
    if _lacked(found, draft):
        return loaded(found.again(run), run)
    completed = found if failed else asked(found, run, before=draft)
    if completed is not found:
        return loaded(completed.again(run), run)
    # What is wrong with these settings may be right in those for production.
    return found.also(failed + draft.project.settings.passed_over if failed else ()).again(run)


def _adding(draft: Draft, lacking: Mapping[str, str], run: Run) -> Draft:
    """The draft whose plan adds these requirements."""
    dependencies = package_managers.adding(draft.project.dependencies, lacking)
    draft = replace(draft, project=replace(draft.project, dependencies=dependencies))
    return committed(locked(draft.again(run), run), run)


def _not_with_it(found: Draft, draft: Draft, failed: tuple[Problem, ...], run: Run) -> str:
    """Why the site cannot have the variable that its settings do without: it would fail, or need more from the user."""
    if failed:
        return failed[0].found.splitlines()[0]
    settings = draft.project.settings
    more = [one.name for one in missing(found, run, before=draft)]
    if found.project.tried.sends_mail and settings.needs_smtp and not (settings.otherwise or settings).needs_smtp:
        more.append("the SMTP server of a mail service (EMAIL_HOST, EMAIL_HOST_USER)")
    return f"it needs {' and '.join(more)}" if more else ""


def _without_it(draft: Draft, otherwise: Settings, why: str) -> Draft:
    settings = draft.project.settings
    label = " and ".join(f"{name}={value}" for name, value in settings.environment.items())
    notes = (*otherwise.notes, f"The site was tried with {label}, and would not work: {why}")
    plain = replace(otherwise, notes=notes, static=settings.static)
    return replace(draft, project=replace(draft.project, settings=plain))


def _lacked(found: Draft, draft: Draft) -> set[str]:
    """The user's variables of which only the trial showed that the site looks them up: it did not have them."""
    read = {one.name for one in draft.project.variables}
    return {one.name for one in found.project.variables if one.needed == "no"} & draft.options.offered.keys() - read


def _tried(draft: Draft, run: Run) -> tuple[Draft, tuple[Problem, ...]]:
    """The draft with what the trial found, and the problems with the site."""
    from .trial import trial

    project = draft.project
    # The block that most projects get; the trial's result decides.
    assumed = replace(draft, project=with_static(project, replace(project.settings.static, names="hashed"))).again(run)
    contents = assumed.planned.contents
    with run.terminal.working(f"Load the site the way {run.platform.name} will"):
        tried, failed = trial(draft.site, run.platform, contents, run.log.ran)
    project = replace(project, tried=tried, variables=_with_tried(project.variables, tried))
    if "static files" in tried.tried:
        project = with_static(project, tried.static)
    return replace(draft, project=project), failed


def _with_tried(read: Iterable[Variable], tried: Tried) -> tuple[Variable, ...]:
    lacking = {one.name: one for one in tried.variables}
    for one in read:
        found = lacking.get(one.name)
        lacking[one.name] = one
        if found:
            setting = found.setting or one.setting
            lacking[one.name] = replace(one, needed=found.needed, setting=setting, unreachable=found.unreachable)
    # By name, as they were: what the trial asked for depends on what is set already.
    return tuple(lacking[name] for name in sorted(lacking))
