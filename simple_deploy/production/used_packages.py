"""Packages with queues or schedules that a project uses: declared, or with an app in INSTALLED_APPS. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from ..model import Project

# App -> the packages that have it, the usual one first. Another package may bring them, so that no requirement names
# them. "django_tasks" alone runs tasks at once, without a queue.
_BY_APP: Mapping[str, tuple[str, ...]] = {
    "background_task": ("django-background-tasks",),
    "django_apscheduler": ("django-apscheduler",),
    "django_celery_beat": ("django-celery-beat",),
    "django_celery_results": ("django-celery-results",),
    "django_cron": ("django-cron",),
    "django_crontab": ("django-crontab",),
    "django_dramatiq": ("django-dramatiq",),
    "django_q": ("django-q2", "django-q"),
    "django_rq": ("django-rq",),
    "django_tasks.backends.database": ("django-tasks",),
    "django_tasks_db": ("django-tasks-db",),
    "huey.contrib.djhuey": ("huey",),
    "procrastinate.contrib.django": ("procrastinate",),
}
_FOR_CELERY = {"django-celery-beat", "django-celery-results"}


def used_packages(project: Project) -> frozenset[str]:
    """PEP 503 names: everything declared, and what is used without being declared; Celery if something starts it and
    its tasks do not run at once.
    """
    dependencies = project.dependencies
    apps = project.settings.installed_apps
    found = {
        packages[0]
        for app, packages in _BY_APP.items()
        if dependencies.declared.isdisjoint(packages) and any(f"{one}.".startswith(f"{app}.") for one in apps)
    }
    used = dependencies.declared | found
    if project.tried.eager:
        return used - {"celery"}
    brought = "celery" in {*dependencies.versions, *project.tried.installed}
    if used & _FOR_CELERY or (brought and project.celery.files):
        return used | {"celery"}
    started = project.celery.files or b"celery" in (project.files.get("Procfile") or b"")
    return used if started else used - {"celery"}
