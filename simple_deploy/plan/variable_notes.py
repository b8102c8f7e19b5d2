"""What the user should know about the variables of the settings although it does not stop the run. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..contract import Platform, plain
from ..masking.telling import telling
from ..model import Options, VariableState
from ..text.addresses import is_local
from ..variables import Decided, leads_nowhere

_NO_SECRETS = frozenset({"integer", "boolean"})


def not_working(decided: Decided, options: Options, platform: Platform) -> Iterator[str]:
    """Variables without a value, or with one that production cannot use."""
    if decided.missing and not options.deploys:
        yield (
            f"the settings require values that only you know: {_listed(decided.missing)}. Set them on {platform.name} "
            "before the first deployment; with --automate-all, use --env NAME=VALUE or --env-file FILE."
        )
    if local := _naming_this_computer(decided):
        yield (
            f"the values given for these have addresses of your computer, which {platform.name} and visitors cannot "
            f"reach: {', '.join(local)}. Give each its value for production: --env NAME=VALUE"
        )


def notes(decided: Decided, options: Options, platform: Platform) -> Iterator[str]:
    """One for each kind of source that needs attention."""
    perhaps = [state for state in decided.states if state.source == "perhaps"]
    if perhaps:
        yield (
            f"your code reads these without a default, but not always: {_listed(perhaps)}. If production "
            "needs them, set them with --env NAME=VALUE."
        )
    own = [state for state in decided.states if not state.replaced]
    none = [state for state in own if state.source == "unset" and ":" in state.place]
    secrets = [
        state for state in own if state.source == "default" and state.kind not in _NO_SECRETS and telling(state.name)
    ]
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
    yield from _skipped(decided, options, platform)


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
        (skipped & read, f"{platform.name}, this run or the settings block sets it or its setting"),
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
