"""The settings block as Python: the loaded settings and a platform's facts → text.

Every platform's block is rendered here, so the blocks cannot diverge; a platform supplies expressions only. The values
of the settings as loaded here say little about production, where a condition may take another branch: so the block
itself checks each of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from ..model import Settings, StaticNames

SECURITY = "django.middleware.security.SecurityMiddleware"
WHITENOISE = "whitenoise.middleware.WhiteNoiseMiddleware"
_FILES = "django.core.files.storage.FileSystemStorage"
_MANIFEST = "whitenoise.storage.CompressedManifestStaticFilesStorage"
_PLAIN = "whitenoise.storage.CompressedStaticFilesStorage"
# The class of the settings block itself: its module is the one that contains the block.
_TOLERANT = "TolerantStaticFiles"
# Storages that this one replaces, and loses nothing of: they raise an error for a name that leads to no file.
TOLERATED = ("django.contrib.staticfiles.", "whitenoise.storage.CompressedManifest")
_OFFLINE = "COMPRESS_OFFLINE"
_SMTP = "django.core.mail.backends.smtp.EmailBackend"
_POSTGRES = "django.contrib.postgres"
_SEARCH = "wagtail.search"


@dataclass(frozen=True, kw_only=True)
class Production:
    """One platform's part: Python expressions over `os.environ`, and facts about its proxy.

    `running` is true while the site runs, `building` also while static files are collected (the difference is what the
    platform's build does not have yet; "": none). `prelude` are lines that come first while it runs, for the
    expressions after them: imports, and names with an underscore. `hosts` is a comma-separated list of expressions for
    host names; `set_variable` is the command that adds one's own domain, as shown to people. In `database`, {engine} is
    an additional argument of dj_database_url. If the platform may have no database, the condition `database_if` is true
    where it has one; else the project's own database is kept.
    """

    running: str
    hosts: str
    building: str = ""
    secret_key: str = 'os.environ["SECRET_KEY"]'
    set_variable: str = ""
    database: str = "dj_database_url.config(conn_max_age=600{engine})"
    database_if: str = ""
    prelude: tuple[str, ...] = ()


def render(
    settings: Settings,
    production: Production,
    *,
    platform: str,
    engine: str = "",
    building_engine: str = "",
    read_only: bool = False,
) -> str:
    """The body of the block: lines ending in a newline, each setting below its reason.

    `engine` is what dj_database_url needs to be told about the engine, and `building_engine` that of a build where the
    project's own is not used (`production.database`). `read_only` is whether the running site cannot write below the
    project's folder.
    """
    lines = [
        f"# Production settings for {platform}. They take effect only there.",
        "# Run simple_deploy again to update them. Keep your own lines above or below the two markers.",
        "import os  # noqa: E402",
        "from pathlib import Path  # noqa: E402",
        "",
        f"if {production.building or production.running}:  # while building and while running",
        *_indented(_while_building(settings)),
        "",
        f"if {production.running}:  # while running only: web, release and one-off processes",
        *_indented(_while_running(settings, production, engine=engine)),
        *_indented(_caches_elsewhere() if read_only and settings.file_caches else iter(())),
    ]
    if building_engine:
        lines += [f"elif {production.building or production.running}:  # while building only"]
        lines += _indented(_without_a_server(building_engine))
    if settings.configuration:
        lines += ["", f"if {production.building or production.running}:", *_indented(_into_class())]
    return "".join(f"{line}\n" for line in lines)


def _indented(lines: Iterator[str]) -> list[str]:
    return [f"    {line}" if line else "" for line in lines]


def static_names(block: str) -> StaticNames:
    """How a block that `render` made names static files."""
    if _TOLERANT in block:
        return "tolerant"
    return "hashed" if _MANIFEST in block else "plain"


def compresses(block: str) -> bool:
    """Whether a block that `render` made has django-compressor combine files in the build."""
    return _OFFLINE in block


def serves_static(settings: Settings) -> bool:
    """Whether the project uses Django's static files at all."""
    return any(app.startswith("django.contrib.staticfiles") for app in settings.installed_apps)


def static_root(settings: Settings) -> str:
    """The folder that "collectstatic" fills, relative to the Git root: the project's own, else the block's."""
    own = PurePosixPath(settings.path).parents[settings.depth - 1] / _static_folder(settings)
    return settings.static_root or own.as_posix()


def _from_class() -> Iterator[str]:
    """With django-configurations, the settings of the module become those of the class after this block."""
    yield "# Your settings are a class. These are its values."
    yield "from configurations.utils import uppercase_attributes"
    yield ""
    yield '_class = globals()[os.environ["DJANGO_CONFIGURATION"]]'
    yield "_class.pre_setup()"
    yield "_class.setup()"
    yield "for _name, _value in uppercase_attributes(_class()).items():"
    yield '    _called = callable(_value) and not getattr(_value, "pristine", False)'
    yield "    globals()[_name] = _value() if _called else _value"
    yield "_before = dict(globals())"


def _into_class() -> Iterator[str]:
    yield "# The class gets what is different here."
    yield "for _name, _value in list(globals().items()):"
    yield "    if _name.isupper() and _value is not _before.get(_name):"
    yield "        setattr(_class, _name, _value)"


def _while_building(settings: Settings) -> Iterator[str]:
    if settings.configuration:
        yield from _from_class()
    yield "# Debug pages show code and settings to visitors: off, unless the variable DEBUG turns them on."
    yield 'DEBUG = os.environ.get("DEBUG", "").strip().lower() in {"1", "true", "yes", "on"}'
    yield "# Your settings up to this line. A setting that is defined under a condition may be missing."
    yield "_given = globals()"
    if any(app.partition(".")[0] == "simple_deploy" for app in settings.installed_apps):
        yield "# simple_deploy is a development tool; production does not install it."
        yield 'INSTALLED_APPS = [app for app in INSTALLED_APPS if app.partition(".")[0] != "simple_deploy"]'
    yield "# Redirects to https and the security headers below need this middleware."
    yield f'_security = "{SECURITY}"'
    yield 'MIDDLEWARE = list(_given.get("MIDDLEWARE") or [])'
    yield "if _security not in MIDDLEWARE:"
    yield "    MIDDLEWARE.insert(0, _security)"
    if settings.log_files:
        yield from _log_to_console()
    if serves_static(settings):
        yield from _static(settings)


def _log_to_console() -> Iterator[str]:
    yield "# What your LOGGING writes to files goes to the console: files are lost here, or cannot be written."
    yield 'if _given.get("LOGGING"):'
    yield "    LOGGING = {"
    yield "        **LOGGING,"
    yield '        "handlers": {'
    yield "            _name: {"
    yield '                "class": "logging.StreamHandler",'
    yield '                **{_key: _handler[_key] for _key in ("level", "formatter", "filters") if _key in _handler},'
    yield "            }"
    yield '            if "filename" in _handler'
    yield "            else _handler"
    yield '            for _name, _handler in LOGGING.get("handlers", {}).items()'
    yield "        },"
    yield "    }"


def _static(settings: Settings) -> Iterator[str]:
    yield "# WhiteNoise serves the static files; it must come directly after SecurityMiddleware."
    yield 'if not any("whitenoise" in name.lower() for name in MIDDLEWARE):'
    yield f'    MIDDLEWARE.insert(MIDDLEWARE.index(_security) + 1, "{WHITENOISE}")'
    yield "# The URL prefix of static files."
    yield 'STATIC_URL = _given.get("STATIC_URL") or "static/"'
    yield "# collectstatic copies all static files here during the build."
    yield f"STATIC_ROOT = {_static_root(settings)}"
    yield from {"hashed": _hashed, "tolerant": _tolerant, "plain": _plain}[settings.static_names]()
    yield from _storages(settings)
    if settings.compresses:
        yield "# The build combines files (manage.py compress): what a request combines is lost, or cannot be written."
        yield f"COMPRESS_ENABLED = {_OFFLINE} = True"


def _hashed() -> Iterator[str]:
    yield "# File names contain a hash of the content, so browsers can cache static files forever."


def _plain() -> Iterator[str]:
    yield "# File names get no hash: it was not tried whether every reference leads to a file."


def _tolerant() -> Iterator[str]:
    yield "# File names contain a hash of the content, so browsers can cache static files forever. A name that leads to"
    yield "# no file stays as it is; by itself, Django would raise an error."
    yield "from django.core.exceptions import SuspiciousFileOperation"
    yield "from whitenoise.storage import CompressedManifestStaticFilesStorage"
    yield ""
    yield f"class {_TOLERANT}(CompressedManifestStaticFilesStorage):"
    yield "    def stored_name(self, name):"
    yield "        try:"
    yield "            return super().stored_name(name)"
    yield "        except ValueError:"
    yield "            return name"
    yield ""
    yield "    def hashed_name(self, name, content=None, filename=None):"
    yield "        try:"
    yield "            return super().hashed_name(name, content, filename)"
    yield "        except (ValueError, SuspiciousFileOperation):"
    yield "            return name"
    yield ""


def _static_root(settings: Settings) -> str:
    """The project's own folder if a build can use it, else one of ours."""
    file = "Path(__file__).resolve()"
    if settings.static_root is None:
        return f'{file}{".parent" * settings.depth} / "{_static_folder(settings)}"'
    up = ".parent" * len(PurePosixPath(settings.path).parts)
    return f'_given.get("STATIC_ROOT") or {file}{up} / {json.dumps(settings.static_root)}'


def _static_folder(settings: Settings) -> str:
    taken = {folder.rstrip("/").rpartition("/")[2] for folder in settings.staticfiles_dirs}
    return "staticfiles" if "staticfiles" not in taken else "collected_static"


def _storages(settings: Settings) -> Iterator[str]:
    """A storage of the project's own is kept; Django older than 5.1 rejects STORAGES next to the older settings."""
    yield '_djangos = "django.contrib.staticfiles."'
    storage = {
        "hashed": f'"{_MANIFEST}"',
        "tolerant": f'f"{{__name__}}.{_TOLERANT}"',
        "plain": f'"{_PLAIN}"',
    }[settings.static_names]
    replaced = f'(_djangos, "{TOLERATED[1]}")' if settings.static_names == "tolerant" else "_djangos"
    if settings.django_version >= (5, 1):
        yield from _newer_storages(storage, replaced)
    elif settings.django_version < (4, 2):
        yield from _older_storages(storage, replaced)
    else:
        yield 'if "STATICFILES_STORAGE" in _given or "DEFAULT_FILE_STORAGE" in _given:'
        yield from (f"    {line}" for line in _older_storages(storage, replaced))
        yield "else:"
        yield from (f"    {line}" for line in _newer_storages(storage, replaced))


def _older_storages(storage: str, replaced: str) -> Iterator[str]:
    yield f'if _given.get("STATICFILES_STORAGE", _djangos).startswith({replaced}):'
    yield f"    STATICFILES_STORAGE = {storage}"


def _newer_storages(storage: str, replaced: str) -> Iterator[str]:
    yield f'STORAGES = {{"default": {{"BACKEND": "{_FILES}"}}, **(_given.get("STORAGES") or {{}})}}'
    yield f'if STORAGES.get("staticfiles", {{}}).get("BACKEND", _djangos).startswith({replaced}):'
    yield f'    STORAGES["staticfiles"] = {{"BACKEND": {storage}}}'


def _while_running(settings: Settings, production: Production, *, engine: str) -> Iterator[str]:
    yield from production.prelude
    yield "# Signs sessions and links. Stored on the platform only, never in the repository."
    yield f"SECRET_KEY = {production.secret_key}"
    yield from _hosts(production)
    yield "# The platform's proxy terminates TLS and sets this header."
    yield 'SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")'
    yield "# Redirect HTTP requests to HTTPS."
    yield "SECURE_SSL_REDIRECT = True"
    yield "# Send cookies over HTTPS only."
    yield "SESSION_COOKIE_SECURE = True"
    yield "CSRF_COOKIE_SECURE = True"
    yield "# HSTS (SECURE_HSTS_SECONDS and related settings) makes browsers insist on HTTPS for a long time, even"
    yield "# after a mistake, so it is not set here. Once the site works well, start with a small value."
    yield from _database(settings, production, engine)
    if settings.prints_mail:
        yield from _mail()
    yield from _logging()


def _caches_elsewhere() -> Iterator[str]:
    yield "# Your folder for a cache cannot be written here; the system's temporary folder can."
    yield "import tempfile"
    yield ""
    yield "CACHES = {"
    yield '    _name: {**_cache, "LOCATION": Path(tempfile.gettempdir()) / f"cache-{_name}"}'
    yield '    if str(_cache.get("BACKEND", "")).endswith(".FileBasedCache")'
    yield "    else _cache"
    yield '    for _name, _cache in (_given.get("CACHES") or {}).items()'
    yield "}"


def _hosts(production: Production) -> Iterator[str]:
    add = production.set_variable
    yield f"# Only requests for these hosts are accepted.{' To add your own domain:' if add else ''}"
    yield from (f"# {line}" for line in add.splitlines())
    yield f'_hosts = [{production.hosts}, *os.environ.get("ALLOWED_HOSTS", "").split(",")]'
    yield "_hosts = [host.strip() for host in _hosts if host.strip()]"
    yield 'ALLOWED_HOSTS = [*(host for host in _given.get("ALLOWED_HOSTS") or [] if host != "*"), *_hosts]'
    yield "# Trust forms from these origins, even if a proxy changes the Host header."
    yield '_origins = [f"https://{host}" for host in _hosts]'
    yield 'CSRF_TRUSTED_ORIGINS = [*(_given.get("CSRF_TRUSTED_ORIGINS") or []), *_origins]'


def _database(settings: Settings, production: Production, engine: str) -> Iterator[str]:
    yield ""
    yield "# The platform's PostgreSQL. Connections stay open for a few minutes and are checked before reuse."
    yield "import dj_database_url"
    yield ""
    atomic = ', "ATOMIC_REQUESTS": True' if settings.atomic_requests else ""
    lines = [
        f"_database = {production.database.format(engine=engine)}",
        f'_database = {{**_database, "CONN_HEALTH_CHECKS": True{atomic}}}',
        'DATABASES = {**(_given.get("DATABASES") or {}), "default": _database}',
    ]
    if _SEARCH in settings.installed_apps:
        lines.append("# Wagtail's search on PostgreSQL needs this app.")
        lines.append(f'INSTALLED_APPS = [*(app for app in INSTALLED_APPS if app != "{_POSTGRES}"), "{_POSTGRES}"]')
    if production.database_if:
        yield f"if {production.database_if}:  # otherwise the database above stays"
        lines = [f"    {line}" for line in lines]
    yield from lines


def _without_a_server(engine: str) -> Iterator[str]:
    yield "# A build connects to no database. Models need an engine, and production has the driver of this one."
    yield f'_database = {{"ENGINE": "{engine}", "NAME": "none while building"}}'
    yield 'DATABASES = {**(_given.get("DATABASES") or {}), "default": _database}'


def _mail() -> Iterator[str]:
    yield "# Development mailers only print; in production, send through the SMTP server in these variables."
    yield '_mailers = _given.get("MAILERS") or {}'
    yield '_mailer = _mailers.get("default", {}).get("BACKEND", "")'
    yield f'if _mailer.startswith("django.core.mail.backends.") and _mailer != "{_SMTP}":'
    yield "    MAILERS = {"
    yield "        **_mailers,"
    yield '        "default": {'
    yield f'            "BACKEND": "{_SMTP}",'
    yield '            "OPTIONS": {'
    yield '                "host": os.environ.get("EMAIL_HOST", "localhost"),'
    yield '                "port": int(os.environ.get("EMAIL_PORT", "587")),'
    yield '                "username": os.environ.get("EMAIL_HOST_USER", ""),'
    yield '                "password": os.environ.get("EMAIL_HOST_PASSWORD", ""),'
    yield '                "use_tls": True,'
    yield "            },"
    yield "        },"
    yield "    }"


def _logging() -> Iterator[str]:
    yield "# With DEBUG off, Django hides most of its log; the platform collects what goes to the console."
    yield 'if not _given.get("LOGGING"):'
    yield "    LOGGING = {"
    yield '        "version": 1,'
    yield '        "disable_existing_loggers": False,'
    yield '        "handlers": {"console": {"class": "logging.StreamHandler"}},'
    yield '        "root": {"handlers": ["console"], "level": "INFO"},'
    yield "    }"
