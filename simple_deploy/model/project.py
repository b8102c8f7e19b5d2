"""The user's code, as it was found on disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from .changes import FileEdit
from .words import Secret


@dataclass(frozen=True, kw_only=True)
class GitEntry:
    """One line of `git status`: a path relative to the Git root, and what is the matter with it in a word.

    `committed` is the id of what HEAD has of it, as far as that is told.
    """

    path: str
    state: Literal["added", "modified", "deleted", "renamed", "conflict", "untracked"]
    committed: str = ""


@dataclass(frozen=True, kw_only=True)
class Git:
    """The repository as it was found. `head` and `first_commit` are None in a repository without a commit.

    `byproducts` are untracked files that Python and Django write when the project runs, environments and files of
    secrets: for no repository, so they are not among the `entries`; `exposed` are such files that Git tracks. A folder
    ends with a slash, and stands for what is in it. The history of a `shallow` clone ends early, so `first_commit` is
    not that of the whole repository. `ignored` are files that production needs and Git ignores.
    """

    head: str | None
    branch: str | None
    entries: tuple[GitEntry, ...] = ()
    byproducts: tuple[str, ...] = ()
    exposed: tuple[str, ...] = ()
    remotes: Mapping[str, str] = field(default_factory=dict)
    first_commit: str | None = None
    shallow: bool = False
    ignored: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Claim:
    """An app that a deployment recorded as this project's: in a file, in a Git remote, or in the receipt.

    `app` is its name, `id` what the platform itself calls it and never gives to another app; "" where the source
    has only the other. `said_by` names the source for people. A `committed` source is in every clone; it was
    written for the clones of `repository` ("": for one without a Git remote origin). `account` is the one that
    deployed. `forget` is the command that removes the source.
    """

    app: str
    said_by: str
    id: str = ""
    account: str = ""
    committed: bool = False
    repository: str = ""
    forget: str = ""


VariableKind = Literal["text", "integer", "boolean", "database", "cache", "mail", "json", "address"]


@dataclass(frozen=True, kw_only=True)
class Variable:
    """An environment variable that the settings read, as their source shows it.

    `place` is the file with the line. `needed` tells whether the settings can be loaded without it: "perhaps" where it
    is read under a condition and has no default. `setting` is the only setting that its value goes to ("": there are
    several, or none), `kind` how the value is read.
    """

    name: str
    place: str
    needed: Literal["yes", "perhaps", "no"]
    setting: str = ""
    kind: VariableKind = "text"


# Names of static files: with a hash; with a hash, and references to missing files are tolerated; without one.
StaticNames = Literal["hashed", "tolerant", "plain"]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Settings:
    """The settings that production uses, as loaded values (not as text).

    `path` and `depth` tell where the module's file is: relative to the Git root, and how many folders
    below the folder of manage.py. `static_root` is None if none is set that a build could use. `wsgi` is what a web
    server starts ("blog.wsgi", "blog.wsgi:app"), `asgi` what an ASGI server starts, where the site needs one.
    `prints_mail` tells whether MAILERS (Django 6.1) names a backend that never sends anything.
    `selected` tells whether manage.py and the WSGI script use this module when nothing else names one; `notes` say
    why production uses it, where that may surprise. `static_names` tells which names static files get, `compresses`
    whether the build combines some with django-compressor. `log_files` are
    the files below the Git root that logging writes, `sqlite_files` the SQLite databases there that production's or
    manage.py's settings name. `secrets` are the values that have a telling name.
    """

    module: str
    selected: bool
    path: str
    depth: int
    installed_apps: tuple[str, ...]
    middleware: tuple[str, ...]
    allowed_hosts: tuple[str, ...]
    static_root: str | None
    static_url: str | None
    staticfiles_dirs: tuple[str, ...]
    staticfiles_backend: str
    database_engine: str
    prints_mail: bool
    media_root: str
    wsgi: str | None
    django_version: tuple[int, int]
    sqlite_files: tuple[str, ...] = ()
    log_files: tuple[str, ...] = ()
    secrets: tuple[Secret, ...] = ()
    notes: tuple[str, ...] = ()
    static_names: StaticNames = "hashed"
    compresses: bool = False
    asgi: str | None = None

    @property
    def application(self) -> str:
        """What the web server of production starts."""
        return self.asgi or self.wsgi or ""


@dataclass(frozen=True, kw_only=True)
class Dependencies:
    """How the project declares what it needs, and what platforms may know of that.

    `manifest` and `lock` (None: there is no such thing) are relative to the Git root; `declared` are PEP 503
    names that production installs; `closed` is the reason why nothing can be added to the manifest ("": it can);
    `not_for_production` are names that it has for other places only, where no second entry is possible.
    For platforms: `files` is what an installation needs of the project (".": all of it). `install` are the commands
    that install it into a fresh virtual environment at `.venv`, with `install_env` in their environment, where the
    package manager itself is on PATH; `tool` is what brings it there (PEP 508). `requirement` is the line of a
    requirements.txt at the Git root that would install the same ("": it is there, or no requirements file is used).
    `python` says which versions of Python the project itself allows (PEP 440; "": it does not say). `versions` holds
    the specifiers of those packages of which something is known, `extras` those that packages are declared with
    (psycopg: binary), and `pinned` tells whether the manifest pins every package to one version. `others` are files of
    package managers that production does not use. `lacks_django` tells that nothing declared brings Django,
    `unpackaged` that the project has no package that its package manager could install, and does not say so.
    """

    package_manager: str
    manifest: str
    declared: frozenset[str]
    files: tuple[str, ...]
    install: tuple[tuple[str, ...], ...]
    install_env: Mapping[str, str] = field(default_factory=dict)
    tool: tuple[str, ...] = ()
    lock: str | None = None
    closed: str = ""
    not_for_production: frozenset[str] = frozenset()
    requirement: str = ""
    python: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    extras: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pinned: bool = False
    others: tuple[str, ...] = ()
    lacks_django: bool = False
    unpackaged: bool = False


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Pinning:
    """How packages are added to a lock by a manager that would upgrade the others.

    `renew` sees the manifest with `pins` only: everything that is locked, at its version. `merge` makes the lock
    out of the one that was written then, and `finish` lets the manager fit it to the manifest as it is.
    """

    pins: FileEdit
    merge: Callable[[bytes], bytes]
    finish: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Locking:
    """How a lock file is checked against its manifest, and renewed with the smallest change.

    `program` is the manager's command; `check` ends with status 1 if the lock is out of date with the manifest;
    `renew` writes the lock again, upgrading nothing that is locked. `fresh` answers the question of `check` without
    starting a program where it can: None sends it on. Both commands run in `folder`, below the Git root, with
    `env` added to their environment. `pinning` is for a manager that cannot add without upgrading"""

    program: str
    install: str
    renew: tuple[str, ...]
    check: tuple[str, ...] = ()
    fresh: bool | None = None
    folder: str = "."
    env: Mapping[str, str] = field(default_factory=dict)
    pinning: Pinning | None = None


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Ignored:
    """What Git ignores in the folder, for a platform that builds the folder and not the commit.

    `rules` are the text of each `.gitignore` with its folder ("": the Git root), the deepest last. `files` are all
    ignored files; in `entries`, a folder that is ignored as a whole stands for them, with a slash at its end.
    """

    rules: tuple[tuple[str, str], ...] = ()
    tracked: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Tried:
    """What a trial of the site has shown. `tried` are the parts that passed, `untried` says what could not be tried.

    `missing_static` are references to static files that do not exist, each with its place; `static_names` are the names
    with which the files can be collected and served, and `compresses` tells whether templates combine some of them with
    django-compressor. `variables` are those that the settings asked for, with
    the place; `unmigrated` are apps of the project whose models no migration in Git makes. `compiled` are
    packages (NAME==VERSION) that have wheels, but none for production's Python.
    """

    tried: tuple[str, ...] = ()
    untried: tuple[str, ...] = ()
    missing_static: tuple[str, ...] = ()
    static_names: StaticNames = "plain"
    compresses: bool = False
    compiled: tuple[str, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()
    unmigrated: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FrontEnd:
    """A folder (relative to the Git root) with a package.json, and the commands that npm or its like runs in it.

    `script` is the build script ("": there is none, Django serves the packages themselves), `node` the major version of
    Node.js. `served` tells whether Django serves what is built; then production builds it. Of a build, `keeps_modules`
    keeps node_modules because static files are in it.
    """

    folder: str
    script: str
    served: bool
    install: tuple[str, ...]
    build: tuple[str, ...] = ()
    node: str = ""
    keeps_modules: bool = False

    @property
    def commands(self) -> tuple[tuple[str, ...], ...]:
        """What is run in its folder."""
        built = (self.install, self.build) if self.build else (self.install,)
        return built if self.keeps_modules else (*built, ("rm", "-rf", "node_modules"))

    @property
    def package(self) -> str:
        """Its package.json."""
        return "package.json" if self.folder == "." else f"{self.folder}/package.json"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Project:
    """The user's code, as found on disk. `root` is the Git root and the origin of every path.

    `manage_dir` is "." or the folder of manage.py below the root; `files` holds the bytes of those files
    that someone may want to edit, None where there is no such file. `links` has, for each of them that is reached
    through a link, the path of the real file. `claim` is the app that is this project's already (None: no app is).
    """

    root: Path
    manage_dir: str
    git: Git
    settings: Settings
    dependencies: Dependencies
    files: Mapping[str, bytes | None]
    links: Mapping[str, str] = field(default_factory=dict)
    claim: Claim | None = None
    ignored: Ignored = field(default_factory=Ignored)
    variables: tuple[Variable, ...] = ()
    tried: Tried = field(default_factory=Tried)
    front_ends: tuple[FrontEnd, ...] = ()

    def real(self, path: str) -> str:
        """The path of the file that `path` names, with links followed: what is written and committed."""
        return self.links.get(path, path)

    @property
    def name(self) -> str:
        """The name people use for the project: that of its Git root folder."""
        return self.root.name

    @property
    def nested(self) -> bool:
        """Whether manage.py is below the Git root."""
        return self.manage_dir != "."

    @property
    def manage_py(self) -> str:
        """manage.py as seen from the Git root."""
        return f"{self.manage_dir}/manage.py" if self.nested else "manage.py"

    @property
    def code_dir(self) -> str:
        """The folder that has to be on `sys.path`: that of manage.py, or "src" for src/blog/settings.py."""
        inner = self.settings.module.replace(".", "/")
        outer = self.settings.path.removesuffix(".py").removesuffix("/__init__")
        if not f"/{outer}".endswith(f"/{inner}"):
            return self.manage_dir
        return outer.removesuffix(inner).rstrip("/") or "."
