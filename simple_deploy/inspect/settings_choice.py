"""Which settings module production uses: the one that the scripts name, or one for production next to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..model import Options
from .settings_reader import application_script, default_settings_module, located

_FOR_DEVELOPMENT = frozenset({"base", "common", "default", "defaults", "dev", "devel", "development", "local"})
_FOR_PRODUCTION = ("production", "prod", "live")
# Why a module may be production's.
GUESSED = "it looks like the settings for production"
WSGI = "the WSGI script names it"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A settings module, why it may be production's, and notes for the user if it is used."""

    module: str
    why: str = ""
    notes: tuple[str, ...] = ()


def choices(options: Options) -> list[Choice]:
    """The modules to try, the best first."""
    loaded = options.settings_module
    if options.settings_named:
        return [Choice(module=loaded)]
    script = application_script()
    served = default_settings_module(script) if script else None
    return [one for choice in _named(options.manage_py, served, loaded) for one in (*_beside(choice), choice)]


def _named(manage_py: Path, served: str | None, loaded: str) -> Iterator[Choice]:
    """The modules named by the WSGI script and by manage.py that can be imported; else the loaded one."""
    managed = default_settings_module(manage_py)
    named = {module: why for module, why in ((managed, "manage.py names it"), (served, WSGI)) if module}
    notes = (_missing(served),) if served and not located(served) else ()
    found = [module for module in dict.fromkeys((served, managed)) if module and located(module)] or [loaded]
    for module in found:
        elsewhere = f"production uses {module}, not {loaded}, which DJANGO_SETTINGS_MODULE names in this shell."
        surprising = () if loaded in (module, *named) else (elsewhere,)
        yield Choice(module=module, why=named.get(module, "it is loaded"), notes=(*notes, *surprising))


def _missing(module: str) -> str:
    return (
        f"the WSGI script names the settings module {module}, which cannot be imported. In production, the variable "
        "DJANGO_SETTINGS_MODULE is set to the right one."
    )


def _instead(beside: str, module: str) -> str:
    return (
        f"production uses {beside} instead of {module}, which your scripts name, because it looks like the settings "
        f"for production. To change that: --settings {module}"
    )


def _beside(choice: Choice) -> Iterator[Choice]:
    """A module for production in the same package as one for development."""
    package, _, name = choice.module.rpartition(".")
    if package and name.lower() in _FOR_DEVELOPMENT:
        siblings = (f"{package}.{sibling}" for sibling in _FOR_PRODUCTION)
        found = next((module for module in siblings if located(module)), None)
        if found:
            yield Choice(module=found, why=GUESSED, notes=(_instead(found, choice.module),))
