"""How the site is built, released and started: one value, made from the project. Pure. A platform translates it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from ..masking.telling import telling
from ..masking.unsafe import turns_off, turns_on
from ..model import FrontEnd, Options, Project, Secret, Settings
from .build_only import BUILD_ONLY_KEY, SETTINGS, build_only
from .database import extensions
from .native import Native, native
from .python_version import Wanted, wanted
from .static_files import serves_static, static_root
from .workers import worker

Argv = tuple[str, ...]
# The path of the health check, on a platform that has one.
HEALTH = "/healthz"
# gunicorn reads it where it starts: at the Git root. Options of the command line take precedence.
GUNICORN_FILE = "gunicorn.conf.py"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Static:
    """The folder into which the build collects static files (relative to the Git root), and their URL path.

    `path` is "" where they are on another host or in another storage, or at the root of this one.
    """

    root: str
    path: str


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Recipe:
    """Commands run in an activated environment at the Git root.

    `python` is the version for production, and its source. `install` are the commands that create the environment
    `.venv` from `files` (".": the whole project), with `install_env` in their environment; `tool` is the package
    manager that they need (PEP 508), `written` a module that they write into the project ("": none). `system` are
    system libraries. `variables` are set for every process of the site, `build_variables` only while `build` runs:
    placeholders for values that a build does not have, and the user's switches. `front_end` is built before that,
    with Node.js. `translate` compiles translations after it (empty: Git tracks the compiled ones); it needs msgfmt,
    from the system package gettext. `extensions` are those of PostgreSQL that the database needs. `release` runs
    before each new version.

    `upload` collects static files into a storage of the project's own. It needs the variables of the site: it runs
    after `release`, or in the build on platforms whose builds have them.

    `worker` runs next to the site where people start it. The web server starts in `chdir`, with the folders
    `python_path` (relative to it, separated by commas) on `sys.path` too. `media` is the folder of uploads ("":
    outside of the project, or none), `media_path` the path of their addresses if the project's URLs serve them in
    development, so that everyone may see them. `binds` is whether a file of the project for gunicorn may choose
    another address, so that a start command must name the platform's.
    """

    python: Wanted
    tool: tuple[str, ...]
    files: tuple[str, ...]
    install: tuple[Argv, ...]
    install_env: Mapping[str, str]
    written: str
    system: Native
    variables: Mapping[str, str]
    build_variables: Mapping[str, str]
    front_end: FrontEnd | None
    build: tuple[Argv, ...]
    translate: Argv
    extensions: tuple[str, ...]
    release: tuple[Argv, ...]
    upload: tuple[Argv, ...]
    worker: Argv
    static: Static | None
    media: str
    media_path: str
    manage_py: str
    chdir: str
    python_path: str
    application: str
    asynchronous: bool
    binds: bool

    def manage(self, *words: str) -> Argv:
        """A command of manage.py."""
        return ("python", self.manage_py, *words)

    def web(self, *options: str, threads: int = 4) -> Argv:
        """The web server, which listens on the port in the variable PORT; `options` are gunicorn's.

        `threads` are those of a worker, unless the application is `asynchronous`.
        """
        threaded = ("--worker-class", "gthread", "--threads", str(threads))
        worker = ("--worker-class", "uvicorn_worker.UvicornWorker") if self.asynchronous else threaded
        return ("gunicorn", *self.served, *worker, *options)

    @property
    def served(self) -> Argv:
        """What gunicorn serves: the application, and the folders where it is found."""
        folders = {"--chdir": self.chdir, "--pythonpath": self.python_path}
        found = (word for option, folder in folders.items() if folder for word in (option, folder))
        return (*found, self.application)


def recipe(project: Project, options: Options) -> Recipe:
    """The recipe of the project as it was inspected and tried."""
    settings, dependencies = project.settings, project.dependencies
    manage = ("python", project.manage_py)
    static = serves_static(settings)
    compiled, collected = _compiling(project, manage), _collecting(project, manage)
    uploaded = settings.static.uploaded
    selecting = {} if settings.selected else {SETTINGS: settings.module}
    named = SETTINGS in {**options.recorded, **options.variables}
    return Recipe(
        python=wanted(project, options),
        tool=dependencies.tool,
        files=dependencies.files,
        install=dependencies.install,
        install_env=dependencies.install_env,
        written=dependencies.version_file,
        system=native(project),
        variables={**settings.environment, **({} if named else selecting)},
        build_variables={
            "SECRET_KEY": BUILD_ONLY_KEY,
            **build_only(project.variables, ("SECRET_KEY",)),
            **_switches(project, options),
            # A build may lack the user's variables.
            **(selecting if named else {}),
        },
        front_end=front_end(project),
        build=(*compiled, *(() if uploaded else collected)) if static else (),
        translate=translate(project),
        worker=worker(project),
        extensions=extensions(project),
        release=tuple(_releasing(settings, manage)),
        upload=collected if static and uploaded else (),
        static=Static(root=static_root(settings), path="" if uploaded else _path(settings.static_url or "static/"))
        if static
        else None,
        media=project.media,
        media_path=_path(settings.media_url) if project.serves_uploads and not _is_guarded(project) else "",
        manage_py=project.manage_py,
        chdir=project.manage_dir if project.nested else "",
        python_path=",".join(posixpath.relpath(one, project.manage_dir) for one in project.more_paths),
        application=settings.application,
        asynchronous=bool(settings.asgi),
        binds=project.files.get(GUNICORN_FILE) is not None,
    )


def _is_guarded(project: Project) -> bool:
    """Whether the site refuses uploads to some visitors, so no server that gives them to everybody may serve them."""
    return project.tried.uploads in ("checked", "guarded")


def _switches(project: Project, options: Options) -> dict[str, str]:
    """The user's values that only turn something on or off: no secrets, and a build may do something else without."""
    read = {one.name for one in project.variables if one.in_build and not telling(one.name)}
    given = {**options.recorded, **options.variables}
    texts = {name: value.reveal() if isinstance(value, Secret) else value for name, value in given.items()}
    return {name: text for name, text in texts.items() if name in read and (turns_on(text) or turns_off(text))}


def front_end(project: Project) -> FrontEnd | None:
    """The front end that is built: one whose files Django serves."""
    return next((one for one in project.front_ends if one.served), None)


def translate(project: Project) -> Argv:
    """The command that compiles the project's translations, but not those of packages, for example in `.venv`."""
    if not project.git.uncompiled:
        return ()
    return ("python", project.manage_py, "compilemessages", "--ignore", ".*")


def _releasing(settings: Settings, manage: Argv) -> Iterator[Argv]:
    """The commands that bring the database up to date. No migration makes the table of a cache (Django docs, "Database
    caching").
    """
    yield (*manage, "migrate", "--noinput")
    if settings.table_caches:
        yield (*manage, "createcachetable")


def _compiling(project: Project, manage: Argv) -> tuple[Argv, ...]:
    """The commands that generate static files."""
    sass = any(app.partition(".")[0] == "sass_processor" for app in project.settings.installed_apps)
    return ((*manage, "compilescss"),) if sass else ()


def _collecting(project: Project, manage: Argv) -> tuple[Argv, ...]:
    """The commands that collect static files, and combine them."""
    compress = ((*manage, "compress"),) if project.settings.static.compresses == "offline" else ()
    return ((*manage, "collectstatic", "--noinput"), *compress)


def _path(url: str) -> str:
    """The path of addresses on this site; "" if the files are on another one."""
    parts = urlsplit(url)
    path = parts.path.strip("/")
    return f"/{path}" if path and not parts.netloc else ""
