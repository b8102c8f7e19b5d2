"""What a site needs besides a web process and one database, recognised so that its absence is no surprise. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from .model import FrontEnd, Project

_WORKERS = {
    "celery": "Celery",
    "django-q2": "Django Q2",
    "django-rq": "RQ",
    "django-tasks": "Django's tasks",
    "django-tasks-db": "Django's tasks",
    "dramatiq": "Dramatiq",
    "huey": "Huey",
    "procrastinate": "Procrastinate",
    "rq": "RQ",
}
_SCHEDULES = {
    "django-apscheduler": "APScheduler",
    "django-celery-beat": "Celery beat",
    "django-cron": "django-cron",
    "django-crontab": "django-crontab",
}
_REDIS = ("channels-redis", "django-redis", "redis", "valkey")
_CHANNELS = ("channels", "daphne")


def not_covered(project: Project, front_end: FrontEnd | None) -> Iterator[str]:
    """One line for each, with what to do. `front_end` is the one that is built."""
    declared, settings = project.dependencies.declared, project.settings
    workers = dict.fromkeys(title for name, title in _WORKERS.items() if name in declared)
    if workers:
        yield (
            f"No worker process is started ({', '.join(workers)}): tasks stay in the queue until you add a worker "
            "on the platform."
        )
    schedules = [title for name, title in _SCHEDULES.items() if name in declared]
    if schedules:
        yield f"Nothing runs on a schedule ({', '.join(schedules)}): add a scheduled job on the platform."
    if redis := [name for name in _REDIS if name in declared]:
        yield f"No Redis is created ({', '.join(redis)}): add one, and pass its address to the settings in a variable."
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
