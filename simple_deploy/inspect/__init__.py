"""Disk → Project. Reads only; reports every problem that can be found here, not only the first."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from .. import package_managers
from ..messages import errors
from ..model import Choose, Dependencies, Git, Ignored, Options, Problem, Project, Record, Settings
from ..production import python_version
from ..production.recipe import GUNICORN_FILE
from ..text.text_file import content
from .byproducts import without_byproducts
from .commit_trial import try_commit
from .foreign_folder import brought
from .front_end import front_ends
from .git import asking
from .git_questions import branch, commits_since, contains, identity_problems, not_executable, serves_uploads, tracks
from .ignored import ignored
from .passed_over import lacking_here, refusing
from .repository import Repository, root_above
from .script_paths import script_paths
from .scripts import scripts, started
from .settings import read_settings
from .settings_choice import named_settings
from .settings_modules import modules
from .source import source
from .tracked_values import debug_off, with_values
from .variables import variables
from .written_secrets import written_secrets

__all__ = [
    "Inspection",
    "Repository",
    "branch",
    "brought",
    "commits_since",
    "contains",
    "identity_problems",
    "inspect",
    "log_lines",
    "named_settings",
    "root_above",
    "try_commit",
]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Inspection:
    """The Project, unless a problem made it impossible, and the problems."""

    repository: Repository | None
    project: Project | None
    problems: tuple[Problem, ...]

    @property
    def root(self) -> Path | None:
        """The Git root, and the origin of every path."""
        return self.repository.root if self.repository else None


@dataclass
class _Disk:
    """The project's files: each is read once and kept under its path relative to the Git root.

    `links` has the real path of each file that is reached through a link; `files` has it under both paths.
    """

    root: Path
    files: dict[str, bytes | None] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def read(self, path: str) -> bytes | None:
        if path not in self.files:
            real = self._real(path)
            raw = None if real is None else self._bytes(path)
            self.files[path] = raw
            if real not in (None, path):
                self.links[path] = real
                self.files[real] = raw
        return self.files[path]

    def list(self, folder: str) -> tuple[str, ...]:
        try:
            return tuple(sorted(path.name for path in (self.root / folder).iterdir() if path.is_file()))
        except OSError:
            return ()

    def _real(self, path: str) -> str | None:
        """The path with links followed; None if it leads out of the repository."""
        place = self.root / path
        real = Path(os.path.realpath(place))
        if real.is_relative_to(self.root):
            return real.relative_to(self.root).as_posix()
        # Without a link, the caller is responsible for a path such as "../x".
        if Path(os.path.normpath(place)).is_relative_to(self.root):
            self.problems.append(errors.link(path=path, reason="leads out of the repository"))
        return None

    def _bytes(self, path: str) -> bytes | None:
        place = self.root / path
        try:
            return content(place)
        except FileNotFoundError:
            if place.is_symlink():
                self.problems.append(errors.link(path=path, reason="leads to a file that does not exist"))
        except OSError as error:
            # Windows: ERROR_CANT_RESOLVE_FILENAME.
            loop = error.errno == errno.ELOOP or getattr(error, "winerror", 0) == 1921
            self.problems.append(
                errors.link(path=path, reason="leads back to itself") if loop else errors.not_a_file(path=path)
            )
        return None


def whichever(question: str, names: Sequence[str]) -> str:
    """For runs to which the package manager does not matter."""
    return names[0]


def inspect(
    options: Options, paths: Iterable[str], record: Record, *, choose: Choose, whole_folder: bool = False
) -> Inspection:
    """Look at the repository, the settings and the dependencies, and also read the files in `paths`.

    The user may `choose` the package manager where the files do not decide.
    With `whole_folder`, ask Git what it ignores, for a platform that builds the folder and not the commit.
    """
    folder, requested = options.manage_py.parent, tuple(paths)
    with asking(folder, record) as asked:
        repository, problems = asked.repository(folder)
        if repository is None:
            return Inspection(repository=None, project=None, problems=tuple(problems))
        root = repository.root
        disk = _Disk(root)
        settings, settings_problems = read_settings(root, options, record)
        dependencies, dependency_problems = package_managers.detect(
            disk,
            folder.relative_to(root).as_posix(),
            options.package_manager,
            choose,
            # To the package manager, an unreadable file looks like a missing one.
            imported=lambda: [] if disk.problems else _imported(root, folder, settings),
        )
        for path in (
            *requested,
            *python_version.FILES,
            ".gitignore",
            "package.json",
            GUNICORN_FILE,
            *([settings.path] if settings else []),
        ):
            disk.read(path)
        # The platform's own files start scripts; settings and requirements do not.
        texts = [(disk.read(path) or b"").decode("utf-8", "replace") for path in requested]
        for path in (path for text in texts for path in scripts(root, text)):
            disk.read(path)
        left_out, ignored_failed = ignored(root, record) if whole_folder else (Ignored(), [])
        git, git_problems = asked.state()
        (extensions, admins), celery = asked.in_migrations(), asked.celery()
        commands = [path for text in texts for path in started(root, text)]
        git = replace(git, not_executable=not_executable(root, commands, record)) if git else None
    if settings and dependencies:
        settings_problems = [*settings_problems, *lacking_here(settings, dependencies, disk), *refusing(settings)]
    unfinished = repository.unfinished()
    project = None
    if not unfinished and git and settings and dependencies:
        project = _project(disk, folder.relative_to(root).as_posix(), git, settings, dependencies, left_out, record)
        if project.media:
            git = replace(project.git, tracks_uploads=tracks(root, project.media, record))
            project = replace(project, git=git, serves_uploads=serves_uploads(root, record))
        project = replace(project, extensions=extensions, admin_migrations=admins, celery=celery)
        project = replace(project, settings=_without_debug(project, options))
        if not whole_folder:
            # An image is made without these files.
            project = replace(project, variables=with_values(root, git.exposed, project.variables))
    unread = disk.problems or dependency_problems
    found = (*unfinished, *git_problems, *ignored_failed, *settings_problems, *unread)
    return Inspection(repository=repository, project=project, problems=found)


def _imported(root: Path, folder: Path, settings: Settings | None) -> list[str]:
    """The requirements of a project that lists none: Django, and what the code imports, in the versions here."""
    from ..package_managers import environment
    from .imports import imports

    named = (*settings.installed_apps, *settings.middleware) if settings else ()
    return list(environment.pins({"django", *imports(root, folder, named)} - {"simple_deploy"}, sys.path))


def _project(
    disk: _Disk,
    manage_dir: str,
    git: Git,
    settings: Settings,
    dependencies: Dependencies,
    left_out: Ignored,
    record: Record,
) -> Project:
    read_in = modules(source(disk.root), _starts(settings), manage_dir)
    return Project(
        root=disk.root,
        manage_dir=manage_dir,
        git=without_byproducts(git, (*settings.sqlite_files, *settings.log_files)),
        settings=settings,
        dependencies=dependencies,
        files=disk.files,
        links=disk.links,
        ignored=left_out,
        variables=variables(read_in),
        written_secrets=written_secrets(read_in),
        front_ends=front_ends(disk.root, manage_dir, settings, disk.read, record),
        script_paths=script_paths(read_in, disk.root),
    )


def _without_debug(project: Project, options: Options) -> Settings:
    """The settings, with the variables that turn DEBUG off where a file in Git turns it on."""
    off = debug_off(project.root, project.git.exposed, project.variables)
    found = {name: one for name, one in off.items() if name not in options.variables}
    notes = {
        name: f"Your site gets {name}={value} in case it reads {path}, which Git tracks and which turns it on."
        for name, (value, path) in found.items()
    }
    added = {name: value for name, (value, _) in found.items()}

    def without(settings: Settings) -> Settings:
        return replace(
            settings,
            environment={**settings.environment, **added},
            # Settings that the variable chooses have a note on it already.
            notes=(*settings.notes, *(note for name, note in notes.items() if name not in settings.environment)),
            otherwise=settings.otherwise and without(settings.otherwise),
        )

    return without(project.settings)


def _starts(settings: Settings) -> list[str]:
    """The modules that production loads first."""
    return [settings.path, settings.application.partition(":")[0]]


def log_lines(project: Project) -> list[str]:
    """The facts of the project, for the log."""
    settings, git = project.settings, project.git
    return [
        f"Git root: {project.root}",
        f"manage.py in: {project.manage_dir}",
        f"Git: {git.head} on {git.branch or 'a detached HEAD'}, {len(git.entries)} uncommitted",
        f"Git remotes: {dict(git.remotes)}",
        f"Settings: {settings.module} ({settings.path}), Django {'.'.join(map(str, settings.django_version))}",
        f"Application: {settings.application} ({'ASGI' if settings.asgi else 'WSGI'})",
        f"Middleware: {', '.join(settings.middleware)}",
        f"Static root: {settings.static_root}, storage: {settings.staticfiles_backend}",
        f"Database: {settings.database_engine}",
        f"Variables: {', '.join(f'{one.name} ({one.needed})' for one in project.variables)}",
        f"Dependencies: {project.dependencies.package_manager}, {project.dependencies.manifest}: "
        f"{', '.join(sorted(project.dependencies.declared))}",
        f"Files read: {', '.join(path for path, raw in sorted(project.files.items()) if raw is not None)}",
        f"Python: {sys.version.split()[0]}",
    ]
