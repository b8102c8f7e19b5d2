"""The uncommitted and ignored files of the project: which are the run's own, and which prevent it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .. import claims
from ..contract import Platform, Remote, Site
from ..messages import errors
from ..model import FileEdit, GitEntry, Problem, Project
from .files import Files, differing, is_own, wanted
from .notes import shortened


@dataclass(frozen=True, kw_only=True)
class WorkingTree:
    """The paths that a commit adds although nothing is written (`own`), and those for which Git needs force (`forced`).

    Git ignores the `refused` and the `apart` ones, which are the user's: the platform finds `apart` ones in the folder,
    so they stay uncommitted. `foreign` are all other uncommitted files: `mixed` are those
    that the run changes too, `hidden` the rest.
    """

    own: set[str]
    forced: set[str]
    refused: list[str]
    apart: list[str]
    foreign: list[GitEntry]
    mixed: list[str]
    hidden: list[str]


def inspect(site: Site, platform: Platform, missing: Sequence[str], files: Files) -> WorkingTree:
    """The state, in Git, of the files to be written and of all others."""
    project, changed = site.project, files.changed
    lock = project.dependencies.lock
    needed = {file.path for file in files.edits} - {change.path for change in files.kept}
    needed |= {project.real(lock)} if lock else set()
    own, foreign = _uncommitted(project.git.entries, needed, changed - _configured(site, platform, missing))
    forced, ignored = _ignored(project, files.edits)
    apart = ignored & _read_in_folder(site, platform)
    return WorkingTree(
        own=own | (forced - changed),
        forced=forced,
        refused=sorted(ignored - apart),
        apart=sorted(apart),
        foreign=foreign,
        mixed=[entry.path for entry in foreign if entry.path in changed],
        hidden=[entry.path for entry in foreign if entry.path not in changed],
    )


def problems(site: Site, tree: WorkingTree) -> Iterable[Problem]:
    """What must be committed or un-ignored first."""
    if tree.refused:
        yield errors.ignored(paths=tree.refused)
    if tree.foreign and not site.options.ignore_unclean_git:
        yield errors.unclean(lines=shortened([f"{entry.state}: {entry.path}" for entry in tree.foreign], most=20))


def doubtful(site: Site, tree: WorkingTree) -> Iterable[Problem]:
    """Those that may vanish when the plan is tried: an earlier run may have written these files after its trial."""
    return () if tree.hidden or tree.refused else problems(site, tree)


def _uncommitted(
    entries: Iterable[GitEntry], wanted: Iterable[str], changed: set[str]
) -> tuple[set[str], list[GitEntry]]:
    """Uncommitted paths that already have the planned content (an earlier run wrote them), and all others."""
    finished = set(wanted) - changed
    own, foreign = set(), []
    for entry in entries:
        if entry.path in finished and entry.state in ("added", "modified", "untracked"):
            own.add(entry.path)
        else:
            foreign.append(entry)
    return own, foreign


def _configured(site: Site, platform: Platform, missing: Sequence[str]) -> set[str]:
    """Uncommitted files with the content that a configuration-only run writes. A deployment may add to them."""
    project = site.project
    app = claims.app_name(project, site.options, platform, None)
    entries = {entry.path for entry in project.git.entries}
    edits = wanted(replace(site, remote=Remote(app=app)), platform, missing) if entries else []
    hidden = [file for file in edits if file.path in entries and not file.whole]
    return {file.path for file in hidden} - {change.path for change in differing(project, hidden)[0]}


def _ignored(project: Project, edits: Iterable[FileEdit]) -> tuple[set[str], set[str]]:
    """The needed files that Git ignores: the tool's own, and the user's."""
    paths = project.git.ignored
    own = {file.path for file in edits if file.path in paths and is_own(file, project.files.get(file.path))}
    return own, {*paths} - own


def _read_in_folder(site: Site, platform: Platform) -> set[str]:
    """The platform's own files, where it reads them in the folder; a workflow has only what is in Git."""
    if not platform.deploys_folder or site.options.workflow is not None:
        return set()
    return {site.project.real(file.path) for file in platform.files(site)}
