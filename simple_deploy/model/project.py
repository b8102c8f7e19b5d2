"""The user's code, as found on disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from .changes import FileEdit
from .problem import Problem
from .words import Secret

# In place of names of packages: all of them.
EVERY = ":all:"


@dataclass(frozen=True, kw_only=True)
class GitEntry:
    """One line of `git status`: a path relative to the Git root, and its state in a word.

    `committed` is the ID of its content in HEAD, where Git reports it.
    """

    path: str
    state: Literal["added", "modified", "deleted", "renamed", "conflict", "untracked"]
    committed: str = ""


@dataclass(frozen=True, kw_only=True)
class Git:
    """The state of the repository. `head` and `first_commit` are None in a repository without a commit.

    `byproducts` are untracked files that do not belong in a repository: what Python and Django write when the project
    runs, environments and files with secrets. They are not among the `entries`; `exposed` are such files that Git
    tracks. A folder ends with a slash and stands for its contents. `uncompiled` are Django's translations (.po) whose
    compiled form (.mo) Git does not track. The history of a `shallow` clone is cut off, so its `first_commit` is not
    that of the whole repository. `ignored` are files that production needs and Git ignores, `not_executable` those that
    files of a platform start as commands and Git does not have as executable.
    """

    head: str | None
    branch: str | None
    entries: tuple[GitEntry, ...] = ()
    byproducts: tuple[str, ...] = ()
    exposed: tuple[str, ...] = ()
    uncompiled: tuple[str, ...] = ()
    remotes: Mapping[str, str] = field(default_factory=dict)
    first_commit: str | None = None
    shallow: bool = False
    ignored: frozenset[str] = frozenset()
    not_executable: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Claim:
    """An app that a deployment recorded as belonging to this project: in a file, in a Git remote, or in the receipt.

    `app` is its name, `id` the platform's own ID, which it never reuses; "" where the source has only the other one.
    `said_by` describes the source to people. A `committed` source is in every clone; it was written for the clones of
    `repository` ("": for one without a Git remote origin). `account` is the one that deployed. `forget` is the command
    that removes the source.
    """

    app: str
    said_by: str
    id: str = ""
    account: str = ""
    committed: bool = False
    repository: str = ""
    forget: str = ""


VariableKind = Literal[
    "text", "integer", "boolean", "database", "cache", "mail", "json", "address", "engine", "engine name"
]


@dataclass(frozen=True, kw_only=True)
class Variable:
    """An environment variable that the settings read, according to their source.

    `place` is the file with the line. `needed` is whether the settings cannot be loaded without it: "perhaps" where it
    is read under a condition and has no default. `setting` is the only setting that uses its value ("": several, or
    none), `kind` how the value is parsed. `unreachable` is the address in its default, where production needs
    another one. `in_build` is whether a build may need it too.
    """

    name: str
    place: str
    needed: Literal["yes", "perhaps", "no"]
    setting: str = ""
    kind: VariableKind = "text"
    unreachable: str = ""
    in_build: bool = True


# Names of static files: with a hash; with a hash but tolerating references to missing files; without a hash.
StaticNames = Literal["hashed", "tolerant", "plain"]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Settings:
    """The settings that production uses, as loaded values (not as text).

    `path` and `depth` say where the module's file is: relative to the Git root, and how many folders below the folder
    of manage.py. `static_root` is None if none is set that a build could use. `wsgi` is what a web server starts
    ("blog.wsgi", "blog.wsgi:app"), `asgi` what an ASGI server starts, where the site needs one. `prints_mail` is
    whether MAILERS (Django 6.1) names a backend that never sends anything. `selected` is whether manage.py and the WSGI
    script use this module by default; `environment` is the variable with which they choose these settings, if any;
    `notes` explain why production uses them, where that may be surprising; `passed_over` are the problems with settings
    that would come first.
    `static_names` is how static files are named, `compresses` whether the build combines some with django-compressor.
    `configuration` is the class that has the settings, with django-configurations, where nothing counts as selected.
    `database_vendor` is the `vendor` of an engine that is not Django's own ("": it is, or it cannot be imported here),
    `named_engines` are those in its code of servers other than PostgreSQL, `atomic_requests` is whether each request is
    one transaction of the default database.
    `file_caches` is whether a cache writes below the Git root.
    `log_files` are the files that logging writes, relative to the Git root if they are below it, `sqlite_files` the
    SQLite databases below it that the settings of production or manage.py name. `secrets` are the values of settings
    whose name indicates a secret, `committed` those of them that stand in the code.
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
    file_caches: bool = False
    secrets: tuple[Secret, ...] = ()
    committed: tuple[Secret, ...] = ()
    notes: tuple[str, ...] = ()
    passed_over: tuple[Problem, ...] = ()
    static_names: StaticNames = "hashed"
    compresses: bool = False
    asgi: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    configuration: str = ""
    database_vendor: str = ""
    named_engines: tuple[str, ...] = ()
    atomic_requests: bool = False

    @property
    def application(self) -> str:
        """What the web server of production starts."""
        return self.asgi or self.wsgi or ""


@dataclass(frozen=True, kw_only=True)
class Dependencies:
    """How the project declares its requirements, and the facts about them that platforms may use.

    `manifest` and `lock` (None: there is no such thing) are relative to the Git root; `declared` are PEP 503 names that
    production installs, `table` is the part of the manifest with them ("": all of it); `closed` is why nothing can be
    added to the manifest ("": it can); `not_for_production` are names that it declares for other environments only,
    where no second entry is possible. For platforms: `files` are the project's files that an installation needs (".":
    all of them). `install` are the commands that install it into a fresh virtual environment at `.venv`, with
    `install_env` in their environment, where the package manager itself is on PATH; `tool` installs it (PEP 508).
    `requirement` is the line of a requirements.txt at the Git root that would install the same ("": it exists, or no
    requirements file is used). `python` is which versions of Python the project itself allows (PEP 440; "": any).
    `versions` holds the known specifiers of packages, `from_source` the names of those whose wheels the project rejects
    (or EVERY), `extras` their declared extras (psycopg: binary), and `pinned` is whether the manifest pins every
    package to one version. `others` are files of package managers that production does not use. `lacks_django` is
    whether no declared package brings Django, `pkg_resources` whether the web server or a declared package imports that
    module of older versions of setuptools, `unpackaged` whether the project has no package that its package manager
    could install, and does not declare that. `listed` are the requirements that a new
    requirements.txt begins with, because no platform finds them: those of `listed_in`, or ("") what the code imports.
    """

    package_manager: str
    manifest: str
    declared: frozenset[str]
    files: tuple[str, ...]
    install: tuple[tuple[str, ...], ...]
    install_env: Mapping[str, str] = field(default_factory=dict)
    tool: tuple[str, ...] = ()
    lock: str | None = None
    table: str = ""
    closed: str = ""
    not_for_production: frozenset[str] = frozenset()
    requirement: str = ""
    python: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    from_source: frozenset[str] = frozenset()
    extras: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pinned: bool = False
    others: tuple[str, ...] = ()
    lacks_django: bool = False
    pkg_resources: bool = False
    unpackaged: bool = False
    listed: tuple[str, ...] = ()
    listed_in: str = ""


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Pinning:
    """How packages are added to a lock by a manager that would upgrade the others.

    `renew` runs on a manifest with `pins` only: everything that is locked, at its version. `merge` creates the lock
    from the result, and `finish` has the manager adjust it to the actual manifest.
    """

    pins: FileEdit
    merge: Callable[[bytes], bytes]
    finish: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Locking:
    """How a lock file is checked against its manifest, and renewed with the smallest change.

    `program` is the manager's command; `check` exits with status 1 if the lock is out of date with the manifest;
    `renew` writes the lock again, upgrading nothing that is locked. `fresh` does the same check without starting a
    program where it can; None means that it cannot tell. Both commands run in `folder`, below the Git root, with `env`
    added to their environment. `pinning` is for a manager that cannot add without upgrading.
    """

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
    ignored files; in `entries`, a folder that is ignored as a whole stands for its files and ends with a slash.
    """

    rules: tuple[tuple[str, str], ...] = ()
    tracked: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Tried:
    """The results of a trial of the site. `tried` are the parts that passed, `untried` the reasons why others were not
    tried.

    `missing_static` are references to static files that do not exist, each with its place; `static_names` is how the
    files can be named when they are collected and served, and `compresses` whether templates combine some of them with
    django-compressor. `variables` are those that production lacks: the settings asked for them, or their default is an
    address that it cannot reach. `out_of_reach` are other services at such addresses, each with its place. `unmigrated`
    are apps of the project with models that are missing from the migrations in Git, `own_sql` its migrations with SQL.
    `compiled` are packages (NAME==VERSION) that have wheels, but none for production's Python, `large` those whose
    wheel is large, with its bytes, the largest first. `home_page` is how the page at "/" may fail, `file_values` are
    names that the settings look up in a file which production does not have.
    """

    tried: tuple[str, ...] = ()
    untried: tuple[str, ...] = ()
    missing_static: tuple[str, ...] = ()
    static_names: StaticNames = "plain"
    compresses: bool = False
    compiled: tuple[str, ...] = ()
    large: tuple[tuple[str, int], ...] = ()
    variables: tuple[Variable, ...] = ()
    out_of_reach: tuple[str, ...] = ()
    unmigrated: tuple[str, ...] = ()
    own_sql: tuple[str, ...] = ()
    home_page: str = ""
    file_values: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FrontEnd:
    """A folder (relative to the Git root) with a package.json, and the commands that npm or a similar tool runs in it.

    `script` is the build script ("": there is none, Django serves the packages themselves), `node` the major version of
    Node.js. `served` is whether Django serves the result; then production builds it. `keeps_modules` is whether a build
    keeps node_modules because it contains static files.
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
        """The commands to run in its folder."""
        built = (self.install, self.build) if self.build else (self.install,)
        return built if self.keeps_modules else (*built, ("rm", "-rf", "node_modules"))

    @property
    def package(self) -> str:
        """Its package.json."""
        return "package.json" if self.folder == "." else f"{self.folder}/package.json"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Project:
    """The user's code, as found on disk. `root` is the Git root; all paths are relative to it.

    `manage_dir` is "." or the folder of manage.py below the root; `files` holds the bytes of the files that may be
    edited, None for a file that does not exist. `links` has, for each of them that is reached through a link, the path
    of the real file. `claim` is the app that already belongs to this project (None: no app does).
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
        """The path of the file that `path` names, with links followed: the one that is written and committed."""
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
        """The folder that must be on `sys.path`: that of manage.py, or "src" for src/blog/settings.py."""
        inner = self.settings.module.replace(".", "/")
        outer = self.settings.path.removesuffix(".py").removesuffix("/__init__")
        if not f"/{outer}".endswith(f"/{inner}"):
            return self.manage_dir
        return outer.removesuffix(inner).rstrip("/") or "."
