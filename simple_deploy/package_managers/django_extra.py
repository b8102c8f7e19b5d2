"""Projects whose own package requires Django in an extra only: which extra production installs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..messages import errors
from ..model import Dependencies, Problem
from . import production_file, project_table, versions
from .files import Files


def only_one(dependencies: Dependencies, files: Files) -> str:
    """The extra to install, where requirements.txt does not decide; "" if none or several bring Django."""
    found = _extras(files)
    if len(found) != 1 or files.read(production_file.ROOT) is not None:
        return ""
    # An earlier run may have added packages that are not installed here, and one that requires Django.
    own = replace(dependencies, declared=dependencies.declared - versions.ADDED)
    return found[0] if versions.django_is_missing(own) else ""


def problems(dependencies: Dependencies, files: Files) -> Iterator[Problem]:
    """The problem with extras that production does not install, although Django is in them."""
    found = _extras(files) if dependencies.lacks_django and dependencies.table == "project" else []
    if found and dependencies.lock:
        yield errors.django_in_extra_locked(manifest=dependencies.manifest, extras=found, lock=dependencies.lock)
    elif found:
        yield errors.django_in_extra(manifest=dependencies.manifest, extras=found, first=found[0])


def _extras(files: Files) -> list[str]:
    """The extras with Django, without those for development."""
    found = project_table.extras_with("django", files)
    return [extra for extra in found if not production_file.is_for_development(extra)]
