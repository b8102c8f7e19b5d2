"""The command that processes a project's queue."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from test_claims import make

from simple_deploy.production.workers import titles, worker


@pytest.mark.parametrize(
    ("declared", "command"),
    [
        ({"celery", "redis"}, "celery -A blog worker --loglevel INFO"),
        ({"django-rq", "rq"}, "python manage.py rqworker"),
        ({"django-tasks", "django-tasks-db"}, "python manage.py db_worker"),
        ({"django-q2"}, "python manage.py qcluster"),
        ({"procrastinate"}, "python manage.py procrastinate worker"),
        ({"rq"}, ""),
        ({"django"}, ""),
    ],
)
def test_the_packages_determine_the_command(declared: set[str], command: str) -> None:
    project = make(Path("/srv/blog"))
    project = replace(project, dependencies=replace(project.dependencies, declared=frozenset(declared)))
    assert " ".join(worker(project)) == command


def test_a_queue_has_one_name() -> None:
    assert titles(["rq", "django-rq", "celery"]) == ("Celery", "RQ")


def test_celery_is_started_where_the_project_is() -> None:
    project = make(Path("/srv/blog"))
    project = replace(
        project,
        manage_dir="site",
        settings=replace(project.settings, path="site/blog/settings.py"),
        dependencies=replace(project.dependencies, declared=frozenset({"celery"})),
    )
    assert worker(project) == ("celery", "-A", "blog", "--workdir", "site", "worker", "--loglevel", "INFO")
