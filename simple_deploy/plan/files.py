"""The files that a run writes: their intended content, and what prevents writing it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from .. import app_line, package_managers, workflow
from ..contract import Platform, Site
from ..messages import errors
from ..model import FileChange, FileEdit, Problem, Project
from ..production import database, settings_file
from ..production.settings_block import render
from ..text import sealed_file
from ..text.text_file import ClosedFile, decode, edited
from . import gitignore


@dataclass(frozen=True, kw_only=True)
class Files:
    """The wanted files, the changes that they need, and changes that are dropped to keep the user's files. `added` are
    the requirements among the changes.
    """

    edits: tuple[FileEdit, ...]
    changes: tuple[FileChange, ...]
    kept: tuple[FileChange, ...]
    problems: tuple[Problem, ...]
    added: tuple[str, ...]

    @property
    def changed(self) -> set[str]:
        """The paths of the changes."""
        return {change.path for change in self.changes}


def decide(site: Site, platform: Platform, missing: Sequence[str], locks: Mapping[str, bytes]) -> Files:
    """The files to write, given these missing requirements; `locks` are lock files as they should be."""
    project = site.project
    edits = wanted(site, platform, missing)
    changes, problems = differing(project, [file for file in edits if not file.whole])
    whole, kept = _whole(site, [file for file in edits if file.whole])
    return Files(
        edits=tuple(edits),
        changes=(*changes, *whole, *_locked(project, locks, missing)),
        kept=tuple(kept),
        problems=(*problems, *_written_twice(project, edits)),
        added=tuple(missing),
    )


def wanted(site: Site, platform: Platform, missing: Sequence[str]) -> list[FileEdit]:
    """Every file that the platform, the package manager and the settings need."""
    project = site.project
    engine = database.engine(project.settings, named=package_managers.names_engine(project.dependencies))
    building = database.building_engine(project.settings, site.options)
    names = {"platform": platform.name, "engine": engine, "building_engine": building}
    rendered = render(project.settings, platform.production, read_only=platform.read_only(site), **names)
    body = app_line.line(site, platform) + rendered
    block = FileEdit(
        path=project.settings.path,
        edit=lambda text: settings_file.with_block(text or "", platform.id, body),
        why=f"settings that take effect only on {platform.name}",
    )
    manifest = package_managers.file_edits(project.dependencies, missing)
    edits = [
        *platform.files(site),
        *workflow.file_edits(site, platform),
        *manifest,
        *gitignore.file_edits(project),
        block,
    ]
    return [replace(file, path=project.real(file.path)) for file in edits]


def differing(project: Project, edits: Iterable[FileEdit]) -> tuple[list[FileChange], list[Problem]]:
    """The files whose content differs from the wanted one; a problem for each that cannot be edited."""
    changes, problems = [], []
    for file in edits:
        before = project.files.get(file.path)
        try:
            after = edited(file.edit, before, file.path)
        except settings_file.BrokenBlock as error:
            problems.append(errors.broken_block(path=file.path, reason=str(error)))
        except ClosedFile as error:
            problems.append(errors.closed_file(path=file.path, reason=str(error)))
        except (ValueError, SyntaxError, LookupError) as error:
            problems.append(errors.not_text(path=file.path, reason=str(error)))
        else:
            if after != before:
                changes.append(FileChange(path=file.path, before=before, after=after, why=file.why))
    return changes, problems


def _whole(site: Site, edits: Iterable[FileEdit]) -> tuple[list[FileChange], list[FileChange]]:
    """The files that are ours as a whole: those to write, and those that someone else wrote, which stay."""
    changes: list[FileChange] = []
    kept: list[FileChange] = []
    for file in edits:
        before = site.project.files.get(file.path)
        wanted = sealed_file.sealed(file.edit(None))
        present = None if before is None else _read(before)
        if present == wanted:
            continue
        ours = present is None or sealed_file.is_ours(present) or site.options.replace_files
        change = FileChange(path=file.path, before=before, after=wanted.encode(), why=file.why)
        (changes if ours else kept).append(change)
    return changes, kept


def _locked(project: Project, locks: Mapping[str, bytes], missing: Sequence[str]) -> Iterable[FileChange]:
    for path, after in locks.items():
        before = project.files.get(path)
        why = "pins what was added and nothing else"
        if before is None:
            why = "pins what production installs"
        elif not missing:
            why = "has the hash that the package manager of today expects; no version changes"
        yield FileChange(path=project.real(path), before=before, after=after, why=why)


def _written_twice(project: Project, edits: Iterable[FileEdit]) -> Iterable[Problem]:
    """The real files that two wanted files share through links."""
    paths = [file.path for file in edits]
    for path in sorted({path for path in paths if paths.count(path) > 1} & {*project.links.values()}):
        names = [name for name, real in project.links.items() if real == path]
        yield errors.written_twice(path=path, names=" and ".join(names))


def contents(project: Project, files: Files, without: set[str]) -> dict[str, bytes]:
    """The content of each file that production needs after the changes are written."""
    dependencies = project.dependencies
    needed = {
        *map(project.real, filter(None, (dependencies.manifest, dependencies.lock, *dependencies.files))),
        *(file.path for file in files.edits),
    }
    found = {path: raw for path, raw in project.files.items() if path in needed and raw is not None}
    found.update({change.path: change.after for change in files.changes})
    return {path: raw for path, raw in sorted(found.items()) if path not in without}


def is_own(file: FileEdit, present: bytes | None) -> bool:
    """Whether the tool creates the file: it is new, or has the content that it would get if it were."""
    if present is None:
        return True
    return sealed_file.is_ours(_read(present)) if file.whole else edited(file.edit, None, file.path) == present


def _read(raw: bytes) -> str:
    """The text in any encoding: a file that is not text is not ours anyway."""
    try:
        return decode(raw)[0]
    except ValueError:
        return ""
