"""What production needs to hear, said as Python: the loaded settings and a platform's facts → text.

Every platform's block is rendered here, so the blocks cannot drift apart; a platform supplies expressions only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from .model import Settings

SECURITY = "django.middleware.security.SecurityMiddleware"
WHITENOISE = "whitenoise.middleware.WhiteNoiseMiddleware"
_FILES = "django.core.files.storage.FileSystemStorage"
_MANIFEST = "whitenoise.storage.CompressedManifestStaticFilesStorage"
_SMTP = "django.core.mail.backends.smtp.EmailBackend"
_POSTGIS = "django.contrib.gis.db.backends.postgis"


@dataclass(frozen=True, kw_only=True)
class Production:
    """What one platform contributes: Python expressions over `os.environ`, and facts about its proxy.

    `building` is true while static files are collected and while the site runs, `running` only while it runs
    (the difference is what the platform's build does not know yet). `prelude` are lines that come first while it
    runs, for the expressions after them: imports, and names with an underscore. `hosts` is a comma-separated list of
    expressions for host names; `set_variable` is the command that adds one's own domain, as shown to people. In
    `database`, {engine} is one more argument of dj_database_url. Where the platform may be without a database, the
    condition `database_if` tells that it has one; else the project's own database stays.
    """

    name: str
    building: str
    running: str
    secret_key: str
    hosts: str
    set_variable: str
    database: str
    database_if: str = ""
    prelude: tuple[str, ...] = ()


def render(settings: Settings, production: Production) -> str:
    """The body of the block: lines ending in a newline, each setting below the reason for it."""
    lines = [
        f"# Production settings for {production.name}. They take effect there and nowhere else.",
        "# Run simple_deploy again to renew them; your own lines are safe above and below the two markers.",
        "import os  # noqa: E402",
        "from pathlib import Path  # noqa: E402",
        "",
        f"if {production.building}:  # while building and while running",
        *_indented(_while_building(settings)),
        "",
        f"if {production.running}:  # while running only: web, release and one-off processes",
        *_indented(_while_running(settings, production)),
    ]
    return "".join(f"{line}\n" for line in lines)


def _indented(lines: Iterator[str]) -> list[str]:
    return [f"    {line}" if line else "" for line in lines]


def serves_static(settings: Settings) -> bool:
    """Whether the project uses Django's static files at all."""
    return any(app.startswith("django.contrib.staticfiles") for app in settings.installed_apps)


def static_root(settings: Settings) -> str:
    """The folder that "collectstatic" fills, relative to the Git root: the project's own, else the block's."""
    own = PurePosixPath(settings.path).parents[settings.depth - 1] / _static_folder(settings)
    return settings.static_root or own.as_posix()


def _while_building(settings: Settings) -> Iterator[str]:
    yield "# A debug page shows code and settings to visitors: off, unless the variable DEBUG says so."
    yield 'DEBUG = os.environ.get("DEBUG", "").strip().lower() in {"1", "true", "yes", "on"}'
    if any(app.partition(".")[0] == "simple_deploy" for app in settings.installed_apps):
        yield "# The deployer is a development tool, so production does not install it."
        yield 'INSTALLED_APPS = [app for app in INSTALLED_APPS if app.partition(".")[0] != "simple_deploy"]'
    if serves_static(settings):
        yield from _static(settings)
    elif SECURITY not in settings.middleware:
        yield from _middleware(settings, whitenoise=False)


def _static(settings: Settings) -> Iterator[str]:
    if not settings.static_url:
        yield "# Where browsers find static files; the project does not say."
        yield 'STATIC_URL = "static/"'
    if settings.static_root is None:
        yield '# "collectstatic" copies all static files here while the site is built.'
        folder = f"Path(__file__).resolve(){'.parent' * settings.depth}"
        yield f'STATIC_ROOT = {folder} / "{_static_folder(settings)}"'
    yield from _middleware(settings, whitenoise=True)
    if settings.staticfiles_backend.startswith("django.contrib.staticfiles."):
        yield "# File names carry a hash of the content, so browsers may keep static files for ever."
        yield from _storages(settings)


def _static_folder(settings: Settings) -> str:
    taken = {folder.rstrip("/").rpartition("/")[2] for folder in settings.staticfiles_dirs}
    return "staticfiles" if "staticfiles" not in taken else "collected_static"


def _middleware(settings: Settings, *, whitenoise: bool) -> Iterator[str]:
    missing = whitenoise and not any("whitenoise" in name.lower() for name in settings.middleware)
    if SECURITY not in settings.middleware:
        yield "# Redirects to https and the security headers below need this middleware, as the first one."
        yield f'MIDDLEWARE = ["{SECURITY}", *MIDDLEWARE]'
    if missing:
        yield "# WhiteNoise serves the static files; it belongs directly after SecurityMiddleware."
        yield f'_place = MIDDLEWARE.index("{SECURITY}") + 1'
        yield (f'MIDDLEWARE = [*MIDDLEWARE[:_place], "{WHITENOISE}", *MIDDLEWARE[_place:]]')


def _storages(settings: Settings) -> Iterator[str]:
    separate = {"STATICFILES_STORAGE", "DEFAULT_FILE_STORAGE"} & settings.defined
    if settings.django_version < (4, 2) or (separate and settings.django_version < (5, 1)):
        yield f'STATICFILES_STORAGE = "{_MANIFEST}"'
        return
    yield "STORAGES = {"
    yield f'    "default": {{"BACKEND": "{_FILES}"}},'
    if "STORAGES" in settings.defined:
        yield "    **STORAGES,"
    yield f'    "staticfiles": {{"BACKEND": "{_MANIFEST}"}},'
    yield "}"


def _while_running(settings: Settings, production: Production) -> Iterator[str]:
    yield from production.prelude
    yield "# Signs sessions and links; it is known to the platform only, never to the repository."
    yield f"SECRET_KEY = {production.secret_key}"
    yield from _hosts(settings, production)
    yield "# The platform's proxy ends TLS and says in this header how the visitor came."
    yield 'SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")'
    yield "# Visitors who come by http are sent to https."
    yield "SECURE_SSL_REDIRECT = True"
    yield "# Cookies travel over https only."
    yield "SESSION_COOKIE_SECURE = True"
    yield "CSRF_COOKIE_SECURE = True"
    yield "# HSTS (SECURE_HSTS_SECONDS and its companions) binds browsers to https for a long time, even after a"
    yield "# mistake. It is left to you: start with a small number when the site has proved itself."
    yield from _database(settings, production)
    if settings.prints_mail:
        yield from _mail()
    if "LOGGING" not in settings.defined:
        yield from _logging()


def _hosts(settings: Settings, production: Production) -> Iterator[str]:
    yield "# Only requests for these hosts are answered. To add a domain of your own:"
    yield f"# {production.set_variable}"
    yield f'_hosts = [{production.hosts}, *os.environ.get("ALLOWED_HOSTS", "").split(",")]'
    yield "_hosts = [host.strip() for host in _hosts if host.strip()]"
    kept = "*ALLOWED_HOSTS, " if settings.allowed_hosts and "*" not in settings.allowed_hosts else ""
    yield f"ALLOWED_HOSTS = [{kept}*_hosts]"
    yield "# Forms sent from these origins are trusted, whatever a proxy does to the Host header."
    kept = "*CSRF_TRUSTED_ORIGINS, " if "CSRF_TRUSTED_ORIGINS" in settings.defined else ""
    yield f'CSRF_TRUSTED_ORIGINS = [{kept}*(f"https://{{host}}" for host in _hosts)]'


def _database(settings: Settings, production: Production) -> Iterator[str]:
    yield ""
    yield "# The platform's PostgreSQL. Connections are kept for some minutes and checked before they are used again."
    yield "import dj_database_url"
    yield ""
    engine = f', engine="{_POSTGIS}"' if settings.database_engine.endswith(".postgis") else ""
    others = "**DATABASES, " if "DATABASES" in settings.defined else ""
    line = f'DATABASES = {{{others}"default": {production.database.format(engine=engine)}}}'
    if production.database_if:
        yield f"if {production.database_if}:  # otherwise the database above stays"
        yield f"    {line}"
    else:
        yield line


def _mail() -> Iterator[str]:
    yield "# The mailer for development only prints; production sends through the SMTP server of these variables."
    yield "MAILERS = {"
    yield "    **MAILERS,"
    yield '    "default": {'
    yield f'        "BACKEND": "{_SMTP}",'
    yield '        "OPTIONS": {'
    yield '            "host": os.environ.get("EMAIL_HOST", "localhost"),'
    yield '            "port": int(os.environ.get("EMAIL_PORT", "587")),'
    yield '            "username": os.environ.get("EMAIL_HOST_USER", ""),'
    yield '            "password": os.environ.get("EMAIL_HOST_PASSWORD", ""),'
    yield '            "use_tls": True,'
    yield "        },"
    yield "    },"
    yield "}"


def _logging() -> Iterator[str]:
    yield "# With DEBUG off, Django keeps most of its log to itself; the platform collects what goes to the console."
    yield "LOGGING = {"
    yield '    "version": 1,'
    yield '    "disable_existing_loggers": False,'
    yield '    "handlers": {"console": {"class": "logging.StreamHandler"}},'
    yield '    "root": {"handlers": ["console"], "level": "INFO"},'
    yield "}"
