"""What a project needs for Heroku: its files, its requirements, and what stands in the way."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from ..contract import (
    BUILD_ONLY_KEY,
    Claim,
    FileEdit,
    Options,
    Problem,
    Project,
    Remote,
    facts,
    left_everywhere,
    native,
    newer_python,
    python_version,
    serves_static,
    slug,
)

_FACTS = facts(Path(__file__).parent)
# Python versions that the buildpack installs.
_PYTHONS = _FACTS["Python versions"]
# Regions of the Common Runtime; the others need a Private Space.
REGIONS = _FACTS["regions"].value
_MARK = b"\xef\xbb\xbf"
# Any of these tells the buildpack which package manager to use.
_MANAGERS = ("Pipfile.lock", "requirements.txt", "poetry.lock", "uv.lock")
# What the buildpack refuses as a misspelt .python-version (heroku-buildpack-python, pull request 1970).
MISSPELT = ("python-version", ".python_version", ".python.version", ".python-version.txt")
_NAME = re.compile(r"[a-z](?:[a-z0-9-]{1,28})[a-z0-9]")
_TYPE = re.compile(r"^\s*([A-Za-z0-9_-]+)\s*:", re.MULTILINE)
_TEMPLATES = Path(__file__).with_name("templates")


def file_edits(project: Project, options: Options, remote: Remote) -> tuple[FileEdit, ...]:
    """The Procfile and, unless the project says it already, the Python version."""
    procfile = FileEdit(
        path="Procfile",
        edit=lambda text: with_processes(text, _procfile(project)),
        why="how Heroku starts the site and migrates the database before each release",
    )
    wanted = python_version.wanted(project, options)
    python = FileEdit(
        path=".python-version",
        edit=lambda text: text if text is not None else f"{wanted}\n",
        why=f"the Python version in production, as in {wanted.where}",
    )
    return (
        procfile,
        *(() if project.files.get("runtime.txt") is not None else (python,)),
        *(_kept(path, text) for path, text in project.dependencies.buildpack_files.items()),
    )


def _kept(path: str, text: str) -> FileEdit:
    return FileEdit(
        path=path,
        edit=lambda present: text if present is None else present,
        why="Heroku finds the project's packages through this file",
    )


def with_processes(text: str | None, wanted: str) -> str:
    """A Procfile that has every process type of `wanted`; a type that is there already stays as it is."""
    if text is None:
        return wanted
    present = set(_TYPE.findall(text))
    lines = (line for line in wanted.splitlines() if line.partition(":")[0] not in present)
    added = "".join(f"{line}\n" for line in lines)
    return f"{text}\n{added}" if added and text and not text.endswith("\n") else text + added


def _procfile(project: Project) -> str:
    nested = shlex.quote(project.manage_dir)
    template = (_TEMPLATES / "Procfile").read_text(encoding="utf-8")
    return template.format(
        manage_py=shlex.quote(project.manage_py),
        chdir=f"--chdir {nested} " if project.nested else "",
        wsgi=project.settings.wsgi,
    )


def environment(project: Project, options: Options, remote: Remote) -> Mapping[str, str]:
    """The variables of a web dyno (Dev Center: "Dyno Metadata", "Dynos"), and what the steps set."""
    return {
        "DATABASE_URL": "postgres://user:password@localhost:5432/site",
        "DYNO": "web.1",
        "HEROKU_APP_DEFAULT_DOMAIN_NAME": "site-0123456789ab.herokuapp.com",
        "HEROKU_APP_ID": "01234567-89ab-cdef-0123-456789abcdef",
        "HEROKU_APP_NAME": "site",
        "HEROKU_RELEASE_CREATED_AT": "2006-01-02T03:04:05Z",
        "HEROKU_RELEASE_VERSION": "v1",
        "HEROKU_SLUG_COMMIT": "0123456789abcdef0123456789abcdef01234567",
        "HEROKU_SLUG_DESCRIPTION": "Deploy",
        "ON_HEROKU": "1",
        "PORT": "8000",
        "SECRET_KEY": BUILD_ONLY_KEY,
    }


def claims(project: Project) -> tuple[Claim, ...]:
    """The apps that Git remotes point to: Heroku's CLI makes such a remote for each app."""
    found = ((remote, app_of(url)) for remote, url in project.git.remotes.items())
    return tuple(
        Claim(app=app, said_by=f"the Git remote {remote}", forget=f"git remote remove {remote}")
        for remote, app in found
        if app
    )


def app_name(project: Project, account: str | None) -> str:
    """The name of a new app: the same in every run for the account."""
    return slug(project.name, f"{project.git.first_commit} {account or ''}", longest=30)


def app_of(url: str) -> str | None:
    """The app that a Git remote's address names (https://git.heroku.com/NAME.git, or its ssh forms)."""
    match = re.fullmatch(r"(?:https://(?:[^/@]*@)?git\.|ssh://git@|git@)heroku\.com[/:](.+?)(?:\.git)?/?", url)
    return match[1] if match else None


def remote_of(project: Project, app: str) -> str | None:
    """The Git remote that points to the app."""
    return next((remote for remote, url in project.git.remotes.items() if app_of(url) == app), None)


def check(project: Project, options: Options, remote: Remote) -> tuple[Problem, ...]:
    """What would make the build or the creation fail, seen from here."""
    return (
        *_check_names(project, options),
        *_check_spelling(project),
        *_check_python(project, options),
        *_check_depth(project),
        *_check_managers(project),
        *_check_environment(project),
    )


def _check_names(project: Project, options: Options) -> Iterator[Problem]:
    name = options.app_name
    if name and not _NAME.fullmatch(name):
        yield Problem(
            code="heroku-name",
            found=f'"{name}" is not a valid app name on Heroku.',
            remedy="Use 3 to 30 lowercase letters, digits and hyphens, starting with a letter and not ending with a "
            "hyphen.",
        )
    if options.region and options.region not in REGIONS:
        yield Problem(
            code="heroku-region",
            found=f'Heroku has no region "{options.region}" outside Private Spaces.',
            remedy=f"Choose one of: {', '.join(f'--region {region}' for region in REGIONS)}",
            see="https://devcenter.heroku.com/articles/regions",
        )


def _check_spelling(project: Project) -> Iterator[Problem]:
    for name in MISSPELT:
        if project.files.get(name) is not None:
            yield Problem(
                code="heroku-python-version-name",
                found=f"Heroku treats {name} as a misspelled .python-version and refuses to build your project.",
                remedy=f"Rename it or remove it, and commit: git mv {name} .python-version, or git rm {name}",
                see="https://devcenter.heroku.com/articles/python-support",
            )


def _check_python(project: Project, options: Options) -> Iterator[Problem]:
    if project.files.get("runtime.txt") is not None and project.dependencies.needs_python_version_file:
        yield Problem(
            code="heroku-runtime-txt",
            found=f"With {project.dependencies.manifest}, Heroku reads the Python version only from .python-version, "
            "and rejects runtime.txt.",
            remedy="Move the version, for example 3.13, to .python-version, git rm runtime.txt, and commit.",
            see="https://devcenter.heroku.com/articles/python-support",
        )
    if reason := _unreadable(project, options):
        yield Problem(
            code="heroku-python",
            found=f"Heroku cannot install the requested Python version: {reason}.",
            remedy="Set a supported version in .python-version, for example 3.13, and commit it.",
            see="https://devcenter.heroku.com/articles/python-support",
        )


def _unreadable(project: Project, options: Options) -> str:
    """Why Heroku would not install the Python of the project; "" if it would."""
    wanted = python_version.wanted(project, options)
    raw = project.files.get(".python-version")
    if raw is not None:
        text = python_version.said(raw)
        if raw.startswith(_MARK):
            return ".python-version begins with a byte order mark; save it as UTF-8 without one"
        if not re.fullmatch(r"\d+\.\d+(\.\d+)?", text):
            return f'.python-version says "{text}"'
    known = str(wanted) in _PYTHONS.value or _PYTHONS.lacks_newer(str(wanted))
    return "" if known else f"{wanted.where} says {wanted}"


def _check_depth(project: Project) -> Iterator[Problem]:
    # The buildpack looks for manage.py in the Git root and two folders deep (heroku-buildpack-python v351).
    if serves_static(project.settings) and len(PurePosixPath(project.manage_dir).parts) > 2:
        yield Problem(
            code="heroku-depth",
            found=f"{project.manage_py} is nested too deeply: Heroku would not find it, so your site would have no "
            "static files.",
            remedy="Move the project so that manage.py is at most two folders below the Git root.",
            see="https://devcenter.heroku.com/articles/django-assets",
        )


def _check_environment(project: Project) -> Iterator[Problem]:
    # heroku-buildpack-python v351: "Existing 'venv/' directory found."
    if found := [path for path in project.git.exposed if path in ("venv/", ".venv/")]:
        yield Problem(
            code="heroku-environment",
            found=f"Git tracks the virtual environment {found[0]}, and Heroku rejects such a project.",
            remedy=f"Remove it: git rm -r --cached {found[0]}, add {found[0]} to .gitignore, and commit.",
            see="https://devcenter.heroku.com/articles/python-support",
        )


def _check_managers(project: Project) -> Iterator[Problem]:
    # heroku-buildpack-python v351: "Multiple Python package manager files were found".
    present = [file for file in _MANAGERS if project.files.get(file) is not None]
    used = {project.dependencies.lock or project.dependencies.manifest, *project.dependencies.buildpack_files}
    if unused := [file for file in present if file not in used]:
        yield Problem(
            code="heroku-package-managers",
            found=f"Heroku rejects projects with files of several package managers: {', '.join(present)}.",
            remedy=f"Production is installed from {project.dependencies.lock or project.dependencies.manifest}, so "
            f"remove the others: git rm {' '.join(unused)}, and commit. To use another package manager: "
            "--package-manager NAME",
            see="https://devcenter.heroku.com/articles/python-support",
        )


def notes(project: Project, options: Options, remote: Remote) -> tuple[str, ...]:
    """What the user should know although it does not stop the run."""
    return tuple(_notes(project, options))


def _notes(project: Project, options: Options) -> Iterator[str]:
    present = _processes(project.files.get("Procfile"))
    for name, command in _processes(_procfile(project).encode()).items():
        if present.get(name, command) != command:
            yield f'your own "{name}" line in Procfile is kept; ours would be: {command}'
    if project.files.get("runtime.txt") is not None:
        yield "runtime.txt is deprecated on Heroku; use .python-version instead."
    wanted = str(python_version.wanted(project, options))
    if _PYTHONS.lacks_newer(wanted):
        yield newer_python(_PYTHONS, "Heroku", wanted)
    needs = native(project)
    # Heroku's stacks have a compiler and PostgreSQL's client library (Dev Center, "Ubuntu Packages on Heroku Stacks").
    if lacking := [name for name in needs.all if name not in ("libpq-dev", "libpq5")]:
        yield (
            f"{', '.join(needs.why)} may need system packages that Heroku does not have: {', '.join(lacking)}. If "
            "they are missing during the build or at run time, list them in an Aptfile, one per line, and run: "
            "heroku buildpacks:add --index 1 heroku-community/apt"
        )
    if project.settings.media_root:
        yield (
            "the project accepts uploads (MEDIA_ROOT), but a dyno's disk is reset at least once a day. "
            "Store uploads in a bucket: https://devcenter.heroku.com/articles/s3"
        )


def not_done(project: Project, remote: Remote) -> tuple[str, ...]:
    """What this project may still want on Heroku and no step does."""
    return tuple(_not_done(project, remote))


def _not_done(project: Project, remote: Remote) -> Iterator[str]:
    yield from left_everywhere(
        project, remote, own_hosts=r"\.?herokuapp\.com|.*\.herokuapp\.com", answers="answers at Heroku's address"
    )
    yield "No backups of the database are scheduled."


def _processes(procfile: bytes | None) -> dict[str, str]:
    """Process type → command."""
    lines = (procfile or b"").decode("utf-8", "replace").splitlines()
    pairs = (line.partition(":") for line in lines if _TYPE.match(line))
    return {name.strip(): command.strip() for name, _, command in pairs}
