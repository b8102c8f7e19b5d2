"""What a site needs besides a web process and one database, detected so that its absence is no surprise. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..model import FrontEnd, Project
from .workers import titles

_SCHEDULES = {
    "django-apscheduler": "APScheduler",
    "django-celery-beat": "Celery beat",
    "django-cron": "django-cron",
    "django-crontab": "django-crontab",
}
_REDIS = ("channels-redis", "django-redis", "redis", "valkey")
_CHANNELS = ("channels", "daphne")


@dataclass(frozen=True, kw_only=True)
class Ways:
    """How people add, on a platform, what no run does: sentences, with {command} for the worker's command."""

    worker: str = "add a worker process on the platform that runs {command}"
    redis: str = "add one on the platform, and pass its address to the settings in a variable"


def not_covered(project: Project, front_end: FrontEnd | None, worker: Sequence[str], ways: Ways) -> Iterator[str]:
    """One line for each, with what to do. `front_end` is the one that is built, `worker` the worker's command."""
    declared, settings = project.dependencies.declared, project.settings
    if queues := titles(declared):
        command = shlex.join(worker) or "your worker's command"
        yield (
            f"No worker process is started ({', '.join(queues)}), so tasks stay in the queue. One costs as much as a "
            f"web process. To start it: {ways.worker.format(command=command)}."
        )
    schedules = [title for name, title in _SCHEDULES.items() if name in declared]
    if schedules:
        yield f"Nothing runs on a schedule ({', '.join(schedules)}): add a scheduled job on the platform."
    if redis := [name for name in _REDIS if name in declared]:
        yield f"No Redis is created ({', '.join(redis)}); it has a price of its own. To have one: {ways.redis}."
    if not settings.asgi and (found := [name for name in _CHANNELS if name in declared]):
        yield (
            f"The site is started with WSGI, but {', '.join(found)} needs ASGI: change the start command to use "
            "WebSockets."
        )
    if "django.contrib.sites" in settings.installed_apps or "wagtail.sites" in settings.installed_apps:
        yield "The domain in the database (the first entry of Sites) is not changed; set it in the admin."
    for other in project.front_ends:
        if other is not front_end:
            yield (
                f"{other.package} has a build script ({other.script}), which no build on the platform runs: "
                "commit the files that it makes if Django serves them."
            )
    if len(settings.sqlite_files) > 1:
        files = ", ".join(settings.sqlite_files)
        yield f"Only the default database is on PostgreSQL. Data in SQLite is lost with each deployment: {files}."
