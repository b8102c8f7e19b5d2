"""Rehearsing arbitrary projects: one complete run, and the parts that need no machine."""

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from results_samples import FLAT, NESTED, PUBLISHED, result

from matrix import emulators
from matrix.__main__ import main
from matrix.engine import package_managers
from matrix.engine.run import Log, Run, StageFailed
from matrix.record import published
from matrix.record.results import load, save
from matrix.rehearsal.originals import every_file, has_changes, last_tag, tracked_files
from matrix.rehearsal.preparation import copy, expect_self_contained
from matrix.sandbox import isolation, processes
from matrix.sandbox.machine import Sandbox

ROOT = Path(__file__).resolve().parents[2]

IDENTITY = ("-c", "user.name=Test", "-c", "user.email=test@example.com")


def git(folder, *arguments):
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


def fingerprint(folder):
    """Every path below a folder with its bytes, including Git's own files."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture
def project(tmp_path):
    """The output of `django-admin startproject`, with its one requirement."""
    folder = tmp_path / "mysite"
    folder.mkdir()
    start = [sys.executable, "-m", "django", "startproject", "mysite", str(folder)]
    subprocess.run(start, check=True, capture_output=True)
    (folder / "requirements.txt").write_text("django~=5.2.0\n", encoding="utf-8", newline="\n")
    return folder


@pytest.mark.long
def test_a_new_project_is_served_and_the_original_is_unchanged(project, tmp_path, capsys):
    before = fingerprint(project)
    report_file = tmp_path / "report.json"
    status = main(["rehearse", str(project), "--platform", "heroku", "--json", str(report_file)])
    said = capsys.readouterr().out
    assert status == 0, said
    assert fingerprint(project) == before
    report = json.loads(report_file.read_text(encoding="utf-8"))
    assert report["served"] is True
    assert [stage["name"] for stage in report["stages"]] == [
        "copy",
        "python",
        "install",
        "configure",
        "deploy",
        "look",
        "rerun",
        "teardown",
    ]
    assert {stage["status"] for stage in report["stages"]} == {"pass"}
    assert "admin login page" in said
    assert "+++ b/Procfile" in said
    assert f"Served: {report['url']}" in said


@pytest.mark.long
def test_a_project_without_requirements_fails_with_a_remedy_and_is_cleaned_up(project, capsys):
    (project / "requirements.txt").unlink()
    assert main(["rehearse", str(project), "--platform", "heroku"]) == 1
    said = capsys.readouterr().out
    assert "There is no requirements.txt in mysite" in said
    assert "python -m pip freeze > requirements.txt" in said
    assert "Not served: no address" in said
    assert "teardown   pass" in said


@pytest.mark.long
def test_a_project_without_a_manage_py_fails_with_that(project, capsys):
    (project / "manage.py").unlink()
    assert main(["rehearse", str(project), "--platform", "heroku"]) == 1
    assert "There is no manage.py in mysite, or in a folder below it." in capsys.readouterr().out


@pytest.mark.long
def test_a_project_without_requirements_is_served_with_what_its_code_imports(project, capsys):
    (project / "requirements.txt").unlink()
    assert main(["rehearse", str(project), "--platform", "heroku", "--install", "Django>=5.2,<5.3"]) == 0
    assert re.search(r"^\+Django==5.2", capsys.readouterr().out, re.MULTILINE)


DOCKERFILE = """\
FROM python:3.12-alpine
ENV ON_FLY_IO=1
WORKDIR /app
COPY . .
RUN pip install -r requirements.txt gunicorn whitenoise dj-database-url "psycopg[binary]"
RUN python manage.py collectstatic --noinput
CMD ["gunicorn", "mysite.wsgi"]
"""


@pytest.mark.long
def test_a_dockerfile_from_an_unknown_image_is_not_rehearsed(project, capsys):
    (project / "Dockerfile").write_text(DOCKERFILE, encoding="utf-8", newline="\n")
    assert main(["rehearse", str(project), "--platform", "fly_io"]) == 1
    said = capsys.readouterr().out
    assert re.search(
        r"^mysite  deploy     fail .* cannot be rehearsed here: Dockerfile needs the image python", said, re.MULTILINE
    )


@pytest.mark.long
def test_a_broken_project_is_not_reported_as_served(project, capsys):
    settings = project / "mysite" / "settings.py"
    settings.write_text(settings.read_text(encoding="utf-8").replace("mysite.urls", "mysite.nothing"), "utf-8")
    assert main(["rehearse", str(project), "--platform", "heroku"]) == 1
    said = capsys.readouterr().out
    assert re.search(r"^mysite  install    pass", said, re.MULTILINE)
    assert re.search(r"^(configure|deploy) failed:\n(.*\n)*.*No module named 'mysite.nothing'", said, re.MULTILINE)
    assert f"python3 noxfile.py -s rehearse -- {project} --platform heroku --isolation {isolation.current()}\n" in said


@pytest.mark.long
def test_a_file_that_is_missing_in_development_too_is_no_failure(project, capsys):
    (project / "mysite" / "urls.py").write_text(
        "from django.http import HttpResponse\nfrom django.urls import path\n"
        "urlpatterns = [path('', lambda request: HttpResponse('<img src=\"assets/x.png\">'))]\n",
        encoding="utf-8",
    )
    status, said = main(["rehearse", str(project), "--platform", "heroku"]), capsys.readouterr().out
    assert status == 0, said
    assert "/assets/x.png  no URL of the project leads to it, in development either\n" in said


@pytest.mark.long
def test_a_project_gets_its_variables_locally_and_on_the_platform(project, tmp_path, capsys):
    settings = project / "mysite" / "settings.py"
    needs = 'import os\n\nassert os.environ["SITE_NAME"] == "My site"\nLANGUAGE_CODE = os.environ["LANGUAGE"]\n'
    # Only the platform has it, and the look at the admin needs the project's URLs.
    needs += 'SECRET_KEY = os.environ["SECRET_KEY"]\n'
    # Its driver is not installed here: only production has it.
    needs += 'DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "site"}}\n'
    settings.write_text(settings.read_text(encoding="utf-8") + needs, encoding="utf-8")
    (tmp_path / "my env").write_text("export SITE_NAME='My site'\nLANGUAGE=xx\n", encoding="utf-8")
    given = ["--env-file", str(tmp_path / "my env"), "--env", "LANGUAGE=de"]
    # A file for development: its DEBUG applies only there, and a second run changes nothing.
    settings.write_text(
        settings.read_text(encoding="utf-8") + 'DEBUG = os.environ["DEBUG"] == "True"\n', encoding="utf-8"
    )
    with (tmp_path / "my env").open("a", encoding="utf-8") as file:
        file.write("DEBUG=True\n")
    status, said = main(["rehearse", str(project), "--platform", "heroku", *given]), capsys.readouterr().out
    assert status == 0, said
    assert "admin login page" in said
    log = Path(re.search(r"^Log: (.*)$", said, re.MULTILINE)[1]).read_text(encoding="utf-8")
    # Both runs that only configure, and the deployment.
    assert log.count("--env LANGUAGE=de --env-file ") == 3


@pytest.mark.long
@pytest.mark.skipif(os.name == "nt", reason="commands for another shell")
def test_a_site_that_cannot_start_leaves_its_traceback_and_is_held_only_if_asked(project, tmp_path):
    with (project / "mysite" / "wsgi.py").open("a", encoding="utf-8") as file:
        file.write('raise RuntimeError("the site cannot start")\n')
    report_file = tmp_path / "report.json"
    argv = [sys.executable, "-m", "matrix", "rehearse", str(project), "--platform", "heroku", "--keep-failed"]
    argv += ["--json", str(report_file), "--", "--wait", "5", "--no-trial"]
    pipes = dict.fromkeys(("stdout", "stderr"), subprocess.PIPE)
    child = processes.start(argv, cwd=ROOT, env=os.environ, **pipes)
    try:
        said = [child.stdout.readline()]
        while said[-1] and said[-1] != "Ctrl-C ends it.\n":
            said.append(child.stdout.readline())
        report = json.loads(report_file.read_text(encoding="utf-8"))  # written before the end
        processes.interrupt(child)
        rest, errors = child.communicate(timeout=300)
    finally:
        processes.kill(child)
    assert (child.returncode, errors) == (1, "")
    assert "RuntimeError: the site cannot start\n" in said
    assert "teardown   pass" in rest
    kept = Path(report["evidence"])
    assert list(kept.glob("platform/apps/*/logs/web.1-v*.log"))
    assert list(kept.glob("deployer/deploy/*.log"))
    assert "HTTP 503" in (kept / "answers.txt").read_text(encoding="utf-8")


PLACES = {
    "requirements.txt": "requirements.txt",
    "requirements/production.txt": "requirements/production.txt",
    "site/requirements.txt": "site/requirements.txt",
    "site/requirements/base.txt": "site/requirements/base.txt",
    "docs/requirements.txt": None,
}


@pytest.mark.parametrize("place", PLACES)
def test_requirements_are_installed_from_where_the_product_finds_them(place, tmp_path):
    for path in (place, "site/manage.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("Django\n", encoding="utf-8")
    chosen = package_managers.of(tmp_path)
    assert (chosen and chosen.develop[-1]) == PLACES[place]


MANAGERS = {
    '[tool.poetry]\nname = "setup"\n': ("poetry", "sync", "--compile"),
    # Poetry would find no package of that name.
    '[tool.poetry]\nname = "x"\n': ("poetry", "sync", "--compile", "--no-root"),
    '[project]\nname = "x"\n': ("uv", "pip", "install", "--requirements", "pyproject.toml"),
    '[project]\nname = "x"\n[build-system]\nrequires = ["hatchling"]\n': ("uv", "pip", "install", "--editable", "."),
    # uv would not install such a project, and neither does production.
    '[project]\nname = "x"\n[build-system]\nrequires = ["hatchling"]\n[tool.uv]\npackage = false\n': (
        *("uv", "pip", "install", "--requirements", "pyproject.toml"),
    ),
    '[build-system]\nrequires = ["setuptools"]\n': ("uv", "pip", "install", "--editable", "."),
}


@pytest.mark.parametrize("text", MANAGERS)
def test_developers_without_a_lock_install_with_the_tool_of_their_manifest(text, tmp_path):
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    (tmp_path / "setup.py").write_text("", encoding="utf-8")
    chosen = package_managers.of(tmp_path)
    assert chosen and chosen.develop == MANAGERS[text]


@pytest.mark.parametrize(
    ("names", "develop"),
    [
        (["pyproject.toml", "poetry.lock"], "poetry sync --compile --no-root"),
        (["pyproject.toml", "uv.lock"], "uv sync --locked"),
        (["Pipfile", "Pipfile.lock"], "pipenv sync --dev"),
        (["pyproject.toml"], "uv pip install --requirements pyproject.toml"),
    ],
)
@pytest.mark.parametrize("script", ["manage.py", "cli/manage.py"])
def test_developers_install_from_a_manifest_beside_manage_py(script, names, develop, tmp_path):
    for name in (script, *names):
        (tmp_path / "backend" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "backend" / name).write_text('[project]\nname = "x"\n', encoding="utf-8")
    chosen = package_managers.of(tmp_path)
    assert chosen and (chosen.folder, " ".join(chosen.develop)) == ("backend", develop)
    assert set(chosen.contents(tmp_path)) == set(names)
    (tmp_path / "requirements.txt").write_text("Django\n", encoding="utf-8")
    chosen = package_managers.of(tmp_path)
    assert chosen and chosen.folder == "."


def test_the_newest_tag_gives_the_copy_its_version(tmp_path):
    git(tmp_path, "init")
    assert last_tag(tmp_path) == ""
    for number in (1, 2):
        git(tmp_path, *IDENTITY, "commit", "--allow-empty", "-m", "More")
        git(tmp_path, "tag", f"v{number}")
    git(tmp_path, *IDENTITY, "commit", "--allow-empty", "-m", "After it")
    assert last_tag(tmp_path) == "v2"
    assert not has_changes(tmp_path)
    (tmp_path / "new.py").write_text("", encoding="utf-8")
    assert has_changes(tmp_path)


@pytest.mark.parametrize("folder", ["", "requirements/", "site/requirements/"])
@pytest.mark.parametrize("name", ["dev", "local", "development"])
def test_developers_get_the_development_requirements(folder, name, tmp_path):
    prefix, first = ("", "production") if folder else ("requirements-", "requirements")
    for path in (f"{folder}{first}.txt", f"{folder}{prefix}{name}.txt", f"{folder}docs.txt", "site/manage.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("Django\n", encoding="utf-8")
    chosen = package_managers.of(tmp_path)
    assert chosen.develop == (*chosen.produce, "--requirements", f"{folder}{prefix}{name}.txt")


def test_requirements_outside_the_project_are_rejected_with_their_line(tmp_path):
    file = tmp_path / "requirements.txt"
    file.write_text("django\n-e ./inside\nx @ https://example.com/..\n", encoding="utf-8")
    expect_self_contained(tmp_path)
    for line in ("-e ..", "../lib", "--editable=..", "file:../x"):
        file.write_text(f"django\n  {line}\n", encoding="utf-8")
        with pytest.raises(StageFailed, match=f"outside the project: {re.escape(line)}\n"):
            expect_self_contained(tmp_path)


def test_tracked_and_trackable_files_are_rehearsed(tmp_path):
    git(tmp_path, "init")
    for name in (".gitignore", "tracked.py", "new.py", "ignored.log", "gone.py"):
        (tmp_path / name).write_text("*.log\n", encoding="utf-8")
    git(tmp_path, "add", ".gitignore", "tracked.py", "gone.py")
    git(tmp_path, *IDENTITY, "commit", "-m", "First")
    (tmp_path / "gone.py").unlink()
    for name in ("app/__pycache__/x.cpython-312.pyc", "y.pyc", "db.sqlite3", ".env"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("made by a run", encoding="utf-8")
    before = fingerprint(tmp_path)
    assert sorted(map(str, tracked_files(tmp_path))) == [".gitignore", "new.py", "tracked.py"]
    assert fingerprint(tmp_path) == before


@pytest.mark.parametrize(("repository", "tracked_env"), [(True, False), (True, True), (False, False)])
def test_bytecode_stays_untracked_in_the_copy_and_tracked_files_stay_tracked(tmp_path, repository, tracked_env):
    original = tmp_path / "mysite"
    original.mkdir()
    for name in ("views.py", "x.log", "kept.sqlite3", ".gitignore"):
        (original / name).write_text("*.log\n", encoding="utf-8")
    if repository:
        git(original, "init")
        git(original, "add", "--force", "--all")
    (original / ".env").write_text("KEY=1\n", encoding="utf-8")
    if tracked_env:
        git(original, "add", "--force", ".env")
    said = []
    with Sandbox.create(tmp_path) as box:
        log = Log(path=tmp_path / "x.log")
        emulator = emulators.load("heroku")
        run = Run(box=box, platform="heroku", emulator=emulator, log=log, entry=(), say=said.append, source=original)
        copied = copy(run).source
        for name in ("app/__pycache__/x.pyc", "db.sqlite3"):
            (copied / name).parent.mkdir(parents=True, exist_ok=True)
            (copied / name).write_text("made by a run", encoding="utf-8")
        tracked = run.command(["git", "ls-files"], cwd=copied).stdout.split()
        assert run.command(["git", "status", "--porcelain"], cwd=copied).stdout == ""
    everything = [*([".env"] if tracked_env else []), ".gitignore", "kept.sqlite3", "views.py", "x.log"]
    assert tracked == (everything if repository else [".gitignore", "views.py"])
    assert ("The copy has no .env: give its variables with --env-file." in said) is (repository and not tracked_env)


def test_a_folder_inside_another_repository_is_treated_as_a_plain_folder(tmp_path):
    git(tmp_path, "init")
    (tmp_path / "inner").mkdir()
    assert tracked_files(tmp_path / "inner") is None


def test_a_plain_folder_is_rehearsed_without_environments_and_caches(tmp_path):
    for name in ("app/views.py", ".env", "env/pyvenv.cfg", "env/lib/x.py", "__pycache__/x.pyc", "node_modules/y.js"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    assert [path.as_posix() for path in every_file(tmp_path)] == [".env", "app/views.py"]


@pytest.mark.long
def test_the_tables_command_writes_the_page_and_then_finds_it_current(tmp_path, capsys):
    new, record, page = tmp_path / "new", tmp_path / "record", tmp_path / "page.md"
    save(result(FLAT), new)
    save(result(NESTED), new)
    shown = tmp_path / "published.json"
    published.save(PUBLISHED, shown)
    where = ["tables", "--results", str(record), "--merge", str(new), "--page", str(page), "--published", str(shown)]
    assert main([*where, "--check"]) == 1
    assert not record.exists()
    assert main(where) == 0
    assert len(load(record)) == 2
    assert main([*where, "--check"]) == 0
    capsys.readouterr()
    page.write_text(page.read_text(encoding="utf-8").replace("○", "●"), encoding="utf-8", newline="\n")
    assert main([*where, "--check"]) == 1
    assert "Run: nox -s support_matrix" in capsys.readouterr().out


@pytest.mark.long
def test_a_run_with_uncommitted_changes_is_not_recorded(tmp_path, capsys):
    new, record = tmp_path / "new", tmp_path / "record"
    save(result(FLAT, commit="0123456789ab+"), new)
    where = ["--page", str(tmp_path / "page.md"), "--published", str(tmp_path / "published.json")]
    assert main(["tables", "--results", str(record), "--merge", str(new), *where]) == 0
    assert load(record) == ()
    said = capsys.readouterr().out
    assert "Left out heroku-flat-pip-django5.2-py3.12.linux.emulated.bubblewrap: it ran with changes" in said


@pytest.mark.parametrize("path", ["nowhere", "README.md"])
def test_a_missing_folder_is_a_usage_error(path, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["rehearse", path, "--platform", "heroku"])
    assert stopped.value.code == 2
    assert f"{path} is not a folder" in capsys.readouterr().err
