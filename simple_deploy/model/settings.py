"""The settings that production uses, and the variables that they read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from .problem import Problem
from .words import Secret

# Django's defaults: where uploads go, and how mail is sent.
FILE_STORAGE = "django.core.files.storage.FileSystemStorage"
SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"

VariableKind = Literal[
    "text",
    "integer",
    "boolean",
    "database",
    "cache",
    "mail",
    "json",
    "address",
    "engine",
    "engine name",
    # Formats on which only pydantic insists.
    "list",
    "mail address",
    "postgresql",
    "redis",
    "amqp",
]


@dataclass(frozen=True, kw_only=True)
class Variable:
    """An environment variable that the settings read, according to their source.

    `place` is the file with the line. `needed` is whether the settings cannot be loaded without it: "perhaps" where it
    is read under a condition and has no default. `setting` is the only setting that uses its value ("": several, or
    none), `kind` how the value is parsed. `unreachable` is the address in its default, where production needs
    another one. `in_build` is whether a build may need it too, `absent` whether it may stay without any value, `empty`
    whether its default is an empty text.
    """

    name: str
    place: str
    needed: Literal["yes", "perhaps", "no"]
    setting: str = ""
    kind: VariableKind = "text"
    unreachable: str = ""
    in_build: bool = True
    absent: bool = False
    empty: bool = False


# Names of static files: with a hash; with a hash but tolerating references to missing files; without a hash.
StaticNames = Literal["hashed", "tolerant", "plain"]
# What combines files with django-compressor: the build, or nothing, so that pages have the files as they are; "" where
# no template combines files.
Compresses = Literal["offline", "off", ""]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class StaticFiles:
    """How production names static files, what combines them, and whether they are `uploaded` to a storage of the
    project's own, such as a bucket.
    """

    names: StaticNames = "hashed"
    compresses: Compresses = ""
    uploaded: bool = False


# A name without a hash works whether or not every reference leads to a file.
UNTRIED = StaticFiles(names="plain")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Settings:
    """The settings that production uses, as loaded values (not as text).

    `path` and `depth` say where the module's file is: relative to the Git root, and how many folders below the
    folder of manage.py. `selected` is whether manage.py and the WSGI script use this module by default;
    `environment` is the variable with which they choose these settings, if any; `notes` explain why production uses
    them, where that may be surprising; `passed_over` are the problems with settings that would come first,
    `otherwise` are those without the variable, if the site can do without it. `configuration` is the class that has
    the settings, with django-configurations, where nothing counts as selected.

    `wsgi` is what a web server starts ("blog.wsgi", "blog.wsgi:app"), `asgi` what an ASGI server starts, where the site
    needs one.

    `static_root` is None if none is set that a build could use; `static_root_is_text` is whether the value is no Path.
    `static` are the static files, as the trial found them.

    `database_vendor` is the `vendor` of an engine that is not Django's own ("": it is, or it cannot be imported
    here), `named_engines` are those in its code of servers other than PostgreSQL, `atomic_requests` is whether each
    request is one transaction of the default database, `site_by_host` whether django.contrib.sites has no SITE_ID
    and looks for the row with the host of a request, `rq_queues` are the queues of django-rq. `sqlite_files` are
    the SQLite databases below the Git root that the settings of production or manage.py name.

    `prints_mail` is whether MAILERS (Django 6.1) names a backend that never sends anything, `needs_smtp` whether
    mail goes to a server for which they name no user, `file_caches` whether a cache writes below the Git root,
    `table_caches` whether one is a table of the database. `log_files` are the files that logging writes, relative
    to the Git root if they are below it. `secrets` are the values of settings whose name indicates a secret,
    `committed` those of them that stand in the code.
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
    media_url: str
    wsgi: str | None
    django_version: tuple[int, int]
    sqlite_files: tuple[str, ...] = ()
    log_files: tuple[str, ...] = ()
    file_caches: bool = False
    table_caches: bool = False
    secrets: tuple[Secret, ...] = ()
    committed: tuple[Secret, ...] = ()
    notes: tuple[str, ...] = ()
    passed_over: tuple[Problem, ...] = ()
    static: StaticFiles = StaticFiles()
    static_root_is_text: bool = False
    asgi: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    configuration: str = ""
    database_vendor: str = ""
    named_engines: tuple[str, ...] = ()
    atomic_requests: bool = False
    site_by_host: bool = False
    rq_queues: tuple[str, ...] = ()
    needs_smtp: bool = False
    otherwise: Settings | None = None

    @property
    def application(self) -> str:
        """What the web server of production starts."""
        return self.asgi or self.wsgi or ""
