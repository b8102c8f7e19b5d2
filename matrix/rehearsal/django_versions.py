"""The Django that a project requires, and the Pythons that support it."""

from collections.abc import Iterable
from pathlib import Path

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from simple_deploy.model import Dependencies
from simple_deploy.package_managers import detect, project_table, requirement_line

from ..cells import load_axes
from ..engine.manage_scripts import manage_scripts
from ..engine.package_managers import Disk

# The minor versions, the newest first; none has had as many patches.
_PATCHES = 50
_MINOR = ("6.1", "6.0", "5.2", "5.1", "5.0", "4.2", "4.1", "4.0", "3.2")


def supporting(project: Path, pythons: Iterable[str]) -> list[str]:
    """Those of the Pythons that support the newest Django which the project allows; all of them if none does."""
    pythons, allowed = list(pythons), _allowed(project)
    versions = (minor for minor in _MINOR if any(allowed.contains(f"{minor}.{patch}") for patch in range(_PATCHES)))
    newest = next(versions, "")
    known = [series for series in load_axes().values["django"].known if newest and _number(series) >= _number(newest)]
    left = [one for one in pythons if known and not _excluded(min(known, key=_number), one)]
    return left or pythons


def of_extra(project: Path) -> tuple[str, ...]:
    """The requirements of the extra of a project's own package that brings Django, where nothing else does."""
    dependencies = _dependencies(project)
    disk = Disk(project)
    extra = next(project_table.extras_with("django", disk), None)
    if dependencies is None or extra is None:
        return ()
    installed = requirement_line.extras(dependencies.requirement)
    if not installed and not dependencies.lacks_django:
        return ()
    extra = installed[0] if installed else extra
    return tuple(project_table.table(project_table.document(disk))["optional-dependencies"][extra])


def _allowed(project: Path) -> SpecifierSet:
    dependencies = _dependencies(project)
    try:
        return SpecifierSet(dependencies.versions.get("django", "") if dependencies else "", prereleases=False)
    except InvalidSpecifier:
        return SpecifierSet()


def _dependencies(project: Path) -> Dependencies | None:
    script = next(iter(manage_scripts(project)), project / "manage.py")
    found, _ = detect(
        Disk(project), script.parent.relative_to(project).as_posix(), None, lambda question, names: None, imported=list
    )
    return found


def _excluded(django: str, python: str) -> bool:
    entries = (one.values for one in load_axes().exclusions if one.values.keys() == {"django", "python"})
    return any(django in one["django"] and python in one["python"] for one in entries)


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
