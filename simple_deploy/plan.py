"""Project + Remote → Plan. Pure: the same input always gives the same plan."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from . import (
    app_line,
    claims,
    errors,
    gitignore,
    package_managers,
    platforms,
    python_version,
    sealed_file,
    settings_file,
    variables,
    workflow,
)
from .commit import commit_steps
from .contract import Platform, Remote, Site
from .model import FileChange, FileEdit, GitEntry, Options, Plan, Problem, Project, Step, Tried
from .requirements import requirements
from .settings_block import render
from .text_file import ClosedFile, decode, edited

_OLDEST_DJANGO = (3, 2)
# What `pip freeze` writes of the tool itself.
_DEPLOYER = "simple-deploy"


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A plan, and the problems that forbid carrying it out.

    `contents` is what Git must have afterwards of every file that production needs, `staged` are those of them that the
    commit adds, with `force` if Git ignores one.
    """

    plan: Plan
    problems: tuple[Problem, ...]
    contents: Mapping[str, bytes]
    staged: tuple[str, ...]
    force: bool


def plan(project: Project, options: Options, platform: Platform, remote: Remote, locks: Mapping[str, bytes]) -> Planned:
    """The changes that bring the project and its app to the state that the platform requires.

    `locks` are the lock files that the changed manifest needs, as the package manager wrote them.
    """
    decided = variables.decide(project, options, platform, remote)
    options = decided.options
    site = Site(project=project, options=options, remote=remote)
    missing = package_managers.missing(project.dependencies, requirements(project, platform.requirements))
    blocked = package_managers.blocked(project.dependencies, missing)
    if blocked:
        missing = ()
    edits = _file_edits(site, platform, missing)
    changes, problems = _changes(project, [file for file in edits if not file.whole])
    whole, kept = _whole(project, [file for file in edits if file.whole], options)
    changes += whole
    problems += (*blocked, *_choices(options, platform))
    changes += [
        FileChange(
            path=project.real(path),
            before=project.files.get(path),
            after=after,
            why="pins what was added and nothing else",
        )
        for path, after in locks.items()
    ]
    lock = project.dependencies.lock
    wanted = {file.path for file in edits} - {change.path for change in kept}
    wanted |= {project.real(lock)} if lock else set()
    changed = {change.path for change in changes}
    own, foreign = _uncommitted(project.git.entries, wanted, changed - _configured(project, options, platform, missing))
    forced, refused = _ignored(project, edits)
    own |= forced - changed
    if refused:
        problems.append(errors.ignored(paths=refused))
    mixed = [entry.path for entry in foreign if entry.path in changed]
    hidden = [entry.path for entry in foreign if entry.path not in changed]
    if foreign and not options.ignore_unclean_git:
        problems.append(
            errors.unclean(lines=_shortened([f"{entry.state}: {entry.path}" for entry in foreign], most=20))
        )
    if project.settings.django_version < _OLDEST_DJANGO:
        problems.append(errors.django_too_old(found="{}.{}".format(*project.settings.django_version)))
    problems.extend(python_version.problems(project, options))
    problems.extend(platform.check(site))
    problems.extend(variables.problems(decided, options, platform))
    problems.extend(_written_twice(project, edits))
    contents = _contents(project, edits, changes, {*hidden, *refused})
    staged = {path: contents[path] for path in sorted((changed | own) - {*refused})}
    commit = commit_steps(project, platform.name, staged, force=bool(forced), folder=platform.deploys_folder)
    commits = any(step.id == "git-commit" for step in commit)
    site = replace(site, commits=commits)
    steps = (*commit, *platform.steps(site))
    placeholders = {
        "app": site.app,
        **platform.placeholders(site),
        "manage_py": project.manage_py,
        "quoted_manage_py": shlex.quote(project.manage_py),
    }
    return Planned(
        plan=Plan(
            platform=platform.id,
            platform_name=platform.name,
            placeholders=placeholders,
            changes=tuple(changes),
            steps=(*_history_steps(project, platform, steps), *steps),
            notes=(
                *platform.notes(site),
                *workflow.notes(site, platform),
                *variables.notes(decided, options, platform),
                *_own_files(kept),
                *_notes(project, platform),
                *python_version.notes(project, options),
                *_mixed(mixed),
                *_forced(sorted(forced)),
                *_byproducts(project, platform, edits),
                *_exposed(project),
            ),
            address=platform.address(site.app) if platform.address else None,
            watch=platform.watch(site.app) if platform.watch else None,
            automated=options.deploys,
            account=remote.account,
            app_id=remote.id or None,
            not_done=(*_kept(hidden, platform), *platform.not_done(site)),
            kept=tuple(kept),
            variables=decided.states,
            tried=project.tried,
        ),
        problems=tuple(problems),
        contents=contents,
        staged=tuple(staged),
        force=bool(forced),
    )


def _contents(
    project: Project, edits: Iterable[FileEdit], changes: Iterable[FileChange], without: set[str]
) -> dict[str, bytes]:
    """What each file that production needs holds once the changes are written."""
    dependencies = project.dependencies
    needed = {
        *map(project.real, filter(None, (dependencies.manifest, dependencies.lock, *dependencies.files))),
        *(file.path for file in edits),
    }
    found = {path: raw for path, raw in project.files.items() if path in needed and raw is not None}
    found.update({change.path: change.after for change in changes})
    return {path: raw for path, raw in sorted(found.items()) if path not in without}


def _ignored(project: Project, edits: Iterable[FileEdit]) -> tuple[set[str], list[str]]:
    """Of the needed files that Git ignores: those that are the tool's own, and those of the user's."""
    paths = project.git.ignored
    own = {file.path for file in edits if file.path in paths and _is_own(file, project.files.get(file.path))}
    return own, sorted(paths - own)


def _is_own(file: FileEdit, present: bytes | None) -> bool:
    """Whether the tool makes the file: it is new, or holds what it would hold if it was."""
    if present is None:
        return True
    return sealed_file.is_ours(_read(present)) if file.whole else edited(file.edit, None, file.path) == present


def _file_edits(site: Site, platform: Platform, missing: Sequence[str]) -> list[FileEdit]:
    project = site.project
    engine = package_managers.names_engine(project.dependencies)
    rendered = render(project.settings, platform.production, platform=platform.name, names_engine=engine)
    body = app_line.line(project, site.options, platform, site.remote) + rendered
    block = FileEdit(
        path=project.settings.path,
        edit=lambda text: settings_file.with_block(text or "", platform.id, body),
        why=f"settings that take effect only on {platform.name}",
    )
    manifest = package_managers.load(project.dependencies.package_manager).file_edits(project.dependencies, missing)
    edits = [
        *platform.files(site),
        *workflow.file_edits(site, platform),
        *manifest,
        *gitignore.file_edits(project),
        block,
    ]
    return [replace(file, path=project.real(file.path)) for file in edits]


def _configured(project: Project, options: Options, platform: Platform, missing: Sequence[str]) -> set[str]:
    """Uncommitted files that hold what a configuration-only run writes. A deployment may add to them."""
    app = claims.app_name(project, options, platform, None)
    entries = {entry.path for entry in project.git.entries}
    site = Site(project=project, options=options, remote=Remote(app=app))
    edits = _file_edits(site, platform, missing) if entries else []
    hidden = [file for file in edits if file.path in entries and not file.whole]
    return {file.path for file in hidden} - {change.path for change in _changes(project, hidden)[0]}


def _changes(project: Project, edits: Iterable[FileEdit]) -> tuple[list[FileChange], list[Problem]]:
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


def _whole(project: Project, edits: Iterable[FileEdit], options: Options) -> tuple[list[FileChange], list[FileChange]]:
    """The files that are ours as a whole: those to write, and those that someone else wrote and that stay."""
    changes: list[FileChange] = []
    kept: list[FileChange] = []
    for file in edits:
        before = project.files.get(file.path)
        wanted = sealed_file.sealed(file.edit(None))
        present = None if before is None else _read(before)
        if present == wanted:
            continue
        ours = present is None or sealed_file.is_ours(present) or options.replace_files
        change = FileChange(path=file.path, before=before, after=wanted.encode(), why=file.why)
        (changes if ours else kept).append(change)
    return changes, kept


def _written_twice(project: Project, edits: Iterable[FileEdit]) -> Iterable[Problem]:
    """The real files in which links would make two wanted files one."""
    paths = [file.path for file in edits]
    for path in sorted({path for path in paths if paths.count(path) > 1} & {*project.links.values()}):
        names = [name for name, real in project.links.items() if real == path]
        yield errors.written_twice(path=path, names=" and ".join(names))


def _read(raw: bytes) -> str:
    """The text, however it is encoded: what is no text is not ours at any rate."""
    try:
        return decode(raw)[0]
    except ValueError:
        return ""


def _choices(options: Options, platform: Platform) -> Iterable[Problem]:
    """Options that this platform has no use for."""
    if options.database is not None and options.database not in platform.databases:
        yield errors.database_unknown(name=platform.name, asked=options.database, known=platform.databases)
    if options.organization is not None and not platform.organizations:
        yield errors.organizations_unknown(name=platform.name)
    if options.workflow is not None and platform.workflow is None:
        yield errors.workflow_unknown(name=platform.name)


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


def _trial_notes(tried: Tried) -> Iterator[str]:
    if tried.missing_static:
        yield (
            f"these refer to static files that do not exist: {_named(list(tried.missing_static))}. Visitors do not get "
            "them; every other file is served."
        )
    if tried.compiled:
        yield (
            f"{_named(list(tried.compiled))}: there is no wheel for production's Python, so the build has to compile "
            "it, which may fail. A newer version, or an older Python in .python-version, avoids that."
        )
    if tried.unmigrated:
        yield (
            f"models of {_named(list(tried.unmigrated))} differ from what the migrations in Git make, so production "
            "would lack tables or columns. Run manage.py makemigrations and commit the result."
        )
    if tried.untried:
        yield f"not tested here: {'; '.join(tried.untried)}."


def _notes(project: Project, platform: Platform) -> Iterator[str]:
    if state := platforms.told(platform.id, "state"):
        yield f"{platform.name} is {state}. docs/deprecation.md explains how to leave a platform."
    yield from project.settings.notes
    yield from _trial_notes(project.tried)
    dependencies = project.dependencies
    if dependencies.others:
        used = dependencies.lock or dependencies.manifest
        yield f"production is installed from {used}. Not used: {_named(list(dependencies.others))}."
    if _DEPLOYER in dependencies.declared:
        yield f"{dependencies.manifest} lists {_DEPLOYER}, which production does not need. Remove that line."
    if project.settings.prints_mail:
        yield (
            "the project only prints its mail to the console. To send mail in production, set EMAIL_HOST, EMAIL_PORT, "
            "EMAIL_HOST_USER and EMAIL_HOST_PASSWORD to an SMTP server; until then, sending mail fails."
        )


def _mixed(paths: list[str]) -> tuple[str, ...]:
    # Git commits whole files.
    return (f"your uncommitted changes in {_named(paths)} will be committed together with ours.",) if paths else ()


def _forced(paths: list[str]) -> tuple[str, ...]:
    if not paths:
        return ()
    return (f"Git ignores {_named(paths)}; the platform needs it, so it is added with git add --force.",)


def _byproducts(project: Project, platform: Platform, edits: Iterable[FileEdit]) -> tuple[str, ...]:
    paths = project.git.byproducts
    if not paths:
        return ()
    said = "they are not committed"
    if platform.deploys_folder:
        kept_out = any(file.path == project.real(".dockerignore") for file in edits)
        said += (
            ", and .dockerignore keeps them out of the image" if kept_out else "; keep them out of the image yourself"
        )
    lines = "a line" if len(paths) == 1 else "lines"
    made = any(file.path == project.real(gitignore.FILE) for file in edits)
    hidden = "The new .gitignore excludes them." if made else f"With {lines} in .gitignore, Git ignores them."
    return (f"These files should not be in a repository: {_named(list(paths))}; {said}. {hidden}",)


def _exposed(project: Project) -> tuple[str, ...]:
    paths = project.git.exposed
    if not paths:
        return ()
    plain = shlex.join(path.rstrip("/") for path in paths[:5])
    return (
        f"Git tracks {_named(list(paths))}: everyone with access to the repository has them, and so does the "
        f"platform. Remove them (git rm -r --cached {plain}), add them to .gitignore, and change every secret in them.",
    )


def _own_files(kept: list[FileChange]) -> tuple[str, ...]:
    return tuple(
        f"your own {change.path} is kept. --replace-files overwrites it with ours ({change.why})." for change in kept
    )


def _kept(paths: list[str], platform: Platform) -> tuple[str, ...]:
    if not paths:
        return ()
    if platform.deploys_folder:
        said = f"not committed, but deployed: {platform.name} builds the folder as it is"
    else:
        said = "neither committed nor deployed"
    return (f"Your uncommitted changes are {said}: {_named(paths)}",)


def _named(paths: list[str]) -> str:
    return ", ".join(_shortened(paths, most=5)).replace(", and ", " and ")


def _shortened(items: list[str], *, most: int) -> list[str]:
    return [*items[:most], *([f"and {len(items) - most} more"] if len(items) > most else [])]


def _history_steps(project: Project, platform: Platform, steps: Sequence[Step]) -> tuple[Step, ...]:
    """Where a push deploys: it is refused if the history that the platform has is not part of what is pushed."""
    if platform.deploys_folder or not project.git.shallow or all(step.already_done for step in steps):
        return ()
    return (
        Step(
            id="git-history",
            title="Fetch the history missing from this shallow clone",
            why=f"{platform.name} accepts a push only from a full clone",
            argv=("git", "fetch", "--unshallow", "--quiet", "origin"),
            on_failure="Check out the full history in CI (fetch-depth: 0), or give this clone access to its origin.",
        ),
    )
