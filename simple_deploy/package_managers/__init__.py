"""How a project declares its requirements. One module per package manager, all of the same form.

A module implements `PackageManager`, and no code outside this package depends on which one it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from typing import Any, Protocol, cast

from ..messages import errors
from ..model import Choose, Dependencies, FileEdit, Locking, Problem
from ..text.shape import WrongType
from . import claims
from .files import Changed, Files, Known, Over
from .names import canonical, name_of

__all__ = ["NAMES", "Files", "Known", "Over", "PackageManager", "canonical", "detect", "load", "missing", "name_of"]


class PackageManager(Protocol):
    """The interface of a module in this folder."""

    ID: str
    NAME: str

    def installable(self, claimed: str) -> bool:
        """Whether platforms can install from that file, and not only from a lock made from it."""

    def read(self, files: Files) -> tuple[Dependencies | None, list[Problem]]:
        """What the project declares for production, following includes; or the problem with it."""

    def file_edits(self, dependencies: Dependencies, missing: Sequence[str]) -> tuple[FileEdit, ...]:
        """The manifest edits that add these requirements (PEP 508); called with what is not declared yet."""

    def locking(self, dependencies: Dependencies, missing: Sequence[str], files: Files) -> Locking | None:
        """How the lock is updated when these requirements are added; None if there is no lock."""


# The values of --package-manager.
NAMES = tuple(name.replace("_", "-") for name in claims.OF)
_WHICH = "Which one installs production?"


def _nobody(question: str, names: Sequence[str]) -> None:
    """A run without prompts."""


def detect(
    files: Files,
    folder: str = ".",
    chosen: str | None = None,
    choose: Choose = _nobody,
    imported: Callable[[], Iterable[str]] = tuple,
) -> tuple[Dependencies | None, list[Problem]]:
    """The one package manager and what it declares, or the problem with all files that were found.

    The file that buildpacks install from decides: a requirements file or lock takes precedence over a pyproject.toml.
    `folder` is that of manage.py: requirements files may be in it, or between it and the Git root. `chosen` is the
    package manager that the user named; where none is, and the files do not decide, the user may `choose`. Where no
    file at the Git root lists requirements, the plan's requirements.txt has those of a file below it, or those that are
    `imported`.
    """
    from . import production_file, project_table, refused
    from .requirements_file import Unusable

    refusal: Problem | None = None
    try:
        project_table.document(files)
        files, taken = _renewed(files)
        files, found = _claimed(files, folder, chosen)
        if not found and not (refusal := refused.problem(files)):
            files, found = _adopted(files)
    except WrongType as error:
        return None, [errors.wrong_type(path=project_table.FILE, reason=str(error))]
    except Unusable as error:
        return None, [error.problem]
    except ValueError as error:
        return None, [errors.not_toml(path=project_table.FILE, reason=str(error))]
    if not found:
        return _listed_anew(files, folder, chosen, imported, refusal)
    dependencies, problems = _one(files, found, chosen, choose)
    if dependencies and dependencies.manifest == production_file.ROOT:
        dependencies = replace(dependencies, **taken)
    return dependencies, problems


def _renewed(files: Files) -> tuple[Files, Mapping[str, Any]]:
    """The files with a requirements.txt whose block has what its source lists now, and facts about it.

    A block that the user has edited stays.
    """
    from . import listed, production_file, requirements_file

    text = requirements_file.text(production_file.ROOT, files)
    block = listed.find(text)
    inner, lines = _listed_by(files, block.source) if block else (None, ())
    if not block or not inner:
        return files, {}
    if not lines or lines == block.lines or not block.unchanged:
        return files, {"python": inner.python}
    files = Changed(files, {production_file.ROOT: listed.renewed(text, block.source, lines)})
    return files, {"python": inner.python, "listed": lines, "listed_in": block.source}


def _listed_by(files: Files, source: str, chosen: str | None = None) -> tuple[Dependencies | None, tuple[str, ...]]:
    """What a file declares where no platform looks, and its requirements in their locked versions."""
    from . import below, pdm

    inner, problems = (pdm.read(files), []) if source == pdm.LOCK else detect(below.at(files, source), chosen=chosen)
    # Where the package itself is installed, its build would fail.
    if inner is None or ((problems or inner.fallback_version) and "." in inner.files):
        return None, ()
    return inner, below.lines(files, source, inner)


def _claimed(files: Files, folder: str, chosen: str | None) -> tuple[Files, list[tuple[str, PackageManager]]]:
    """The candidates, and the files with the requirements.txt that leads to them. Raises Unusable."""
    from . import below

    found = _claims(files)
    if not found or (not chosen and not any(module.installable(file) for file, module in found)):
        # Requirements beside manage.py take precedence over a mere manifest at the root, such as a library's own.
        files = below.pointed(files, folder, root=not found)
        found = _claims(files)
    return files, found


def _adopted(files: Files) -> tuple[Files, list[tuple[str, PackageManager]]]:
    """The same for a project that no package manager claims and none refuses."""
    from . import production_file, requirement_line, setup_script

    if setup_script.describes(files):
        files = production_file.with_lines(files, [requirement_line.IN_PLACE])
        return files, _claims(files)
    return files, _asked(claims.ADOPTING, files)[:1]


def _listed_anew(
    files: Files,
    folder: str,
    chosen: str | None,
    imported: Callable[[], Iterable[str]],
    refusal: Problem | None,
) -> tuple[Dependencies | None, list[Problem]]:
    """The dependencies according to the plan's new requirements.txt."""
    from . import below, pdm, production_file

    source = pdm.LOCK if refusal else below.found(files, folder) or ""
    inner, lines = _listed_by(files, source, chosen) if source else (None, ())
    if not source and chosen in (None, claims.PIP):
        lines = tuple(imported())
    if not lines:
        return None, [refusal or errors.no_package_manager(source)]
    files = production_file.with_lines(files, lines)
    dependencies, problems = _one(files, _claims(files), claims.PIP, _nobody)
    if dependencies:
        dependencies = replace(dependencies, listed=lines, listed_in=source, python=inner.python if inner else "")
    return dependencies, problems


def _claims(files: Files) -> list[tuple[str, PackageManager]]:
    return _asked(claims.OF, files)


def _asked(questions: Mapping[str, Callable[[Files], str | None]], files: Files) -> list[tuple[str, PackageManager]]:
    return [(file, load(name)) for name, question in questions.items() if (file := question(files))]


def _one(
    files: Files, found: list[tuple[str, PackageManager]], chosen: str | None, choose: Choose
) -> tuple[Dependencies | None, list[Problem]]:
    """The dependencies according to the chosen package manager, or the only one that platforms can install from."""
    from . import django_extra, git_version, old_setuptools, versions

    listed = [f"{file} ({module.NAME})" for file, module in found]
    names = [module.ID.replace("_", "-") for _, module in found]
    leading = [] if chosen else _leading(files, found)
    if len(leading) != 1 and not chosen:
        chosen = choose(f"The project has files of several package managers: {', '.join(listed)}. {_WHICH}", names)
    if chosen:
        leading = [pair for pair, name in zip(found, names, strict=True) if name == chosen]
        if not leading:
            return None, [errors.other_package_manager(chosen=chosen, found=listed)]
    if len(leading) != 1:
        choices = " or ".join(f"--package-manager {name}" for name in names)
        return None, [errors.several_package_managers(found=listed, choices=choices)]
    [(claimed, module)] = leading
    dependencies, problems = module.read(files)
    if dependencies is None:
        return None, problems
    others = tuple(file for file, _ in found if file != claimed)
    dependencies = replace(
        dependencies,
        others=others,
        lacks_django=versions.django_is_missing(dependencies),
        old_setuptools=old_setuptools.needed_by(dependencies),
        fallback_version=git_version.fallback(dependencies, files),
        version_file=git_version.written(dependencies, files),
    )
    problems += django_extra.problems(dependencies, files)
    return dependencies, [*problems, *versions.too_old(dependencies)]


def _leading(files: Files, found: list[tuple[str, PackageManager]]) -> list[tuple[str, PackageManager]]:
    """The candidates for production: a lock before what was exported from it, and either before a mere manifest."""
    from . import locked

    if not found[1:]:
        return found
    installable = [(file, module) for file, module in found if module.installable(file)]
    locks = [file for file, _ in installable if locked.is_lock(file)]
    if len(locks) == 1 and len(installable) == 2 and locked.holds_all(locks[0], files):
        return [pair for pair in installable if pair[0] == locks[0]]
    return installable


def adding(dependencies: Dependencies, undeclared: Mapping[str, str]) -> Dependencies:
    """The dependencies whose manifest gets these requirements (PEP 508) too, each with what was found."""
    from . import old_setuptools

    named = frozenset(canonical(name_of(one)) for one in undeclared)
    needing = old_setuptools.needed_by(replace(dependencies, declared=dependencies.declared | named))
    return replace(dependencies, undeclared={**dependencies.undeclared, **undeclared}, old_setuptools=needing)


def file_edits(dependencies: Dependencies, missing: Sequence[str]) -> tuple[FileEdit, ...]:
    """The edits that add these requirements (PEP 508), and the version of the project's package if it needs one."""
    from . import git_version

    edits = load(dependencies.package_manager).file_edits(dependencies, missing)
    return git_version.with_fallback(edits, dependencies.fallback_version) if dependencies.fallback_version else edits


def missing(dependencies: Dependencies, requirements: Iterable[str]) -> tuple[str, ...]:
    """The requirements (PEP 508) whose package is not declared."""
    return tuple(r for r in requirements if canonical(name_of(r)) not in dependencies.declared)


def blocked(dependencies: Dependencies, missing: Sequence[str]) -> list[Problem]:
    """Why these requirements cannot be added: the manifest is closed, or has them, but not for production."""
    if missing and dependencies.closed:
        return [errors.manifest_closed(manifest=dependencies.manifest, reason=dependencies.closed, missing=missing)]
    names = [name for r in missing if canonical(name := name_of(r)) in dependencies.not_for_production]
    return [errors.not_for_production(names=names, manifest=dependencies.manifest)] if names else []


def names_engine(dependencies: Dependencies) -> bool:
    """Whether dj-database-url is so old that it names an engine that Django 3 and later no longer have."""
    from .versions import below, kept

    return below(kept(dependencies, "dj-database-url"), "1.0.0")


def load(identity: str) -> PackageManager:
    """The package manager with that ID. Raises ImportError if there is none."""
    return cast(PackageManager, import_module(f"{__name__}.{identity}"))
