"""What the settings block sets while the site runs: hosts, https, the database, mail and logging."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import SMTP_BACKEND, Settings
from .platform_expressions import Production

_POSTGRES = "django.contrib.postgres"
_SEARCH = "wagtail.search"


def while_running(settings: Settings, production: Production, *, engine: str) -> Iterator[str]:
    """The lines that take effect while the site runs only."""
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
    yield "# after a mistake, so this block leaves it to you. Once the site works well, start with a small value."
    yield from _database(settings, production, engine)
    if settings.prints_mail:
        yield from _mail()
    yield from _logging()


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


def _mail() -> Iterator[str]:
    yield "# Development mailers only print; in production, send through the SMTP server in these variables."
    yield '_mailers = _given.get("MAILERS") or {}'
    yield '_mailer = _mailers.get("default", {}).get("BACKEND", "")'
    yield f'if _mailer.startswith("django.core.mail.backends.") and _mailer != "{SMTP_BACKEND}":'
    yield "    MAILERS = {"
    yield "        **_mailers,"
    yield '        "default": {'
    yield f'            "BACKEND": "{SMTP_BACKEND}",'
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


def caches_elsewhere() -> Iterator[str]:
    """The lines for caches in a folder that the running site cannot write."""
    yield "# Your folder for a cache cannot be written here; the system's temporary folder can."
    yield "import tempfile"
    yield ""
    yield "CACHES = {"
    yield '    _name: {**_cache, "LOCATION": Path(tempfile.gettempdir()) / f"cache-{_name}"}'
    yield '    if str(_cache.get("BACKEND", "")).endswith(".FileBasedCache")'
    yield "    else _cache"
    yield '    for _name, _cache in (_given.get("CACHES") or {}).items()'
    yield "}"


def without_a_server(engine: str) -> Iterator[str]:
    """The lines for a build that loads models without a database."""
    yield "# A build connects to no database. Models need an engine, and production has the driver of this one."
    yield f'_database = {{"ENGINE": "{engine}", "NAME": "none while building"}}'
    yield 'DATABASES = {**(_given.get("DATABASES") or {}), "default": _database}'
