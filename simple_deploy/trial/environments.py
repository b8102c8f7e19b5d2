"""The variables of the site, and of the build, as the trial has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from ..contract import Platform, Site, plain
from ..model import VariableState
from ..production.build_only import REPLACED, build_only, build_only_value, placeholders

_Value = TypeVar("_Value")
# Known only when a site starts, so that a build without the app's variables lacks them on every platform.
_AT_START = ("DATABASE_URL", "PORT")


def environment(site: Site, platform: Platform, *, bare: bool) -> Mapping[str, str]:
    """The platform's variables, the user's of this run and of earlier ones, and placeholders for the others that the
    settings need.

    A `bare` one has none of the platform's, so that the settings block, whose packages are missing here, has no effect.
    """
    # Whether production needs the others is what the trial finds out.
    stand_ins = build_only((one for one in site.project.variables if one.needed == "yes"), ())
    given = {name: plain(value) or stand_ins.get(name, "") for name, value in site.options.variables.items()}
    there = {} if bare else platform.environment(site)
    return {
        **_set_earlier(site),
        **stand_ins,
        **there,
        **_there(site, site.options.recorded),
        **given,
        **site.recipe.variables,
    }


@dataclass(frozen=True, kw_only=True)
class Offered:
    """Values for variables that the settings do not read by name, with placeholders for secrets: what the `running`
    site may get of the user's, and what its build may. `unknown` are placeholders for others that the app has.
    """

    running: Mapping[str, str]
    building: Mapping[str, str]
    unknown: Mapping[str, str]


def offered(site: Site, platform: Platform) -> Offered:
    """Those that nothing else sets."""
    given = {**_there(site, site.options.remembered), **site.options.offered}
    spare = {name: value or "" for name, value in given.items() if name not in _set_elsewhere(site)}
    stand_ins = placeholders(spare)
    values = {name: plain(value) or stand_ins[name] for name, value in spare.items()}
    # A build without the app's variables lacks those of --env too, and the settings may demand them in their own way.
    given_now = placeholders(site.options.variables.keys() - REPLACED.union(_AT_START))
    return Offered(
        running=values,
        building=values if platform.variables_in_build else {**given_now, **stand_ins},
        unknown=placeholders(_made_up(site, platform) - spare.keys()),
    )


def _set_elsewhere(site: Site) -> set[str]:
    return {*(one.name for one in site.project.variables), *REPLACED, *_AT_START}


def _made_up(site: Site, platform: Platform) -> set[str]:
    """The variables of the app that the settings do not read by name: code may put a name together."""
    own = _set_elsewhere(site).union(platform.environment(site), site.recipe.variables)
    return {*site.remote.variables} - own


def _there(site: Site, values: Mapping[str, _Value]) -> dict[str, _Value]:
    """What earlier runs have set, as far as the app may still have that value."""
    there = site.remote.variables - site.remote.differing
    return {name: value for name, value in values.items() if name in there}


def _set_earlier(site: Site) -> Mapping[str, str]:
    """The variables of DEBUG and SECRET_KEY that an earlier run has set: the values there are unknown, and these are
    likely ones. The defaults in the code are not.
    """
    known = site.remote.variables
    return {
        one.name: build_only_value(one)
        for one in site.project.variables
        if one.setting in ("DEBUG", "SECRET_KEY") and one.name in known
    }


def building(site: Site, platform: Platform) -> Mapping[str, str]:
    """The variables of a build that collects static files; empty without such a build.

    It lacks the variables that only a running site has, and has placeholders for values that the build does not get.
    """
    recipe = site.recipe
    if not recipe.build:
        return {}
    given = {name: text for name, value in site.options.variables.items() if (text := plain(value))}
    given = {**_set_earlier(site), **_there(site, site.options.recorded), **given}
    absent = re.findall(r'"(\w+)" in os\.environ', platform.production.running)
    absent += () if platform.variables_in_build else _AT_START
    shared = {name: value for name, value in platform.environment(site).items() if name not in absent}
    return {**shared, **recipe.variables, **recipe.build_variables, **(given if platform.variables_in_build else {})}


def guessed(site: Site, platform: Platform, states: Iterable[VariableState]) -> set[str]:
    """The variables whose values in production are not certainly those of the trial."""
    same = {state.name for state in states if state.source in ("platform", "block")}
    same |= {name for name, value in site.options.variables.items() if plain(value)}
    return {*build_only(site.project.variables, same), *site.options.variables, *_made_up(site, platform)} - same
