"""Variables of the settings → the source of each value in production, and what the run must set. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .contract import Platform, Site, plain
from .messages import errors
from .model import Options, Problem, Secret, Variable, VariableSource, VariableState
from .production.build_only import ALWAYS, REPLACED, build_only_value, has_effect
from .production.not_covered import REDIS_ADDRESS, redis_way
from .text.addresses import hosts

# With the prefix of a project, or Django's.
_OF_ITS_NAME = re.compile(r"(?:[A-Z]+_)?(ALLOWED_HOSTS|DEBUG)|(?:DJANGO_)?(SECRET_KEY)")
# A pasted command prompts for the value without echoing it.
_EAGER = "CELERY_TASK_ALWAYS_EAGER"
_ASKED = "__import__('getpass').getpass('{name}: ')"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Decided:
    """The source of each variable's value. `options` have the values that the run sets, `provided` are the names of
    variables that get no value from the user: those of the platform, the recipe and the settings block.
    """

    options: Options
    states: tuple[VariableState, ...]
    provided: frozenset[str]

    @property
    def missing(self) -> tuple[VariableState, ...]:
        """The variables without which the site cannot start."""
        return tuple(state for state in self.states if state.source == "missing")


def decide(site: Site, platform: Platform) -> Decided:
    """What sets each variable: the user, the platform, this run, or the project's own default."""
    project, options = site.project, site.options
    provided = ALWAYS.union(platform.environment(site), site.recipe.variables)
    replaced = _replaced(platform, provided)
    values: dict[str, str | Secret] = dict(options.variables)
    states = [
        VariableState(name=name, place="", source="given")
        for name in values
        if name not in {variable.name for variable in project.variables}
    ]
    for variable in _for_their_settings(project.variables):
        name = variable.name
        source = _source(variable, site, provided, replaced)
        if source == "given":
            values.setdefault(name, options.offered.get(name, ""))
        elif source == "block":
            values[name] = _for_the_block(variable, options)
        elif source == "missing" and not options.deploys:
            values[name] = Secret("", prefix=f"{name}=", recipe=_ASKED.format(name=name))
        states.append(
            VariableState(
                name=name,
                place=variable.place,
                source=source,
                setting=variable.setting,
                unreachable=variable.unreachable,
                empty=variable.empty,
                kind=variable.kind,
                replaced=variable.setting if variable.setting in replaced else "",
            )
        )
    states.sort(key=lambda state: state.name)
    return Decided(options=replace(options, variables=values), states=tuple(states), provided=provided.union(REPLACED))


def _for_their_settings(variables: Sequence[Variable]) -> Iterator[Variable]:
    """The variables, without those that only an example file has for a setting that the code makes of another one."""
    found = [_for_its_setting(one) for one in variables]
    in_code = {one.setting for one in found if ":" in one.place}
    yield from (one for one in found if ":" in one.place or not one.setting or one.setting not in in_code)


def _for_its_setting(variable: Variable) -> Variable:
    """A package, or a function of the project, may read a variable for the setting of its name: the source of the
    settings does not show that.
    """
    named = None if variable.setting else _OF_ITS_NAME.fullmatch(variable.name)
    return replace(variable, setting=named[1] or named[2]) if named else variable


def _source(variable: Variable, site: Site, provided: frozenset[str], replaced: frozenset[str]) -> VariableSource:
    options, remote = site.options, site.remote
    name, overridden = variable.name, variable.setting in replaced
    if name in options.variables:
        return "given"
    if name in provided:
        return "platform"
    if name in options.offered and has_effect(variable, plain(options.offered[name]), replaced):
        return "given"
    if name in remote.variables:
        return "set"
    if variable.unreachable:
        return "missing"
    # The default of a key is in the source, and the settings may have made others of it: that of tokens, for example.
    is_key = overridden and variable.setting == "SECRET_KEY"
    # Code after the settings of the database may ask for its engine. The geographic one has another name.
    is_engine = overridden and variable.kind in ("engine", "engine name")
    is_engine = is_engine and "django.contrib.gis" not in site.project.settings.installed_apps
    if variable.needed == "no" and not is_key and not is_engine:
        return "unset" if variable.absent and not overridden else "default"
    if overridden:
        # The trial asks for what is read under a condition, if the condition holds in production.
        return "block" if is_key or is_engine or variable.needed == "yes" or not options.trial else "unset"
    return "missing" if variable.needed == "yes" else "perhaps"


def _replaced(platform: Platform, provided: frozenset[str]) -> frozenset[str]:
    """Settings whose value in production is the block's: that of the database only if there is one."""
    has_database = not platform.production.database_if or "DATABASE_URL" in provided
    return REPLACED if has_database else REPLACED - {"DATABASES"}


def _for_the_block(variable: Variable, options: Options) -> str | Secret:
    """Any value will do, since the block overrides the setting; a key gets a good one."""
    if variable.setting != "SECRET_KEY":
        return build_only_value(variable)
    key = options.secret_key
    return Secret(key.reveal(), prefix=f"{variable.name}=", recipe=key.recipe)


def question(lacking: VariableState, platform: Platform) -> str:
    """What the user is asked for a value that is missing."""
    far = f", and {platform.name} cannot reach the default, {lacking.unreachable}" if lacking.unreachable else ""
    return f"The settings {'read' if far else 'require'} {lacking.name} ({lacking.place}){far}. Value in production:"


def problems(decided: Decided, site: Site, platform: Platform) -> tuple[Problem, ...]:
    """A site that lacks a variable would not start, so nothing is created for it."""
    if not site.options.deploys:
        return ()
    missing = [one] if (one := _missing(decided, site, platform)) else []
    far = (state for state in decided.states if leads_nowhere(state, decided))
    return (*missing, *(_far(state, decided, site, platform) for state in far))


def _missing(decided: Decided, site: Site, platform: Platform) -> Problem | None:
    """The problem of the variables without a value."""
    lacking = [state for state in decided.missing if not state.unreachable]
    if not lacking:
        return None
    found = [f"{state.name} ({state.place})" for state in lacking]
    more = next(filter(None, (_how_to_add(state, site, platform) for state in lacking)), "")
    return errors.variables_missing(name=platform.name, variables=found, first=lacking[0].name, more=more)


def _how_to_add(state: VariableState, site: Site, platform: Platform) -> str:
    """How to have a Redis on the platform, if the variable seems to be the address of one."""
    if not REDIS_ADDRESS.fullmatch(state.name) and not state.unreachable.startswith("redis"):
        return ""
    way = redis_way(site.project, platform.ways)
    return errors.redis_wanted(state.name, platform.name, platform.ways.redis_cost, way)


def leads_nowhere(state: VariableState, decided: Decided) -> bool:
    """Whether the default leads nowhere, and there is no other value; or the user's value leads to the same host."""
    if state.source != "given":
        return state.source == "missing" and bool(state.unreachable)
    return not hosts(state.unreachable).isdisjoint(hosts(plain(decided.options.variables[state.name])))


def _far(state: VariableState, decided: Decided, site: Site, platform: Platform) -> Problem:
    """The problem of an address that the platform cannot reach, and pages need."""
    message = errors.given_unreachable if state.source == "given" else errors.default_unreachable
    host = "HOST" in state.name and "URL" not in state.name
    what, value = ("host name", "HOST") if host else ("address", "ADDRESS")
    switch = next((f"--env {one.name}=True" for one in decided.states if one.setting == _EAGER), f"{_EAGER} = True")
    return message(
        platform=platform.name,
        variable=state.name,
        place=state.place,
        address=state.unreachable,
        what=what,
        value=value,
        instead=errors.eager_instead(switch) if state.setting == "CELERY_BROKER_URL" else "",
        more=_how_to_add(state, site, platform),
    )
