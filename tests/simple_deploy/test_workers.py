"""The command that processes a project's queue."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from test_claims import make

from matrix.sandbox import environments
from simple_deploy.inspect.celery_app import QUESTION, celery_in
from simple_deploy.model import Celery, Project, Variable
from simple_deploy.production.not_covered import Ways, not_covered
from simple_deploy.production.workers import titles, worker


@pytest.mark.parametrize(
    ("declared", "command"),
    [
        ({"celery", "redis"}, "celery -A blog worker --loglevel INFO"),
        ({"django-rq", "rq"}, "python manage.py rqworker"),
        ({"django-tasks", "django-tasks-db"}, "python manage.py db_worker"),
        ({"django-q2"}, "python manage.py qcluster"),
        ({"django-q"}, "python manage.py qcluster"),
        ({"django-background-tasks"}, "python manage.py process_tasks"),
        ({"procrastinate"}, "python manage.py procrastinate worker"),
        ({"rq"}, ""),
        ({"django"}, ""),
    ],
)
def test_the_packages_determine_the_command(declared: set[str], command: str) -> None:
    project = make(Path("/srv/blog"))
    project = replace(project, dependencies=replace(project.dependencies, declared=frozenset(declared)))
    project = replace(project, celery=Celery(files=("blog/celery.py",)))
    assert " ".join(worker(project)) == command


def test_the_worker_of_rq_works_on_every_queue_of_the_settings() -> None:
    project = make(Path("/srv/blog"))
    project = replace(
        project,
        dependencies=replace(project.dependencies, declared=frozenset({"django-rq"})),
        settings=replace(project.settings, rq_queues=("high", "low")),
    )
    assert " ".join(worker(project)) == "python manage.py rqworker high low"


@pytest.mark.parametrize(
    ("app", "declared", "title", "command"),
    [
        ("django_q", set(), "Django Q2", "python manage.py qcluster"),
        ("django_q.apps.DjangoQConfig", {"django-q"}, "Django Q", "python manage.py qcluster"),
        ("django_rq", {"django-rq-scheduler"}, "RQ", "python manage.py rqworker"),
        ("huey.contrib.djhuey", set(), "Huey", "python manage.py run_huey"),
        ("django_dramatiq", set(), "Dramatiq", "python manage.py rundramatiq"),
        ("django_tasks.backends.database", set(), "Django's tasks", "python manage.py db_worker"),
        ("django_celery_beat", set(), "Celery", "celery -A blog worker --loglevel INFO --beat --scheduler django"),
        ("django_celery_results", set(), "Celery", "celery -A blog worker --loglevel INFO"),
        ("django_q_extras", set(), None, ""),
        ("django_tasks", set(), None, ""),
    ],
)
def test_an_app_says_that_a_queue_is_used(app: str, declared: set[str], title: str | None, command: str) -> None:
    project = make(Path("/srv/blog"))
    project = replace(
        project,
        settings=replace(project.settings, installed_apps=(app,)),
        dependencies=replace(project.dependencies, declared=frozenset(declared)),
    )
    said = list(not_covered(project, None, (), Ways()))
    assert [one.partition("(")[2].partition(")")[0] for one in said] == ([title] if title else [])
    assert " ".join(worker(project)) == command


@pytest.mark.parametrize(
    ("files", "command"), [(("blog/celery.py",), "celery -A blog worker --loglevel INFO"), ((), "")]
)
def test_celery_from_another_package_is_used_where_code_makes_its_app(files: tuple[str, ...], command: str) -> None:
    project = with_celery(files=files)
    dependencies = replace(project.dependencies, declared=frozenset({"something"}))
    tried = replace(project.tried, installed=("something", "celery"))
    assert " ".join(worker(replace(project, dependencies=dependencies, tried=tried))) == command


def test_a_queue_has_one_name() -> None:
    assert titles(["rq", "django-rq", "celery"]) == ("Celery", "RQ")


def test_celery_is_started_where_the_project_is() -> None:
    project = make(Path("/srv/blog"))
    project = replace(
        project,
        manage_dir="site",
        settings=replace(project.settings, path="site/blog/settings.py"),
        dependencies=replace(project.dependencies, declared=frozenset({"celery"})),
        celery=Celery(files=("site/blog/celery.py",)),
    )
    assert worker(project) == ("celery", "-A", "blog", "--workdir", "site", "worker", "--loglevel", "INFO")


def with_celery(path: str = "blog/settings.py", **facts: Any) -> Project:
    """A project that declares Celery, with what Git found in its code."""
    project = make(Path("/srv/blog"))
    return replace(
        project,
        settings=replace(project.settings, path=path),
        dependencies=replace(project.dependencies, declared=frozenset({"celery"})),
        celery=Celery(**facts),
    )


@pytest.mark.parametrize(
    ("files", "app"),
    [
        (("blog/celery.py",), "blog"),
        (("tasks/app.py", "blog/celery.py"), "blog"),
        (("tasks/app.py",), "tasks.app"),
        (("tasks/__init__.py",), "tasks"),
    ],
)
def test_celery_is_started_with_the_module_that_makes_the_app(files: tuple[str, ...], app: str) -> None:
    assert worker(with_celery(files=files))[:3] == ("celery", "-A", app)
    assert worker(with_celery("src/blog/settings.py", files=tuple(f"src/{path}" for path in files)))[2] == app


def test_celery_that_nothing_starts_is_not_in_use() -> None:
    assert worker(with_celery()) == ()
    started = {"Procfile": b"web: gunicorn blog.wsgi\nqueue: celery -A blog worker\n"}
    assert worker(replace(with_celery(), files=started))[:3] == ("celery", "-A", "blog")


def test_a_schedule_in_the_code_runs_in_the_worker() -> None:
    assert worker(with_celery(scheduled=True, files=("blog/celery.py",)))[-3:] == (
        "--beat",
        "--schedule",
        "/tmp/celerybeat-schedule",
    )


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('app = Celery("blog")', Celery(files=("blog/tasks.py",))),
        ('app: Celery = celery.Celery("blog")', Celery(files=("blog/tasks.py",))),
        ("CELERY_BEAT_SCHEDULE = {", Celery(scheduled=True)),
        ("app.conf.beat_schedule = {", Celery(scheduled=True)),
        ('CELERY = {"beat_schedule": {}}', Celery(scheduled=True)),
        ("    sender.add_periodic_task(10.0, ping.s())", Celery(scheduled=True)),
        ('CELERY_BEAT_SCHEDULER = "some:Scheduler"', Celery()),
        ("# CELERY_BEAT_SCHEDULE = {}", Celery()),
        ("print('Celery(')", Celery()),
    ],
)
def test_git_finds_the_app_and_its_schedule(line: str, found: Celery, tmp_path: Path) -> None:
    (tmp_path / "blog").mkdir()
    (tmp_path / "blog" / "tasks.py").write_text(line + "\n", encoding="utf-8")
    for words in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    ended = subprocess.run(QUESTION, cwd=tmp_path / "blog", capture_output=True, encoding="utf-8", check=False)
    assert celery_in(ended.stdout) == found


def line_for_the_shell(app: str) -> str:
    """The line that the summary shows for a project with this app."""
    project = make(Path("/srv/blog"))
    settings = replace(project.settings, installed_apps=(app,))
    (said,) = not_covered(replace(project, settings=settings), None, (), Ways())
    return said.partition("Django's shell on the platform: ")[2]


def test_the_line_for_the_shell_gives_the_site_its_host() -> None:
    line = line_for_the_shell("django.contrib.sites")
    program = f"""\
from django.conf import settings
apps = ["django.contrib.sites"]
database = {{"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
settings.configure(SITE_ID=2, INSTALLED_APPS=apps, DATABASES={{"default": database}})
import django
from django.core.management import call_command
django.setup()
call_command("migrate", verbosity=0)
{line}
print([(site.pk, site.domain, site.name) for site in Site.objects.all()])
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
    assert ended.stdout == "[(2, 'www.example.com', 'www.example.com')]\n"


@pytest.mark.long
def test_the_line_for_the_shell_gives_wagtails_first_page_its_host(tmp_path: Path) -> None:
    uv, python = environments.uv(), tmp_path / "venv" / "bin" / "python"
    subprocess.run([uv, "venv", "--quiet", "--no-project", "--python", sys.executable, tmp_path / "venv"], check=True)
    subprocess.run([uv, "pip", "install", "--quiet", "--python", python, "wagtail>=7,<8"], check=True)
    program = f"""\
from django.conf import settings
apps = ["wagtail.sites", "wagtail.users", "wagtail.images", "wagtail.documents", "wagtail.admin", "wagtail.search"]
apps += ["wagtail", "taggit", "modelcluster", "django.contrib.auth", "django.contrib.contenttypes"]
database = {{"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
field = "django.db.models.AutoField"
settings.configure(
    INSTALLED_APPS=apps, DATABASES={{"default": database}}, ROOT_URLCONF="wagtail.urls", DEFAULT_AUTO_FIELD=field,
    STATIC_URL="static/",
)
import django
from django.core.management import call_command
django.setup()
call_command("migrate", verbosity=0)
from wagtail.models import Page
print(Page.objects.get(depth=2).full_url)
{line_for_the_shell("wagtail.sites")}
print(Page.objects.get(depth=2).full_url)
"""
    ended = subprocess.run([python, "-c", program], capture_output=True, encoding="utf-8")
    assert (ended.stdout, ended.stderr) == ("http://localhost/\nhttps://www.example.com/\n", "")


@pytest.mark.parametrize(
    ("declared", "named"),
    [
        ({"apscheduler"}, "(APScheduler)"),
        ({"apscheduler", "django-apscheduler"}, "(APScheduler)"),
        ({"schedule", "django-crontab"}, "(django-crontab, schedule)"),
    ],
)
def test_jobs_on_a_schedule_are_named_once(declared: set[str], named: str) -> None:
    project = make(Path("/srv/blog"))
    project = replace(project, dependencies=replace(project.dependencies, declared=frozenset(declared)))
    (said,) = not_covered(project, None, (), Ways())
    assert said.startswith(f"Nothing runs on a schedule {named}: ")


_HEROKUS = Ways(redis="buy one, which sets REDIS_URL", redis_variable="REDIS_URL")


@pytest.mark.parametrize(
    ("names", "ways", "ends"),
    [
        (
            (),
            Ways(),
            "and set REDIS_URL to its address. Let your settings read REDIS_URL: none of the variables that they read "
            "seems to have the address.",
        ),
        (("BROKER_URL", "CHANNEL_REDIS", "OTHER"), Ways(), "and set BROKER_URL and CHANNEL_REDIS to its address."),
        (("REDIS_URL",), _HEROKUS, ": buy one, which sets REDIS_URL."),
        (
            ("BROKER_URL",),
            _HEROKUS,
            "read BROKER_URL (a.py:1): let them read REDIS_URL there, or set the same address.",
        ),
        (
            ("REDIS_HOST", "REDIS_PORT", "CELERY_REDIS_DB"),
            Ways(),
            "and set REDIS_HOST, REDIS_PORT and CELERY_REDIS_DB to the parts of its address.",
        ),
        (
            ("REDIS_HOST",),
            _HEROKUS,
            "read REDIS_HOST (a.py:1): let them read REDIS_URL there, or set the parts of the same address.",
        ),
        (("REDIS_URL", "REDIS_HOST"), _HEROKUS, ": buy one, which sets REDIS_URL."),
        (("BROKER_URL", "REDIS_URL"), _HEROKUS, "or set the same address."),
    ],
)
def test_a_redis_is_of_use_to_the_variables_that_are_read(names: tuple[str, ...], ways: Ways, ends: str) -> None:
    project = make(Path("/srv/blog"))
    project = replace(
        project,
        variables=tuple(Variable(name=name, place="a.py:1", needed="no") for name in names),
        dependencies=replace(project.dependencies, declared=frozenset({"redis"})),
    )
    (said,) = not_covered(project, None, (), ways)
    assert said.endswith(ends)


@pytest.mark.parametrize(("known", "told"), [({"OTHER"}, True), ({"REDIS_URL"}, False)])
def test_a_redis_whose_address_is_given_exists(known: set[str], told: bool) -> None:
    project = make(Path("/srv/blog"))
    project = replace(
        project,
        variables=(Variable(name="REDIS_URL", place="a.py:1", needed="no"),),
        dependencies=replace(project.dependencies, declared=frozenset({"redis"})),
    )
    assert bool([*not_covered(project, None, (), Ways(), known)]) is told


def test_the_name_of_a_redis_in_an_example_file_is_not_read_by_the_settings() -> None:
    project = make(Path("/srv/blog"))
    listed = Variable(name="CELERY_BROKER_URL", place="src/.env.example", needed="no", absent=True)
    project = replace(
        project, variables=(listed,), dependencies=replace(project.dependencies, declared=frozenset({"redis"}))
    )
    (said,) = not_covered(project, None, (), _HEROKUS)
    assert ": buy one, which sets REDIS_URL. Let your settings read REDIS_URL: " in said
