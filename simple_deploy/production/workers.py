"""The command that processes a project's queue, according to the packages that it uses. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from ..model import Project
from .used_packages import used_packages

# Package -> its display name, and the words after "manage.py" ("": it has its own program).
_MANAGED = {
    "django-background-tasks": ("django-background-tasks", "process_tasks"),
    "django-q": ("Django Q", "qcluster"),
    "django-q2": ("Django Q2", "qcluster"),
    "django-rq": ("RQ", "rqworker"),
    "django-tasks-db": ("Django's tasks", "db_worker"),
    "django-tasks": ("Django's tasks", "db_worker"),
    "django-dramatiq": ("Dramatiq", "rundramatiq"),
    "huey": ("Huey", "run_huey"),
    "procrastinate": ("Procrastinate", "procrastinate worker"),
}
_OTHER = {"celery": "Celery", "dramatiq": "Dramatiq", "rq": "RQ"}


def titles(used: Iterable[str]) -> tuple[str, ...]:
    """The project's task queues, each once."""
    names = set(used)
    known = {**{name: title for name, (title, _) in _MANAGED.items()}, **_OTHER}
    return tuple(dict.fromkeys(title for name, title in sorted(known.items()) if name in names))


def worker(project: Project) -> tuple[str, ...]:
    """The worker's command in an activated environment at the Git root; empty if unknown."""
    used = used_packages(project)
    if "celery" in used:
        folder = ("--workdir", project.code_dir) if project.code_dir != "." else ()
        paths = ("env", f"PYTHONPATH={':'.join(project.script_paths)}") if project.script_paths else ()
        return (*paths, "celery", "-A", _celery_app(project), *folder, "worker", "--loglevel", "INFO", *_beat(project))
    words = next((words for name, (_, words) in _MANAGED.items() if name in used), "")
    # Without names, it only works on the queue "default".
    queues = project.settings.rq_queues if words == _MANAGED["django-rq"][1] else ()
    return ("python", project.manage_py, *words.split(), *queues) if words else ()


def _celery_app(project: Project) -> str:
    """The package of the settings (Celery docs, "First steps with Django"), unless another module makes the app."""
    package = project.settings.module.partition(".")[0]
    folder = "" if project.code_dir == "." else f"{project.code_dir}/"
    files = [path.removeprefix(folder) for path in project.celery.files if path.startswith(folder)]
    if not files or {f"{package}/celery.py", f"{package}/__init__.py"} & {*files}:
        return package
    return files[0].removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _beat(project: Project) -> tuple[str, ...]:
    """The schedule runs in the worker, of which there is only one (Celery docs, "Periodic Tasks")."""
    if "django-celery-beat" in used_packages(project):
        return ("--beat", "--scheduler", "django")
    # A platform may not allow a process to write in the folder of the code.
    return ("--beat", "--schedule", "/tmp/celerybeat-schedule") if project.celery.scheduled else ()
