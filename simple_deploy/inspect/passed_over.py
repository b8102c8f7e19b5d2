"""Settings for production that were passed over only because a package is missing here, which production lists."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..messages import errors
from ..model import Dependencies, Problem, Settings
from ..package_managers import production_file
from ..package_managers.files import Files
from ..package_managers.names import canonical

_MISSING = re.compile(r"No module named '(\w+)")


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
