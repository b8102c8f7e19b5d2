"""Settings for production that were passed over, although the site must not do without them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..messages import errors
from ..model import Dependencies, Problem, Settings
from ..package_managers import production_file
from ..package_managers.files import Files
from ..package_managers.names import canonical
from .settings_choice import is_for_development

_MISSING = re.compile(r"No module named '(\w+)")

# What projects raise on purpose.
_RAISED = re.compile(
    r"could not be loaded: (?:RuntimeError|ImproperlyConfigured|ValueError|AssertionError|SystemExit)\b"
)


def refusing(settings: Settings) -> Iterator[Problem]:
    """A problem for each that its own code refuses to load, where the site would get settings for development."""
    for problem in settings.passed_over:
        if is_for_development(settings.module) and _RAISED.search(problem.found):
            yield errors.settings_refuse(reason=problem.found, loaded=settings.module)


def lacking_here(settings: Settings, dependencies: Dependencies, files: Files) -> Iterator[Problem]:
    """A problem for each: the site would get settings that are not meant for production."""
    for problem in settings.passed_over:
        missing = _MISSING.search(problem.found)
        if not missing:
            continue
        module, packages, manifest = missing[1], _packages(missing[1]), dependencies.manifest
        reason, loaded = problem.found, settings.module
        if packages & dependencies.declared:
            yield errors.settings_lack_package(reason=reason, module=module, manifest=manifest, loaded=loaded)
        elif file := production_file.listing(packages, files):
            yield errors.settings_lack_requirements(
                reason=reason, module=module, manifest=manifest, loaded=loaded, file=file
            )


def _packages(module: str) -> frozenset[str]:
    """What a package that has the module is usually called: that is known only where it is installed."""
    return frozenset(canonical(f"{before}{module}") for before in ("", "django-", "python-"))
