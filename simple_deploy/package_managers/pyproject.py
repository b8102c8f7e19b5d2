"""pyproject.toml with any build backend: `pip install -e .` installs the dependencies, and the project where it is."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import Dependencies, FileEdit, Locking, Problem
from . import django_extra, manifest, production_file, project_table, requirement_line, requirements_file
from .files import Files
from .requirement import extras, versions
from .requirements_file import Unusable

ID = "pyproject"
NAME = "pyproject.toml"


def installable(claimed: str) -> bool:
    """Always."""
    return True


def read(files: Files) -> tuple[Dependencies | None, list[Problem]]:
    """[project] dependencies, and those of the extras that requirements.txt includes (".[production]"), or of the only
    one that has Django.
    """
    try:
        dependencies = _installing(production_file.pointing_to_the_project(files) or ".", files)
        if extra := django_extra.only_one(dependencies, files):
            dependencies = _installing(f".[{extra}]", files)
    except Unusable as error:
        return None, [error.problem]
    return dependencies, []


def _installing(target: str, files: Files) -> Dependencies:
    """What `pip install --editable target` installs. Raises Unusable."""
    path, named = manifest.of_project(files, requirement_line.extras(target))
    return Dependencies(
        package_manager=ID,
        manifest=path,
        table="project" if path.endswith(project_table.FILE) else "",
        declared=frozenset(named),
        # A build needs the files that the backend reads: sources, a README, a license.
        files=(".",),
        install=(requirements_file.VENV, (".venv/bin/pip", "install", "--editable", target)),
        requirement=f"-e {target}",
        own="editable",
        versions=versions(named),
        extras=extras(named),
        python=project_table.python(project_table.document(files)),
    )


def file_edits(dependencies: Dependencies, missing: Sequence[str]) -> tuple[FileEdit, ...]:
    """One edit of the file that lists the dependencies."""
    return (manifest.file_edit(dependencies.manifest, missing),)


def locking(dependencies: Dependencies, missing: Sequence[str], files: Files) -> Locking | None:
    """None: nothing is pinned."""
    return None
