"""What the user should know about a plan although it does not stop the run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence

from .. import platforms
from ..contract import Platform, Site, plain, unsafe
from ..model import OLD_SETUPTOOLS, Dependencies, FileChange, FileEdit, Project, Secret, Settings, Tried
from ..production.database import is_postgresql
from ..production.static_files import is_strict
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
    dependencies = project.dependencies
    if dependencies.others:
        used = dependencies.lock or dependencies.manifest
        yield f"production is installed from {used}. Not used: {_named(list(dependencies.others))}."
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


def printed_mail(site: Site) -> Iterator[str]:
    """Mail that the settings print, and the settings block sends (Django 6.1: MAILERS)."""
    known = site.remote.variables.union(site.options.variables)
    if site.project.settings.prints_mail and "EMAIL_HOST" not in known:
        yield (
            "the project only prints its mail to the console. To send mail in production, set EMAIL_HOST, EMAIL_PORT, "
            "EMAIL_HOST_USER and EMAIL_HOST_PASSWORD to an SMTP server; until then, sending mail fails."
        )


def old_setuptools(added: Sequence[str]) -> Iterator[str]:
    """Why a requirement is added that has nothing to do with the site itself."""
    if OLD_SETUPTOOLS in added:
        yield (
            f"{OLD_SETUPTOOLS} is added: a package in production imports pkg_resources or distutils, which an "
            "environment no longer has by itself. A newer version of that package may do without."
        )


def unserved_uploads(site: Site, platform: Platform) -> Iterator[str]:
    """Uploads, and files in Git among them, that the site has in development only."""
    project, folder = site.project, site.project.uploads
    if folder and not project.media and not platform.read_only(site):
        yield (
            f"{folder} (MEDIA_ROOT) is not below the project, so the site may not be allowed to write there, and an "
            "upload fails then."
        )
    if not folder or not project.serves_uploads or platform.serves_folders(site):
        return
    why = "in development only: Django's static() does nothing without DEBUG, so visitors do not get them"
    if project.git.tracks_uploads:
        yield (
            f"your URLs serve uploads, and the files that Git has in {project.media} (MEDIA_ROOT), {why}. Move what "
            "belongs to the code to the static files, and store uploads in a bucket."
        )
    else:
        yield f"your URLs serve uploads {why}. From a bucket, they do."


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
        f"{_named(list(added))}: no requirement in {dependencies.manifest} has this, and the site fails without it "
        f"({_named(list(reasons))}), so it is added. If only development needs it, load it only there, for example "
        "where a variable turns DEBUG on."
    )


def _trial_notes(tried: Tried, settings: Settings) -> Iterator[str]:
    storage = settings.staticfiles_backend
    if tried.missing_static:
        said = (
            f"Your storage ({storage}) raises an error for such a name, so these pages, or the build, fail"
            if is_strict(settings)
            else "Visitors do not get what is missing; every other file is served"
        )
        names = _named(list(tried.missing_static))
        yield f"these refer to static files that production does not have, or cannot read: {names}. {said}."
    if tried.static_handler:
        yield (
            f"{settings.application} serves static files with Django's StaticFilesHandler, which is slow and meant for "
            "development, so their names get no hash. Without it, WhiteNoise serves them."
        )
    if compiled := [one for one in tried.compiled if one.partition("==")[0] not in _NEVER_WHEELS]:
        yield (
            f"{_named(compiled)}: there is no wheel for production's Python, so the build has to compile "
            "it, which may fail. A newer version, or an older Python in .python-version, avoids that."
        )
    if tried.other_versions:
        yield (
            f"production installs other versions than you have here: {_named(list(tried.other_versions))}. Try the "
            "site with these versions, or require yours."
        )
    if tried.own_sql and not is_postgresql(settings):
        yield (
            f"these migrations contain SQL of your own: {_named(list(tried.own_sql))}. Where it is not valid on "
            "PostgreSQL, the release fails."
        )
    if tried.unmigrated:
        yield (
            f"models of {_named(list(tried.unmigrated))} differ from what the migrations in Git make, so the "
            "tables in production would not fit them. Run manage.py makemigrations and commit the result."
        )
    if tried.unmanaged:
        yield (
            f"no migration makes the tables of {_named(list(tried.unmanaged))} (managed = False). Create them in the "
            "database of production, for example with your own SQL, or the pages that use them fail."
        )
    if tried.out_of_reach:
        yield (
            f"production cannot reach these addresses, so what uses them fails there: {'; '.join(tried.out_of_reach)}."
        )
    if tried.unsent and not settings.prints_mail:
        yield f"{tried.unsent}."
    yield from (f"{one}." for one in tried.short_lived)
    if tried.file_values:
        yield (
            f"the settings find no value of {_named(list(tried.file_values))} in production: they look in a file that "
            'Git does not have, and in no variable. {**dotenv_values(".env"), **os.environ} has both.'
        )
    if tried.local_addresses:
        yield (
            "these settings have an address of your computer, or a made-up one, so what uses it fails in production: "
            f"{_named(list(tried.local_addresses))}."
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
    if tried.cache_of_a_process:
        yield (
            "your code stores values in Django's cache, and each process has one for itself (LocMemCache): what one "
            "has stored, another does not find. DatabaseCache is one for all, and needs no other service."
        )
    if tried.sockets:
        yield (
            f"browsers open no WebSocket at ws:// from a page that has https: {_named(list(tried.sockets))}. Use "
            "wss:// there, or let location.protocol decide."
        )
    if tried.copied_keys:
        yield (
            f"the SECRET_KEY in your code is also in {_named(list(tried.copied_keys))}: whoever can read the code can "
            "forge what is signed with it. The settings block replaces only SECRET_KEY, so set this again, below "
            f"the block in {settings.path}."
        )
    if tried.home_page:
        yield f"{tried.home_page}. This does not stop the deployment."
    if tried.untried:
        yield f"not tested here: {'; '.join(one.rstrip('.') for one in tried.untried)}."


def mixed(paths: list[str]) -> tuple[str, ...]:
    """Uncommitted changes that are committed together with the run's: Git commits whole files."""
    return (f"your uncommitted changes in {_named(paths)} will be committed together with ours.",) if paths else ()


def forced(paths: list[str]) -> tuple[str, ...]:
    """Ignored files that are committed with force."""
    if not paths:
        return ()
    it, is_ = ("it", "is") if len(paths) == 1 else ("them", "are")
    they = it if len(paths) == 1 else "they"
    return (f"Git ignores {_named(paths)}; the platform needs {it}, so {they} {is_} added with git add --force.",)


def apart(paths: list[str], platform: Platform) -> tuple[str, ...]:
    """The user's files for the platform that Git ignores, where the platform reads them in the folder."""
    if not paths:
        return ()
    return (f"Git ignores {_named(paths)}; {platform.name} reads it in this folder, so it stays uncommitted.",)


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
    return (f"These files should not be in a repository: {_named(list(paths))}; {said}. {hidden}",)


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
        f"Git tracks {_named(list(paths))}: everyone with access to the repository has {it}{sent}. Remove {it} from "
        f"Git (git rm -r --cached {plain}), add {it} to .gitignore, and change every secret in {it}.{first}",
    )


def kept(paths: list[str], platform: Platform) -> tuple[str, ...]:
    """What happens to the user's uncommitted changes."""
    if not paths:
        return ()
    if platform.deploys_folder:
        said = f"not committed, but deployed: {platform.name} builds the folder as it is"
    else:
        said = "neither committed nor deployed"
    return (f"Your uncommitted changes are {said}: {_named(paths)}",)


def _named(paths: list[str]) -> str:
    return ", ".join(shortened(paths, most=5)).replace(", and ", " and ")


def shortened(items: list[str], *, most: int) -> list[str]:
    """At most that many items, and how many more there are."""
    return [*items[:most], *([f"and {len(items) - most} more"] if len(items) > most else [])]
