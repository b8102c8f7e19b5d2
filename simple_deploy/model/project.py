"""The user's code, as found on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from .dependencies import Dependencies
from .git import Git, Ignored
from .settings import UNTRIED, Settings, StaticFiles, Variable


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


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Tried:
    """The results of a trial of the site. `tried` are the parts that passed, `untried` the reasons why others were not
    tried.

    `missing_static` are references to static files that do not exist, each with its place; `static` is how the
    files can be collected and served, `static_handler` whether Django's handler for development serves them.
    `variables` are those that production lacks: the settings asked for them, or their default is an address that it
    cannot reach. `out_of_reach` are other services at such addresses, each with its place. `unmigrated` are apps of
    the project with models that are missing from the migrations in Git, `unmanaged` its models whose tables no
    migration makes, `own_sql` its migrations with SQL. `compiled` are packages (NAME==VERSION) that have wheels,
    but none for production's Python, `large` those whose wheel is large, with its bytes, the largest first,
    `installed` the names of all, `other_versions` those that this environment has in another major version.
    `undeclared` are those of `Dependencies` that are not added yet.
    `home_page` is how the page at "/" may fail, `short_lived` is what becomes of each folder whose files the site
    needs again, `file_values` are names that the settings look up in a file which production does not have,
    `local_addresses` are settings and other code with a web address of this computer, `sockets` are places that open
    a WebSocket without TLS, `cache_of_a_process` is whether code stores values in a cache that each process has for
    itself, `copied_keys` are settings that have the SECRET_KEY of the code, each with its place. `sends_mail` is
    whether code sends any, `unsent` why mail that the site sends is not delivered. `hsts` are the seconds of
    SECURE_HSTS_SECONDS in production, `eager` is whether Celery's tasks run where they are sent,
    `takes_uploads` whether visitors may upload files, `uploads` who gets them: everybody ("served"), those whom a view
    lets ("checked"), or, in development only, those with a login ("guarded"); `silent` whether the console gets no
    errors of requests. `has_login` is whether visitors can log in, `no_superuser` why `createsuperuser` cannot work.
    """

    tried: tuple[str, ...] = ()
    untried: tuple[str, ...] = ()
    missing_static: tuple[str, ...] = ()
    static: StaticFiles = UNTRIED
    compiled: tuple[str, ...] = ()
    large: tuple[tuple[str, int], ...] = ()
    installed: tuple[str, ...] = ()
    other_versions: tuple[str, ...] = ()
    variables: tuple[Variable, ...] = ()
    out_of_reach: tuple[str, ...] = ()
    unmigrated: tuple[str, ...] = ()
    unmanaged: tuple[str, ...] = ()
    own_sql: tuple[str, ...] = ()
    static_handler: bool = False
    undeclared: Mapping[str, str] = field(default_factory=dict)
    home_page: str = ""
    short_lived: tuple[str, ...] = ()
    file_values: tuple[str, ...] = ()
    local_addresses: tuple[str, ...] = ()
    cache_of_a_process: bool = False
    sockets: tuple[str, ...] = ()
    copied_keys: tuple[str, ...] = ()
    unsent: str = ""
    sends_mail: bool = False
    hsts: int = 0
    eager: bool = False
    takes_uploads: bool = True
    uploads: str = ""
    has_login: bool = False
    no_superuser: str = ""
    silent: bool = False


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
        return self.beside("package.json")

    def beside(self, name: str) -> str:
        """The file with that name in its folder."""
        return name if self.folder == "." else f"{self.folder}/{name}"


@dataclass(frozen=True, kw_only=True)
class Celery:
    """The `files` that make a Celery app (relative to the Git root), and whether the code has a schedule."""

    files: tuple[str, ...] = ()
    scheduled: bool = False


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Project:
    """The user's code, as found on disk. `root` is the Git root; all paths are relative to it.

    `manage_dir` is "." or the folder of manage.py below the root; `files` holds the bytes of the files that may be
    edited, None for a file that does not exist. `links` has, for each of them that is reached through a link, the path
    of the real file. `claim` is the app that already belongs to this project (None: no app does).
    `extensions` are those of PostgreSQL that its migrations create, `admin_migrations` the migrations that create a
    user with all rights. `script_paths` are folders that only manage.py adds
    to `sys.path`. `written_secrets` are settings with a secret in the code, each with its place.
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
    written_secrets: tuple[str, ...] = ()
    tried: Tried = field(default_factory=Tried)
    front_ends: tuple[FrontEnd, ...] = ()
    extensions: tuple[str, ...] = ()
    admin_migrations: tuple[str, ...] = ()
    celery: Celery = Celery()
    serves_uploads: bool = False
    script_paths: tuple[str, ...] = ()

    def real(self, path: str) -> str:
        """The path of the file that `path` names, with links followed: the one that is written and committed."""
        return self.links.get(path, path)

    @property
    def name(self) -> str:
        """The name people use for the project: that of its Git root folder."""
        return self.root.name

    @property
    def uploads(self) -> str:
        """Where the site keeps uploads (MEDIA_ROOT); "" if there is no such folder, or visitors can upload nothing."""
        return self.settings.media_root if self.tried.takes_uploads else ""

    @property
    def nested(self) -> bool:
        """Whether manage.py is below the Git root."""
        return self.manage_dir != "."

    @property
    def manage_py(self) -> str:
        """manage.py as seen from the Git root."""
        return f"{self.manage_dir}/manage.py" if self.nested else "manage.py"

    @property
    def media(self) -> str:
        """The folder of uploads (MEDIA_ROOT); "" if it is not below the Git root, or there is none."""
        if not self.settings.media_root:
            return ""
        root = PurePosixPath(self.root.resolve().as_posix())
        # Django takes a relative one from the folder in which the site is started. The settings may follow no links.
        media = PurePosixPath(Path(root, self.manage_dir, self.settings.media_root).resolve().as_posix())
        below = media.relative_to(root).as_posix() if media.is_relative_to(root) else "."
        return below if below != "." else ""

    @property
    def code_dir(self) -> str:
        """The folder that must be on `sys.path`: that of manage.py, or "src" for src/blog/settings.py."""
        inner = self.settings.module.replace(".", "/")
        outer = self.settings.path.removesuffix(".py").removesuffix("/__init__")
        if not f"/{outer}".endswith(f"/{inner}"):
            return self.manage_dir
        return outer.removesuffix(inner).rstrip("/") or "."

    @property
    def more_paths(self) -> tuple[str, ...]:
        """The folders that must be on `sys.path` besides that of manage.py."""
        return tuple(dict.fromkeys(one for one in (self.code_dir, *self.script_paths) if one != self.manage_dir))
