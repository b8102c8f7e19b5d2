"""A trial of the site before anything is written: loaded as the platform will load it, from what Git will contain.

It uses the platform's environment: its variables with placeholder values, nothing from the developer's shell, no file
that Git does not have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from ..contract import Platform, Site
from ..model import Problem, Record, Tried
from ..production.requirements import requirements as needed
from ..variables import decide
from . import bundled_pip, cache, environments, other_versions, packages, verdict
from .checkout import listing
from .loading import seen
from .order import isolated
from .order import order as order_for
from .resolution import resolving


def trial(
    site: Site, platform: Platform, contents: Mapping[str, bytes], record: Record
) -> tuple[Tried, tuple[Problem, ...]]:
    """What was tried, what could not be, and what would fail in production. `contents` are the plan's files."""
    project, options = site.project, site.options
    requirements = needed(project, platform.requirements)
    fetched = packages.fetch(project, requirements, record, fetches=options.deploys)
    decided = decide(site, platform)
    site = replace(site, options=decided.options)
    guessed = environments.guessed(site, decided.states)

    def loaded(with_packages: packages.Fetched) -> tuple[Tried, tuple[Problem, ...]]:
        return _loaded(site, platform, contents, requirements, with_packages, guessed, record)

    python = str(site.recipe.python)
    with resolving(project, contents, python, record, fetches=options.deploys) as resolution:
        tried, problems = loaded(fetched)
        resolved = resolution()
    untried_versions = tuple(other_versions.others(resolved.installed))
    if exact := other_versions.fetch(resolved, site, record, fetches=options.deploys):
        worked, untried_versions = not problems, ()
        tried, problems = loaded(exact)
        if worked:
            problems = tuple(other_versions.failing(resolved, site, one) for one in problems)
    planned = {**project.files, **contents}
    resolved = bundled_pip.judged(resolved, site, planned)
    tried, problems = verdict.resolved(tried, problems, resolved, project, python, untried_versions)
    return tried, (*problems, *bundled_pip.problems(resolved.installed, site, planned))


def _loaded(
    site: Site,
    platform: Platform,
    contents: Mapping[str, bytes],
    requirements: Sequence[str],
    fetched: packages.Fetched,
    guessed: Set[str],
    record: Record,
) -> tuple[Tried, tuple[Problem, ...]]:
    """The result of loading the site with these packages."""
    project, options = site.project, site.options
    read_only, static = platform.read_only(site), site.recipe.static if site.recipe.build else None
    collected = static.root if static else ""
    order = order_for(project, requirements, fetched, whole=options.deploys, read_only=read_only, collected=collected)
    environment = environments.environment(site, platform, bare=bool(order["lacking"]))
    # A configuring run does not have the values that the user will give.
    knows = options.deploys or not platform.variables_in_build
    building = environments.building(site, platform) if knows and not order["lacking"] else {}
    envs = {**environment, **{f"build {name}": value for name, value in building.items()}}
    key = cache.key(listing(project.root, contents, record), order, envs)
    kept = cache.load(key)
    if kept is None:
        try:
            kept = seen(project, contents, isolated(order), environment, building, record)
        except OSError as error:
            return Tried(untried=(f"the site: {error.strerror or error}",)), ()
        if kept is None:
            return Tried(untried=("the site: it did not respond in time",)), ()
        cache.store(key, kept)
    return verdict.read(
        kept,
        project,
        order,
        platform.name,
        guessed=guessed,
        fetches=options.deploys,
        released=site.remote.deployed is not None,
    )
