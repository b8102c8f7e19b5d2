"""What the user should know about the variables of the settings although it does not stop the run. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..contract import Platform, plain
from ..masking.telling import telling
from ..model import Options, VariableState
from ..production.build_only import ENGINES
from ..text.addresses import is_local
from ..variables import Decided, leads_nowhere


def notes(decided: Decided, options: Options, platform: Platform) -> Iterator[str]:
    """One for each kind of source that needs attention."""
    if decided.missing and not options.deploys:
        yield (
            f"the settings require values that only you know: {_listed(decided.missing)}. Set them on {platform.name} "
            "before the first deployment; with --automate-all, use --env NAME=VALUE or --env-file FILE."
        )
    perhaps = [state for state in decided.states if state.source == "perhaps"]
    if perhaps:
        yield (
            f"your code reads these without a default, but not always: {_listed(perhaps)}. If production "
            "needs them, set them with --env NAME=VALUE."
        )
    own = [state for state in decided.states if not state.replaced]
    none = [state for state in own if state.source == "unset" and ":" in state.place]
    secrets = [state for state in own if state.source == "default" and telling(state.name)]
    if none := [*none, *(state for state in secrets if state.empty)]:
        yield (
            f"your code reads these, which have no value on {platform.name}, and goes on without one: {_listed(none)}. "
            "Set those that production needs with --env NAME=VALUE or --env-file FILE."
        )
    secrets = [state for state in secrets if not state.empty]
    if secrets:
        yield (
            f"these seem to be secrets, and production uses the value in your repository: {_listed(secrets)}. Set your "
            "own with --env NAME=VALUE or --env-file FILE."
        )
    keys = [state.name for state in decided.states if state.gets_a_key]
    if keys:
        yield (
            f"{', '.join(keys)}: this run sets it to a new secret key, in case your settings make more of it than "
            "SECRET_KEY. There is nothing for you to do."
        )
    yield from _stand_ins(decided, options, keys)
    if local := _naming_this_computer(decided):
        yield (
            f"the values given for these have addresses of your computer, which {platform.name} and visitors cannot "
            f"reach: {', '.join(local)}. Give each its value for production: --env NAME=VALUE"
        )
    yield from _skipped(decided, options, platform)


def _stand_ins(decided: Decided, options: Options, keys: Sequence[str]) -> Iterator[str]:
    """The variables of settings that the block sets again, without those that --env-file has: these are ignored."""
    found = {state.name: state.replaced for state in decided.states if state.source == "block"}
    found = {name: setting for name, setting in found.items() if name not in (*keys, *options.offered)}
    engines = [name for name in found if plain(decided.options.variables[name]) in ENGINES]
    if engines:
        yield f"{', '.join(engines)}: is set to the engine of production's database, in case other code asks for it."
    hosts = [name for name, setting in found.items() if setting == "ALLOWED_HOSTS"]
    if hosts:
        yield (
            f"{', '.join(hosts)}: needs a value for your settings to load, and the settings block adds the site's own "
            "host. This run sets a placeholder; there is nothing for you to do."
        )
    if others := [name for name in found if name not in (*engines, *hosts)]:
        needs, it = ("needs a value", "it") if len(others) == 1 else ("need values", "them")
        yield (
            f"{', '.join(others)}: {needs} for your settings to load, and the settings block replaces what your "
            f"settings make of {it}. This run sets a placeholder; there is nothing for you to do."
        )


def _naming_this_computer(decided: Decided) -> list[str]:
    """The variables with such a value, without those for which the run stops."""
    given = (state for state in decided.states if state.source == "given" and not leads_nowhere(state, decided))
    values = decided.options.variables
    return [state.name for state in given if not state.replaced and is_local(plain(values[state.name]))]


def _skipped(decided: Decided, options: Options, platform: Platform) -> Iterator[str]:
    """The values of --env-file that the run does not use, by the reason."""
    skipped = options.offered.keys() - {state.name for state in decided.states if state.source == "given"}
    read = decided.provided.union(state.name for state in decided.states)
    for names, reason in (
        (skipped & read, f"{platform.name}, this run or the settings block sets it"),
        (skipped - read, "no code was seen to read it"),
    ):
        if names:
            listed = ", ".join(sorted(names))
            yield f"{listed}: ignored from --env-file, because {reason}. To set it anyway: --env NAME=VALUE"


def _listed(states: Sequence[VariableState]) -> str:
    return ", ".join(f"{state.name}{_why(state)}" for state in states)


def _why(state: VariableState) -> str:
    far = f"the default is {state.unreachable}, which production cannot reach" if state.unreachable else ""
    known = "; ".join(text for text in (state.place, far) if text)
    return f" ({known})" if known else ""
