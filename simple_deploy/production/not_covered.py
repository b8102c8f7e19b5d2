"""What a site needs besides a web process and one database, detected so that its absence is no surprise. Pure."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from ..model import HOST, Dependencies, FrontEnd, Project, Settings, Variable
from .used_packages import used_packages
from .workers import titles

_SCHEDULES = {
    "apscheduler": "APScheduler",
    "django-apscheduler": "APScheduler",
    "django-cron": "django-cron",
    "django-crontab": "django-crontab",
    "schedule": "schedule",
}
# Style sheets: package -> the command that its documentation runs before collectstatic.
_STYLES = {"django-sass": "sass", "django-tailwind-cli": "tailwind build"}
_REDIS = ("channels-redis", "django-redis", "redis", "valkey")
# Names of variables that hold the address of a Redis in projects that declare one of its clients.
REDIS_ADDRESS = re.compile(
    r".*(REDIS|VALKEY|BROKER|CHANNEL|CACHE).*(URL|URI|LOCATION)|(.*_)?(REDIS|VALKEY|BROKER|RESULT_BACKEND)"
)
# And those of its parts.
_REDIS_PART = re.compile(r"(.*_)?(REDIS|VALKEY|BROKER)(_.*)?_(HOST|PORT|USER(NAME)?|PASS(WORD)?|DB)")
_CHANNELS = ("channels", "daphne")
_PROVIDERS = "allauth.socialaccount.providers."


@dataclass(frozen=True, kw_only=True)
class Ways:
    """How people add, on a platform, what no run does: sentences, with {command} for the worker's command, {names} for
    the variables from which the settings read the address of a Redis, and {parts} before the address, for settings
    that read its parts.

    The costs continue the sentence "It costs ...". `redis_variable` is the variable that the platform itself sets to
    that address.
    """

    worker: str = "add a worker process on the platform that runs {command}"
    worker_cost: str = "as much as a web process"
    redis: str = "add one on the platform, and set {names} to {parts}its address"
    redis_cost: str = "a price of its own"
    redis_variable: str = ""
    schedule: str = "add a scheduled job on the platform"


def _host_lines(settings: Settings) -> Iterator[tuple[str, str]]:
    """The made-up host that migrations write to the site's own row in the database, with what has or needs it, and
    Python that sets another.
    """
    links = "and links in mails and sitemaps have it"
    if "django.contrib.sites" in settings.installed_apps:
        fail = ". Without SITE_ID in the settings, pages that ask for the site, such as a login, fail with that"
        yield (
            f"example.com (django.contrib.sites), {links}{fail if settings.site_by_host else ''}",
            "from django.conf import settings; from django.contrib.sites.models import Site; "
            'Site.objects.update_or_create(pk=getattr(settings, "SITE_ID", None) or 1, '
            f'defaults={{"domain": "{HOST}", "name": "{HOST}"}})',
        )
    if "wagtail.sites" in settings.installed_apps:
        yield (
            f"localhost (Wagtail), {links}",
            "from wagtail.models import Site; site = Site.objects.get(is_default_site=True); "
            f'site.hostname, site.port = "{HOST}", 443; site.save()',
        )


def _redis_variables(project: Project) -> list[Variable]:
    """Those from which the code reads the address of a Redis, or else its parts."""
    # An example file, whose places have no line, may name what nothing reads.
    in_code = [one for one in project.variables if ":" in one.place]
    whole = [one for one in in_code if one.kind == "cache" or REDIS_ADDRESS.fullmatch(one.name)]
    return whole or [one for one in in_code if _REDIS_PART.fullmatch(one.name)]


def redis_way(project: Project, ways: Ways) -> str:
    """How to add a Redis whose address reaches the variables that the settings read."""
    read = _redis_variables(project)
    parts = "the parts of " if read and all(_REDIS_PART.fullmatch(one.name) for one in read) else ""
    usual = ways.redis_variable or "REDIS_URL"
    way = ways.redis.format(names=_enumerated([one.name for one in read]) or usual, parts=parts)
    if not read:
        return f"{way}. Let your settings read {usual}: none of the variables that they read seems to have the address"
    others = [one for one in read if one.name != ways.redis_variable]
    if not others or not ways.redis_variable:
        return way
    also = "also " if len(others) < len(read) else ""
    them = _enumerated([f"{one.name} ({one.place})" for one in others])
    return (
        f"{way}. The settings {also}read {them}: let them read {ways.redis_variable} there, or set {parts}the same "
        "address"
    )


def _enumerated(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def _redis_clients(dependencies: Dependencies) -> list[str]:
    """The declared packages that talk to a Redis, or bring one that does: celery[redis]."""
    by_extra = [f"{name}[redis]" for name, extras in sorted(dependencies.extras.items()) if "redis" in extras]
    return [name for name in _REDIS if name in dependencies.declared] or by_extra


def not_covered(
    project: Project, front_end: FrontEnd | None, worker: Sequence[str], ways: Ways, known: Set[str] = frozenset()
) -> Iterator[str]:
    """One line for each, with what to do. `front_end` is the one that is built, `worker` the worker's command, `known`
    are the variables that the user gives or has set.
    """
    declared, settings = project.dependencies.declared, project.settings
    used = used_packages(project)
    if queues := titles(used):
        command = shlex.join(worker) or "your worker's command"
        yield (
            f"No worker process is started ({', '.join(queues)}), so tasks stay in the queue. It costs "
            f"{ways.worker_cost}. To start it: {ways.worker.format(command=command)}."
        )
    if schedules := dict.fromkeys(title for name, title in _SCHEDULES.items() if name in used):
        yield f"Nothing runs on a schedule ({', '.join(schedules)}): {ways.schedule}."
    redis = _redis_clients(project.dependencies)
    if redis and known.isdisjoint(one.name for one in _redis_variables(project)):
        way = redis_way(project, ways)
        yield f"No Redis is created ({', '.join(redis)}). It costs {ways.redis_cost}. To have one: {way}."
    if not settings.asgi and (found := [name for name in _CHANNELS if name in declared]):
        yield (
            f"The site is started with WSGI, but {', '.join(found)} needs ASGI: change the start command to use "
            "WebSockets."
        )
    for host, line in _host_lines(settings):
        yield (
            f"The host in the database stays {host}. After the deployment, run this in Django's shell on the platform: "
            f"{line}"
        )
    if "django_tenants" in settings.installed_apps:
        yield (
            "Every page is a 404 until the site's host has a domain in the database (django-tenants). After the "
            f"deployment, make the tenant of the public schema with the domain {HOST}, for example with "
            f"{project.manage_py} create_tenant."
        )
    providers = [app.removeprefix(_PROVIDERS) for app in settings.installed_apps if app.startswith(_PROVIDERS)]
    # OpenID needs no application and no key.
    if providers := [name for name in providers if name != "openid"]:
        yield (
            f"Pages that offer a login through {', '.join(providers)} (django-allauth) answer with an error until it "
            "is set up: after the deployment, add a social application in Django's admin, unless the settings have "
            "its keys (SOCIALACCOUNT_PROVIDERS)."
        )
    for name, command in _STYLES.items():
        if name in declared:
            yield (
                f"No build on the platform runs python manage.py {command} ({name}): run it before you commit, and "
                "commit the style sheets that it writes."
            )
    for other in project.front_ends:
        if other is not front_end:
            yield (
                f"{other.package} has a script ({other.script}), which no build on the platform runs: "
                "commit the files that it makes if Django serves them. If not, deploy them to another place, and give "
                "their code this site's address."
            )
    if len(settings.sqlite_files) > 1:
        files = ", ".join(settings.sqlite_files)
        lost = "Data in SQLite is lost with each restart and deployment"
        yield f"Only the default database is on PostgreSQL. {lost}: {files}."
