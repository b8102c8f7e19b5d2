"""What the user should know about a plan although it does not stop the run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence

from .. import platforms
from ..contract import Platform, plain, unsafe
from ..model import OLD_SETUPTOOLS, Dependencies, FileChange, FileEdit, Project, Secret, Settings, Tried
from ..production.database import is_postgresql
from . import gitignore

# The lines that `pip freeze` writes for the tool itself.
_DEPLOYER = "simple-deploy"
# In seconds, and days: what a mistake may cost.
_DAY, _LONG = 86_400, 7
# Files with values of variables.
_VARIABLES = re.compile(r"(^|/)[\w.-]*\.env(\.[\w.-]+)?$")
# Packages that no version has a wheel for on Linux; builds have what these need (`production.native`).
_NEVER_WHEELS = frozenset({"psycopg2"})


def own_files(kept: Iterable[FileChange]) -> tuple[str, ...]:
    """The user's own files that are kept instead of ours."""
    return tuple(
        f"your own {change.path} is kept. --replace-files overwrites it with ours ({change.why})." for change in kept
    )


def of_project(project: Project, platform: Platform) -> Iterator[str]:
    """The state of the platform, and observations about the project."""
    if state := platforms.told(platform.id, "state"):
        how = "docs/deprecation.md in the repository of simple-deploy explains how to leave a platform."
        yield f"{platform.name} is {state}. {how}"
    yield from project.settings.notes
    yield from _trial_notes(project.tried, project.settings)
    if project.written_secrets:
        yield (
            f"these seem to be secrets in your code: {named(list(project.written_secrets))}. Everyone with access to "
            "the repository can read them. Change them, and read the new values from variables (--env NAME=VALUE)."
        )
    if project.admin_migrations:
        yield (
            f"{named(list(project.admin_migrations))} creates a user with all rights. If Git has the password, change "
            "it right after the first deployment: everyone with access to the repository knows it."
        )
    dependencies = project.dependencies
    if dependencies.others:
        used = dependencies.lock or dependencies.manifest
        yield f"production is installed from {used}. Not used: {named(list(dependencies.others))}."
    if better := dependencies.passed_over:
        yield (
            f"requirements.txt leads to {dependencies.lock or dependencies.manifest}, so production installs what is "
            f"for development, and not {better}. To change that, write -r {better} in requirements.txt, and run "
            "simple_deploy again."
        )
    if dependencies.listed:
        yield _listed(dependencies, renewed=project.files.get(dependencies.manifest) is not None)
    if dependencies.undeclared:
        yield _added(dependencies)
    if _DEPLOYER in dependencies.declared:
        yield f"{dependencies.manifest} lists {_DEPLOYER}, which production does not need. Remove that line."


def old_setuptools(added: Sequence[str], needed_by: str) -> Iterator[str]:
    """Why a requirement is added that has nothing to do with the site itself."""
    if OLD_SETUPTOOLS in added:
        yield (
            f"{OLD_SETUPTOOLS} is added: this version of {needed_by} imports pkg_resources or distutils, which an "
            "environment no longer has by itself. A newer version of it may do without."
        )


def weak_key(project: Project, given: Mapping[str, str | Secret]) -> Iterator[str]:
    """A SECRET_KEY that the user gives and others can guess (Django's check security.W009)."""
    values = {name: plain(value) for name, value in given.items() if name == "SECRET_KEY"}
    for name, reason in unsafe(values, project.settings.committed).items():
        yield (
            f"your value of {name} is set, but {reason}: who knows it can log in as anybody. "
            f"Without --env {name}=VALUE, a new app gets a generated one."
        )


def _listed(dependencies: Dependencies, *, renewed: bool) -> str:
    new, source = dependencies.manifest, dependencies.listed_in
    if renewed:
        return f"{source} has changed, so {new} gets its packages again."
    if source.endswith("setup.py"):
        return f"platforms do not look for {source}, so {new} is new: it installs that package."
    if source:
        pinned = all("==" in line for line in dependencies.listed)
        which = "their locked versions" if pinned else "the versions that it allows"
        return (
            f"platforms do not look for {source}, so {new} is new: it has its packages in {which}. When they change "
            "there, run simple_deploy again."
        )
    return (
        f"no file listed the packages that the project needs, so {new} is new: it has those that the code imports, in "
        "the versions installed here. Add what the site uses without importing it."
    )


def _added(dependencies: Dependencies) -> str:
    added, reasons = dependencies.undeclared.keys(), dependencies.undeclared.values()
    return (
        f"{named(list(added))}: no requirement in {dependencies.manifest} has this, and the site fails without it "
        f"({named(list(reasons))}), so it is added. If only development needs it, load it only there, for example "
        "where a variable turns DEBUG on."
    )


def _trial_notes(tried: Tried, settings: Settings) -> Iterator[str]:
    if tried.static_handler:
        yield (
            f"{settings.application} serves static files with Django's StaticFilesHandler, which is slow and meant for "
            "development, so their names get no hash. Without it, WhiteNoise serves them."
        )
    if compiled := [one for one in tried.compiled if one.partition("==")[0] not in _NEVER_WHEELS]:
        yield (
            f"{named(compiled)}: there is no wheel for production's Python, so the build has to compile "
            "it, which may fail. A newer version, or an older Python in .python-version, avoids that."
        )
    if tried.other_versions:
        yield (
            f"production installs other versions than you have here: {named(list(tried.other_versions))}. Try the "
            "site with these versions, or require yours."
        )
    if tried.own_sql and not is_postgresql(settings):
        yield (
            f"these migrations contain SQL of your own: {named(list(tried.own_sql))}. Where it is not valid on "
            "PostgreSQL, the release fails."
        )
    if (days := tried.hsts // _DAY) > _LONG:
        yield (
            f"your settings turn on HSTS for {days} days (SECURE_HSTS_SECONDS): browsers that have visited the site "
            "refuse it without HTTPS for that long, also after a mistake. A small value is safer until the site works "
            "well."
        )
    if tried.silent:
        yield (
            "your LOGGING sends errors of requests to no console, so the platform's log does not show why a page "
            'fails. Give the logger "django.request", or the root, a handler of the class logging.StreamHandler.'
        )
    if tried.copied_keys:
        yield (
            f"the SECRET_KEY in your code is also in {named(list(tried.copied_keys))}: whoever can read the code can "
            "forge what is signed with it. The settings block replaces only SECRET_KEY, so set this again, below "
            f"the block in {settings.path}."
        )
    if tried.untried:
        yield f"not tested here: {'; '.join(one.rstrip('.') for one in tried.untried)}."


def mixed(paths: list[str]) -> tuple[str, ...]:
    """Uncommitted changes that are committed together with the run's: Git commits whole files."""
    return (f"your uncommitted changes in {named(paths)} will be committed together with ours.",) if paths else ()


def forced(paths: list[str]) -> tuple[str, ...]:
    """Ignored files that are committed with force."""
    if not paths:
        return ()
    it, is_ = ("it", "is") if len(paths) == 1 else ("them", "are")
    they = it if len(paths) == 1 else "they"
    return (f"Git ignores {named(paths)}; the platform needs {it}, so {they} {is_} added with git add --force.",)


def apart(paths: list[str], platform: Platform) -> tuple[str, ...]:
    """The user's files for the platform that Git ignores, where the platform reads them in the folder."""
    if not paths:
        return ()
    return (f"Git ignores {named(paths)}; {platform.name} reads it in this folder, so it stays uncommitted.",)


def byproducts(project: Project, platform: Platform, edits: Sequence[FileEdit]) -> tuple[str, ...]:
    """Files that programs generate and that should not be in Git."""
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
    return (f"These files should not be in a repository: {named(list(paths))}; {said}. {hidden}",)


def exposed(project: Project, platform: Platform) -> tuple[str, ...]:
    """Files with secrets that Git tracks."""
    paths = project.git.exposed
    if not paths:
        return ()
    plain = shlex.join(path.rstrip("/") for path in paths[:5])
    it = "them" if len(paths) > 1 else "it"
    # An image is made without these files.
    sent = "" if platform.deploys_folder else ", and so does the platform"
    files = [path for path in paths if _VARIABLES.search(path)]
    given = shlex.join(word for path in files for word in ("--env-file", path))
    first = f" The site may need its values: give them to the next run first ({given})." if files else ""
    return (
        f"Git tracks {named(list(paths))}: everyone with access to the repository has {it}{sent}. Remove {it} from "
        f"Git (git rm -r --cached {plain}), add {it} to .gitignore, and change every secret and password in {it}."
        f"{first}",
    )


def kept(paths: list[str], platform: Platform) -> tuple[str, ...]:
    """What happens to the user's uncommitted changes."""
    if not paths:
        return ()
    if platform.deploys_folder:
        said = f"not committed, but deployed: {platform.name} builds the folder as it is"
    else:
        said = "neither committed nor deployed"
    return (f"Your uncommitted changes are {said}: {named(paths)}",)


def named(paths: Sequence[str]) -> str:
    """At most five of the names, in a sentence."""
    return ", ".join(shortened(list(paths), most=5)).replace(", and ", " and ")


def shortened(items: list[str], *, most: int) -> list[str]:
    """At most that many items, and how many more there are."""
    return [*items[:most], *([f"and {len(items) - most} more"] if len(items) > most else [])]
