"""A trial of the site before anything is written: loaded as the platform will load it, from what Git will contain.

It uses the platform's environment: its variables with placeholder values, nothing from the developer's shell, no file
that Git does not have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..contract import Platform, Site
from ..model import Problem, Record, Tried
from ..production.requirements import requirements as needed
from ..variables import decide
from . import bundled_pip, cache, contested, environments, other_versions, packages, verdict
from .checkout import listing
from .loading import seen
from .order import isolated
from .order import order as order_for
from .resolution import resolving

Result = tuple[Tried, tuple[Problem, ...]]
# What loading the site has shown, or why it was not loaded.
Answer = dict[str, Any] | str


def trial(site: Site, platform: Platform, contents: Mapping[str, bytes], record: Record) -> Result:
    """What was tried, what could not be, and what would fail in production. `contents` are the plan's files."""
    project, options = site.project, site.options
    requirements = needed(project, platform.requirements)
    fetched = packages.fetch(project, requirements, record, fetches=options.deploys)
    decided = decide(site, platform)
    site = replace(site, options=decided.options)
    guessed = environments.guessed(site, decided.states)

    def judged(order: Mapping[str, Any], answer: Answer, *, works: bool = False) -> Result:
        if isinstance(answer, str):
            return Tried(untried=(f"the site: {answer}",)), ()
        return verdict.read(
            answer,
            project,
            order,
            platform.name,
            guessed=guessed,
            fetches=options.deploys,
            released=site.remote.deployed is not None,
            works_otherwise=works,
        )

    def loaded(with_packages: packages.Fetched) -> tuple[Mapping[str, Any], Answer]:
        order = _order(site, platform, requirements, with_packages)
        return order, _answer(site, platform, contents, order, record)

    python = str(site.recipe.python)
    with resolving(project, contents, python, record, fetches=options.deploys) as resolution:
        order, answer = loaded(fetched)
        resolved = resolution()
    tried, problems = judged(order, answer)
    untried_versions = tuple(other_versions.others(resolved.installed))
    if exact := other_versions.fetch(resolved, site, record, fetches=options.deploys):
        fetched, works, untried_versions = exact, not problems and _passed(answer), ()
        order, answer = loaded(exact)
        tried, problems = judged(order, answer, works=works)
        if works and not isinstance(answer, str):
            module = answer["failed"]["by"] if answer["failed"] else ""
            problems = tuple(other_versions.failing(resolved, site, one, module) for one in problems)
    if not isinstance(answer, str) and answer["contested"] and options.deploys:
        ways = [loaded(one) for one in contested.each(answer["contested"], fetched, resolved.installed, record)]
        if len(ways) == 2 and all(_passed(one) and not judged(way, _uncontested(one))[1] for way, one in ways):
            tried, problems = judged(order, _uncontested(answer))
    planned = {**project.files, **contents}
    resolved = bundled_pip.judged(resolved, site, planned)
    tried, problems = verdict.resolved(tried, problems, resolved, project, python, untried_versions)
    return tried, (*problems, *bundled_pip.problems(resolved.installed, site, planned))


def _passed(answer: Answer) -> bool:
    return not isinstance(answer, str) and not answer["failed"]


def _uncontested(answer: Answer) -> Answer:
    return answer if isinstance(answer, str) else {**answer, "contested": []}


def _order(site: Site, platform: Platform, requirements: Sequence[str], fetched: packages.Fetched) -> dict[str, Any]:
    """What is to be tried with these packages."""
    read_only, static = platform.read_only(site), site.recipe.static if site.recipe.build else None
    collected, whole = static.root if static else "", site.options.deploys
    return order_for(site.project, requirements, fetched, whole=whole, read_only=read_only, collected=collected)


def _answer(
    site: Site, platform: Platform, contents: Mapping[str, bytes], order: Mapping[str, Any], record: Record
) -> Answer:
    """How the site was loaded, now or in an earlier run; or why it was not."""
    project, options = site.project, site.options
    environment = environments.environment(site, platform, bare=bool(order["lacking"]))
    # A configuring run does not have the values that the user will give.
    knows = options.deploys or not platform.variables_in_build
    building = environments.building(site, platform) if knows and not order["lacking"] else {}
    envs = {**environment, **{f"build {name}": value for name, value in building.items()}}
    keeps_out = platform.left_out(site)
    listed = listing(project.root, contents, record)
    left_out = {path: by for path in listed if (by := keeps_out(path))}
    key = cache.key({path: named for path, named in listed.items() if path not in left_out}, order, envs)
    kept = cache.load(key)
    if kept is None:
        try:
            kept = seen(project, contents, {**isolated(order), "left_out": left_out}, environment, building, record)
        except OSError as error:
            return error.strerror or str(error)
        if kept is None:
            return "it did not respond in time"
        cache.store(key, kept)
    return kept
