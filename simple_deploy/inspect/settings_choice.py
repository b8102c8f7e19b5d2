"""Which settings production uses: the module that the scripts name, or the one for production next to it.

Where a variable of the project chooses among settings, the value for production belongs to the choice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..contract import plain
from ..masking.unsafe import turns_off
from ..model import Options
from ..production.build_only import SETTINGS
from .application import application_script, located
from .script_variables import default_settings_module
from .settings_classes import class_switch
from .settings_modules import Source
from .settings_switch import FOR_DEVELOPMENT, FOR_PRODUCTION, Switch, switch

# Why a module may be production's.
GUESSED = "it looks like the settings for production"
WSGI = "the WSGI script names it"
LOADED = "it is loaded"
# Names that no project gives to settings which production uses too.
_DEVELOPERS = FOR_DEVELOPMENT - {"base", "common", "default", "defaults"}


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A settings module, why it may be production's, and notes for the user if it is used.

    `environment` has the variable that chooses the settings, unless the user gives it: then it is in `given`. With an
    `optional` one, other settings have their values for production; the site may do without it.
    """

    module: str
    why: str = ""
    notes: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    optional: bool = False

    @property
    def variables(self) -> Mapping[str, str]:
        """The variables with which the module has these settings."""
        return {**self.environment, **self.given}

    @property
    def label(self) -> str:
        """The module, and the variable that chooses its settings."""
        chosen = " and ".join(f"{name}={value}" for name, value in self.environment.items())
        return f"{self.module} with {chosen}" if chosen else self.module


def choices(options: Options, source: Source, manage_dir: str) -> list[Choice]:
    """The modules to try, the best first. `manage_dir` is relative to the Git root, like the paths of `source`."""
    return [one for choice in _modules(options) for one in _switched(choice, options, source, manage_dir)]


def named_settings(options: Options) -> Mapping[str, str]:
    """DJANGO_SETTINGS_MODULE of --env-file, which names the settings as that of --env does.

    The file may be the developer's own, and --settings may name others.
    """
    module = plain(options.offered.get(SETTINGS, "")) or ""
    others = options.settings_named or is_for_development(module)
    return {SETTINGS: module} if module and not others else {}


def _modules(options: Options) -> list[Choice]:
    loaded = options.settings_module
    if options.settings_named:
        return [Choice(module=loaded)]
    if given := plain(options.variables.get(SETTINGS, "")) or options.recorded.get(SETTINGS):
        return [Choice(module=given)]
    script = application_script()
    served = default_settings_module(script) if script else None
    names = for_production(options.platform)
    return [
        one
        for choice in _named(options.manage_py, served, loaded)
        for one in (*_beside(choice, names), _with_warning(choice, names), *_within(choice, names))
    ]


def for_production(platform: str | None) -> tuple[str, ...]:
    """The names of settings modules that production may use; one may have the platform's name."""
    return (*dict.fromkeys((platform, platform.replace("_", "")) if platform else ()), *FOR_PRODUCTION)


def _switched(choice: Choice, options: Options, source: Source, manage_dir: str) -> Iterator[Choice]:
    """The choice with the value for production of a variable that chooses among its settings, and without it."""
    scripts = [script for script in (application_script(), options.manage_py) if script]
    found = class_switch(source, choice.module, manage_dir, scripts) or switch(source, choice.module, manage_dir)
    given = found and _given(found, options)
    if found and given:
        yield replace(choice, given={found.name: given})
    elif found and found.modules:
        note = (
            f"Your site gets {found.name}={found.value}, because this variable chooses your settings ({found.place}). "
            f"To change that: --env {found.name}=VALUE"
        )
        yield replace(choice, why=GUESSED, notes=(*choice.notes, note), environment={found.name: found.value})
        yield choice
    elif found:
        if options.trial and turns_off(found.value):
            note = (
                f"Your site gets {found.name}={found.value}, because other settings depend on it ({found.place}), and "
                f"the settings block changes DEBUG after them. To change that: --env {found.name}=VALUE"
            )
            chosen = {found.name: found.value}
            yield replace(choice, notes=(*choice.notes, note), environment=chosen, optional=True)
        note = (
            f"your settings have values for production that apply where {found.name} is {found.value} "
            f"({found.place}). This run does not set it. To set it: --env {found.name}={found.value}"
        )
        yield replace(choice, notes=(*choice.notes, note))
    else:
        yield choice


def _given(found: Switch, options: Options) -> str:
    """The user's value, or the one that an earlier run has set. A file with the developer's own variables may say
    "development".
    """
    offered = plain(options.offered.get(found.name, "")) or ""
    on = turns_off(found.value) and not turns_off(offered)
    kept = "" if on or offered.lower() in FOR_DEVELOPMENT else offered
    return plain(options.variables.get(found.name, "")) or kept or options.recorded.get(found.name, "")


def _named(manage_py: Path, served: str | None, loaded: str) -> Iterator[Choice]:
    """The modules named by the WSGI script and by manage.py that can be imported; else the loaded one."""
    managed = default_settings_module(manage_py)
    named = {module: why for module, why in ((managed, "manage.py names it"), (served, WSGI)) if module}
    notes = (_missing(served),) if served and not located(served) else ()
    found = [module for module in dict.fromkeys((served, managed)) if module and located(module)] or [loaded]
    for module in found:
        elsewhere = f"production uses {module}, not {loaded}, which DJANGO_SETTINGS_MODULE names in this shell."
        surprising = () if loaded in (module, *named) else (elsewhere,)
        yield Choice(module=module, why=named.get(module, LOADED), notes=(*notes, *surprising))


def _with_warning(choice: Choice, names: Sequence[str]) -> Choice:
    """With a note if its name is that of settings for development; those for production beside it are tried before.

    Where no script names a module, its name may be the only reason to use it.
    """
    if choice.why == LOADED and choice.module.rpartition(".")[2] in names:
        return replace(choice, notes=(*choice.notes, _looks(choice.module)))
    if not is_for_development(choice.module):
        return choice
    note = (
        f"production uses {choice.module}, whose name is that of settings for development: none for production were "
        "found that can be used. To use others: --settings MODULE"
    )
    return replace(choice, notes=(*choice.notes, note))


def is_for_development(module: str) -> bool:
    """Whether this is the usual name of settings for development."""
    return module.rpartition(".")[2].lower() in _DEVELOPERS


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


def _beside(choice: Choice, names: Sequence[str]) -> Iterator[Choice]:
    """A module for production in the same package as one for development."""
    package, _, name = choice.module.rpartition(".")
    if package and name.lower() in FOR_DEVELOPMENT and (found := _first_of(package, names)):
        yield Choice(module=found, why=GUESSED, notes=(_instead(found, choice.module),))


def _within(choice: Choice, names: Sequence[str]) -> Iterator[Choice]:
    """A module for production in a package that itself has no settings, so it is no other choice."""
    if found := _first_of(choice.module, names):
        yield Choice(module=found, why=GUESSED, notes=(_looks(found),))


def _looks(module: str) -> str:
    return f"production uses {module}, because it looks like the settings for production. Others: --settings MODULE"


def _first_of(package: str, names: Sequence[str]) -> str:
    return next((module for name in names if located(module := f"{package}.{name}")), "")


def settings_files(folder: Path) -> list[str]:
    """Every module below the folder of manage.py that looks like settings."""
    files = sorted([*folder.glob("*/settings.py"), *folder.glob("*/settings/[!_]*.py")])
    return [".".join(file.relative_to(folder).with_suffix("").parts) for file in files]
