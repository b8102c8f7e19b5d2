"""A trial of the site before anything is written: loaded as the platform will load it, from what Git will contain.

It uses the platform's environment: its variables with placeholder values, nothing from the developer's shell, no file
that Git does not have.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..contract import Platform, Site
from ..model import Record
from ..production.requirements import requirements as needed
from ..variables import decide
from . import bundled_pip, contested, environments, front_end, other_versions, own_build, packages, verdict
from .attempts import Attempt, Attempts, Result
from .packages import Fetched
from .resolution import Resolution, resolving


def trial(site: Site, platform: Platform, contents: Mapping[str, bytes], record: Record) -> Result:
    """What was tried, what could not be, and what would fail in production. `contents` are the plan's files."""
    project, fetches = site.project, site.options.deploys
    requirements = needed(project, platform.requirements)
    fetched = packages.fetch(project, requirements, record, fetches=fetches)
    decided = decide(site, platform)
    site = replace(site, options=decided.options)
    attempts = Attempts(
        site=site,
        platform=platform,
        contents=contents,
        requirements=requirements,
        guessed=environments.guessed(site, platform, decided.states),
        record=record,
    )
    python = str(site.recipe.python)
    with (
        resolving(project, contents, python, record, fetches=fetches) as resolution,
        front_end.comparing(project, record, fetches=fetches) as out_of_sync,
        own_build.building(site, platform, contents, record, fetches=fetches) as own_package,
    ):
        attempt = attempts.load(fetched)
        resolved, unlocked, built = resolution(), out_of_sync(), own_package()
    if built.modules:
        attempts = replace(attempts, own=built.modules)
        attempt = attempts.load(fetched)
    tried, problems = attempts.judged(attempt)
    untried_versions = tuple(other_versions.others(resolved.installed))
    if exact := other_versions.fetch(resolved, site, record, fetches=fetches):
        works = attempt.passed and not problems
        attempt, fetched, untried_versions = attempts.load(exact), exact, ()
        tried, problems = attempts.judged(attempt, works_otherwise=works)
        if works and attempt.answer:
            problems = tuple(other_versions.failing(resolved, site, one, attempt.raising) for one in problems)
    if fetches and attempt.contested and _passes_each_way(attempts, attempt, fetched, resolved):
        tried, problems = attempts.judged(attempt.settled())
    planned = {**project.files, **contents}
    resolved = bundled_pip.judged(resolved, site, planned)
    tried, problems = verdict.resolved(tried, problems, resolved, project, python, untried_versions)
    return tried, (*problems, *bundled_pip.problems(resolved.installed, site, planned), *unlocked, *built.problems)


def _passes_each_way(attempts: Attempts, attempt: Attempt, fetched: Fetched, resolved: Resolution) -> bool:
    """Whether the site works with either of two packages that install the same module."""
    ways = contested.each(attempt.contested, fetched, resolved.installed, attempts.record)
    loaded = [attempts.load(one) for one in ways]
    return len(loaded) == 2 and all(one.passed and not attempts.judged(one.settled())[1] for one in loaded)
