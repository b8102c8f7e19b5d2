"""Which settings module production uses: the one that the scripts name, or one for production next to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from ..model import Options
from .settings_reader import application_script, default_settings_module

_FOR_DEVELOPMENT = frozenset({"base", "common", "default", "defaults", "dev", "devel", "development", "local"})
_FOR_PRODUCTION = ("production", "prod", "live")


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A settings module, and notes for the user if it is used."""

    module: str
    notes: tuple[str, ...] = ()


def choices(options: Options) -> list[Choice]:
    """The modules to try, the best first; only the last one must exist."""
    loaded = options.settings_module
    if options.settings_named:
        return [Choice(module=loaded)]
    script = application_script()
    served = default_settings_module(script) if script else None
    module, notes = _named(options.manage_py, served, loaded)
    beside = _beside(module)
    made = [Choice(module=beside, notes=(_instead(beside, module),))] if beside else []
    return [*made, Choice(module=module, notes=notes)]


def _named(manage_py: Path, served: str | None, loaded: str) -> tuple[str, tuple[str, ...]]:
    """The module named by the WSGI script, else by manage.py, else the loaded one: the first that can be imported."""
    managed = default_settings_module(manage_py)
    missing = served if served and not _importable(served) else None
    notes = (_missing(served),) if missing and served else ()
    candidates = [module for module in (served, managed) if module and module != missing and _importable(module)]
    module = candidates[0] if candidates else loaded
    if loaded not in (module, managed, served):
        notes = (
            *notes,
            f"production uses {module}, not {loaded}, which DJANGO_SETTINGS_MODULE names in this shell.",
        )
    return module, notes


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


def _beside(module: str) -> str | None:
    """A module for production in the same package as one for development."""
    package, _, name = module.rpartition(".")
    if not package or name.lower() not in _FOR_DEVELOPMENT:
        return None
    return next((found for found in _siblings(package) if _importable(found)), None)


def _siblings(package: str) -> Iterator[str]:
    return (f"{package}.{name}" for name in _FOR_PRODUCTION)


def _importable(module: str) -> bool:
    """Whether the module exists. Looking for it imports its parent packages, which may raise anything."""
    try:
        return find_spec(module) is not None
    except Exception:
        return False
