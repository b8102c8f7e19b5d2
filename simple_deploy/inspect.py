"""Disk → Project. Reads only; every problem that can be seen here is reported, not only the first."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from . import errors, package_managers
from .commands import run
from .model import Git, GitEntry, Options, Problem, Project, Ran, Record, Settings
from .settings_reader import OutsideRepository, from_json, production_module, read_loaded

_STATES = {"A": "added", "D": "deleted", "R": "renamed", "C": "renamed"}


# A question to another program: its folder, then its arguments.
_Ask = Callable[..., Ran]


@dataclass(frozen=True, kw_only=True)
class Inspection:
    """What was found: a Project, unless a problem made that impossible."""

    root: Path | None
    project: Project | None
    problems: tuple[Problem, ...]


@dataclass
class _Disk:
    """The project's files: each is read once, and remembered with its path relative to the Git root."""

    root: Path
    files: dict[str, bytes | None] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def read(self, path: str) -> bytes | None:
        if path not in self.files:
            self.files[path] = self._bytes(path)
        return self.files[path]

    def _bytes(self, path: str) -> bytes | None:
        try:
            return (self.root / path).read_bytes()
        except FileNotFoundError:
            if (self.root / path).is_symlink():
                self.problems.append(errors.not_a_file(path))
        except OSError:
            self.problems.append(errors.not_a_file(path))
        return None


def inspect(options: Options, paths: Iterable[str], record: Record) -> Inspection:
    """Look at the repository, the settings and the dependencies, and read the files in `paths` as well."""
    folder = options.manage_py.parent
    ask = _asker(record)
    root, problem = _git_root(ask, folder)
    if root is None:
        return Inspection(root=None, project=None, problems=(problem,) if problem else ())
    disk = _Disk(root)
    git = _git(ask, root, options, disk.problems)
    settings = _settings(ask, root, options, disk.problems)
    dependencies, problems = package_managers.detect(disk.read)
    disk.problems.extend(problems)
    for path in (*paths, *([settings.path] if settings else [])):
        disk.read(path)
    project = None
    if git and settings and dependencies:
        project = Project(
            root=root,
            manage_dir=folder.relative_to(root).as_posix(),
            git=git,
            settings=settings,
            dependencies=dependencies,
            files=disk.files,
        )
    return Inspection(root=root, project=project, problems=tuple(disk.problems))


def ignored_problems(root: Path, paths: Iterable[str], record: Record) -> list[Problem]:
    """Files that Git would leave out of the commit, so that the platform never sees them."""
    ran = _asker(record)(root, "git", "check-ignore", "--", *paths)
    return [errors.ignored(ran.stdout.splitlines())] if ran.ok else []


def identity_problems(root: Path, record: Record) -> list[Problem]:
    """Whether `git commit` would know an author."""
    ran = _asker(record)(root, "git", "var", "GIT_COMMITTER_IDENT")
    return [] if ran.ok else [errors.no_git_identity(_last_line(ran.stderr))]


def _asker(record: Record) -> _Ask:
    def ask(folder: Path, *argv: str) -> Ran:
        ran = run(argv, cwd=folder)
        record(ran, True)
        return ran

    return ask


def _git_root(ask: _Ask, folder: Path) -> tuple[Path | None, Problem | None]:
    ran = ask(folder, "git", "rev-parse", "--show-toplevel")
    if ran.ok and ran.stdout.strip():
        return Path(ran.stdout.rstrip("\r\n")).resolve(), None
    if ran.returncode == 127:
        return None, errors.git_missing()
    if "not a git repository" in ran.stderr.lower():
        return None, errors.no_repository(str(folder))
    return None, errors.git_failed("git rev-parse --show-toplevel", ran.stderr.strip())


def _git(ask: _Ask, root: Path, options: Options, problems: list[Problem]) -> Git | None:
    status = ask(root, "git", "status", "--porcelain=v2", "--branch", "-z", "--untracked-files=normal")
    if not status.ok:
        problems.append(errors.git_failed("git status", status.stderr.strip()))
        return None
    headers, entries = _parse_status(status.stdout)
    head = headers.get("branch.oid")
    if head in (None, "(initial)"):
        problems.append(errors.no_commit())
        return None
    remotes = _remotes(ask, root)
    first = None
    if options.app_name is None and not remotes:
        first = ask(root, "git", "rev-list", "--max-parents=0", "HEAD").stdout.partition("\n")[0]
    branch = headers.get("branch.head")
    return Git(
        head=head,
        branch=None if branch == "(detached)" else branch,
        entries=entries,
        remotes=remotes,
        first_commit=first or None,
    )


def _parse_status(text: str) -> tuple[dict[str, str], tuple[GitEntry, ...]]:
    """`git status --porcelain=v2 --branch -z`: headers and entries (git-status(1), "Porcelain Format Version 2")."""
    headers: dict[str, str] = {}
    entries: list[GitEntry] = []
    fields = iter(text.split("\0"))
    for line in fields:
        kind, _, rest = line.partition(" ")
        if kind == "#":
            key, _, value = rest.partition(" ")
            headers[key] = value
        elif kind == "1":
            xy, path = rest[:2], rest.split(" ", 7)[7]
            state = _STATES.get(xy[0]) or _STATES.get(xy[1]) or "modified"
            entries.append(GitEntry(path=path, state=state))  # type: ignore[arg-type]
        elif kind == "2":
            entries.append(GitEntry(path=rest.split(" ", 8)[8], state="renamed"))
            next(fields, None)  # the former name
        elif kind == "u":
            entries.append(GitEntry(path=rest.split(" ", 9)[9], state="conflict"))
        elif kind == "?":
            entries.append(GitEntry(path=rest, state="untracked"))
    return headers, tuple(entries)


def _remotes(ask: _Ask, root: Path) -> Mapping[str, str]:
    # The configured addresses, not those of `git remote -v`, which shows them after url.<x>.insteadOf.
    ran = ask(root, "git", "config", "--get-regexp", r"^remote\..*\.url$")
    pairs = (line.partition(" ") for line in ran.stdout.splitlines())
    return {key.removeprefix("remote.").removesuffix(".url"): url for key, _, url in pairs}


def _settings(ask: _Ask, root: Path, options: Options, problems: list[Problem]) -> Settings | None:
    """The settings that production uses: those named by --settings, else those that the WSGI script selects."""
    loaded = options.settings_module
    module = loaded
    try:
        if not options.settings_named:
            module = production_module(loaded)
        if module == loaded:
            settings = read_loaded(module, options.manage_py, root)
        else:
            settings = _read_other(ask, module, options.manage_py, root)
    except OutsideRepository as error:
        problems.append(errors.settings_outside(module, str(error)))
        return None
    except Exception as error:  # whatever a project's settings may raise
        problems.append(errors.settings_not_found(module, f"{type(error).__name__}: {error}"))
        return None
    if settings.wsgi is None:
        problems.append(errors.no_wsgi())
        return None
    return settings


def _read_other(ask: _Ask, module: str, manage_py: Path, root: Path) -> Settings:
    reader = (sys.executable, "-m", "simple_deploy.settings_reader")
    ran = ask(manage_py.parent, *reader, module, str(manage_py), str(root))
    if not ran.ok:
        raise ImportError(_last_line(ran.stderr))
    return from_json(ran.stdout.splitlines()[-1])


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"


def log_lines(project: Project) -> list[str]:
    """The facts of the project, for the log."""
    settings, git = project.settings, project.git
    return [
        f"Git root: {project.root}",
        f"manage.py in: {project.manage_dir}",
        f"Git: {git.head} on {git.branch or 'a detached HEAD'}, {len(git.entries)} uncommitted",
        f"Git remotes: {dict(git.remotes)}",
        f"Settings: {settings.module} ({settings.path}), Django {'.'.join(map(str, settings.django_version))}",
        f"WSGI application: {settings.wsgi}",
        f"Middleware: {', '.join(settings.middleware)}",
        f"Static root: {settings.static_root}, storage: {settings.staticfiles_backend}",
        f"Database: {settings.database_engine}",
        f"Dependencies: {project.dependencies.package_manager}, {project.dependencies.manifest}: "
        f"{', '.join(sorted(project.dependencies.declared))}",
        f"Files read: {', '.join(path for path, raw in sorted(project.files.items()) if raw is not None)}",
        f"Python: {sys.version.split()[0]}",
    ]
