"""Pushes that Heroku rejects, and its messages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from heroku_project import FILES, VERSION, Project, write_files
from recorded_session import cases

from matrix.emulators.heroku import EMULATOR as heroku
from matrix.emulators.heroku import slugignore
from matrix.emulators.heroku.buildpack import package_managers, python_version
from matrix.emulators.heroku.buildpack.report import BuildFailed, boxed
from matrix.sandbox.machine import Sandbox

(PIP,) = (choice for choice in package_managers.PACKAGE_MANAGERS if choice.title == "pip")
CASES = list(cases("heroku_buildpack_package_managers.txt"))

DJANGO = {
    "requirements.txt": "django==5.2.*\n",
    ".python-version": VERSION,
    "manage.py": """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
""",
    "settings.py": """
import os
SECRET_KEY = os.environ["SECRET_KEY"]
INSTALLED_APPS = ["django.contrib.staticfiles", "pages"]
STATIC_URL = "static/"
STATIC_ROOT = "staticfiles"
""",
    "pages/__init__.py": "",
    "pages/static/page.css": "body {}\n",
    "Procfile": "web: python -m http.server --bind 127.0.0.1 --directory staticfiles $PORT\n",
}


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Sandbox]:
    with Sandbox.create(tmp_path) as box:
        heroku.install(box)
        yield box


@pytest.mark.long
def test_all_recorded_cases_are_read() -> None:
    assert len(CASES) == 7


@pytest.mark.long
@pytest.mark.parametrize(("files", "said"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_package_managers_are_detected_as_recorded(tmp_path: Path, files: list[str], said: str) -> None:
    write_files(tmp_path, files)
    if not said:
        assert package_managers.find(tmp_path).title == "uv"
        return
    with pytest.raises(BuildFailed) as failure:
        package_managers.find(tmp_path)
    assert "\n".join(boxed(str(failure.value))) + "\n" == said


@pytest.mark.long
@pytest.mark.parametrize(
    ("files", "version", "origin"),
    [
        ({}, "3.14", None),
        ({".python-version": "3.12\n"}, "3.12", ".python-version"),
        ({".python-version": "# why\n\n 3.13.1 \r\n"}, "3.13.1", ".python-version"),
        ({".python-version": "3.12\n", "runtime.txt": "python-3.11\n"}, "3.11", "runtime.txt"),
    ],
)
def test_python_version_is_detected(tmp_path: Path, files: dict[str, str], version: str, origin: str | None) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    assert python_version.requested(tmp_path, PIP) == (version, origin)


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (".python-version", "python-3.12", "Error: Invalid Python version in .python-version."),
        (".python-version", "\ufeff3.12", "Error: Invalid Python version in .python-version."),
        (".python-version", "3.12\n3.13", "Error: Multiple Python versions found in .python-version."),
        (".python-version", "# none\n", "Error: No Python version found in .python-version."),
        (".python-version", "3.9", "Error: The requested Python version has reached end-of-life."),
        (".python-version", "3.99", "Error: The requested Python version isn't recognised."),
        ("runtime.txt", "3.12", "Error: Invalid Python version in runtime.txt."),
    ],
)
def test_wrong_python_version_is_rejected(tmp_path: Path, name: str, text: str, message: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(BuildFailed) as failure:
        python_version.find(tmp_path, PIP, lambda line: None)
    assert str(failure.value).splitlines()[0] == message


@pytest.mark.long
def test_project_in_another_language_is_rejected(box: Sandbox) -> None:
    project = Project(box, files={"index.php": "<?php\n"})
    assert project.refused() == [
        "Compressing source files... done.",
        "Building source:",
        "",
        "-----> Building on the Heroku-24 stack",
        "-----> Determining which buildpack to use for this app",
        " !     No default language could be detected for this app.",
        "\t\t\tHINT: This occurs when Heroku cannot detect the buildpack to use for this application automatically.",
        "\t\t\tSee https://devcenter.heroku.com/articles/buildpacks",
        "",
        " !     Push failed",
        "Verifying deploy...",
        "",
        "!\tPush rejected to blog-prod.",
        "",
    ]
    assert len(project.found["releases"]) == 2
    assert box.run(["git", "ls-remote", "heroku"], cwd=project.folder).stdout == ""


def test_the_build_does_not_see_what_slugignore_lists(tmp_path: Path) -> None:
    for name in ("poetry.lock", "docs/poetry.lock", "docs/a.pdf", "notes/b.pdf", "manage.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / ".slugignore").write_text("# not needed\n\n/poetry.lock\n*.pdf\nnotes/\n../*\n", encoding="utf-8")
    assert slugignore.remove(tmp_path) == 4
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")) == [
        *(".slugignore", "docs", "docs/poetry.lock", "manage.py")
    ]


@pytest.mark.long
def test_two_lock_files_are_rejected_with_the_complete_message(box: Sandbox) -> None:
    (said,) = [said for title, _, said in CASES if title == "requirements_and_poetry"]
    project = Project(box, files={**FILES, "poetry.lock": "", "pyproject.toml": ""})
    lines = project.refused()
    start = lines.index("-----> Python app detected") + 1
    message = [line.rstrip() for line in said.splitlines()]
    assert lines[start : start + len(message)] == message
    assert lines[start + len(message)] == " !     Push rejected, failed to compile Python app."


@pytest.mark.long
def test_committed_virtual_environment_is_rejected(box: Sandbox) -> None:
    project = Project(box, files={**FILES, "venv/pyvenv.cfg": "home = /usr\n"})
    assert " !     Error: Existing 'venv/' directory found." in project.refused()


@pytest.mark.long
def test_file_that_heroku_supports_but_the_emulator_does_not_is_rejected(box: Sandbox) -> None:
    project = Project(box, files={**FILES, "bin/pre_compile": "#!/bin/sh\n"})
    assert " !     Error: bin/pre_compile is not emulated yet." in project.refused()


@pytest.mark.long
def test_failed_installation_rejects_the_push(box: Sandbox) -> None:
    project = Project(box, files={**FILES, "requirements.txt": "-r more.txt\n", "more.txt": "./missing\n"})
    lines = project.refused()
    assert "-----> Installing dependencies using 'pip install -r requirements.txt'" in lines
    assert " !     Error: Unable to install dependencies using pip." in lines
    # A second time too: a failed installation must not look complete in the cache.
    assert " !     Error: Unable to install dependencies using pip." in project.refused()
    assert len(project.found["releases"]) == 2


@pytest.mark.long
def test_collectstatic_has_config_vars_and_its_failure_rejects_the_push(box: Sandbox) -> None:
    project = Project(box, files=DJANGO)
    lines = project.refused()
    assert "-----> $ python manage.py collectstatic --noinput" in lines
    assert "       KeyError: 'SECRET_KEY'" in lines
    assert " !     Error: Unable to generate Django static files." in lines
    project.heroku("config:set", "SECRET_KEY=secret")
    lines = project.pushed()
    assert any(line.startswith("       1 static file copied to ") for line in lines)
    assert project.get("/page.css").text == "body {}\n"


@pytest.mark.long
def test_the_script_at_the_end_of_a_build_may_change_the_packages_of_its_app(box: Sandbox) -> None:
    writes = "import site, pathlib; pathlib.Path(site.getsitepackages()[0], 'made.py').write_text('')"
    hook = f'#!/bin/sh\npython -c "{writes}"\n'
    serves = "web: python -c 'import made' && python -m http.server --bind 127.0.0.1 $PORT\n"
    project = Project(box, files={**FILES, "bin/post_compile": hook, "Procfile": serves})
    assert "-----> Running post-compile hook" in project.pushed()
    assert project.get("/Procfile").text == serves


@pytest.mark.long
def test_collectstatic_can_be_disabled_and_needs_manage_py_near_the_root(box: Sandbox) -> None:
    deep = {name: text for name, text in DJANGO.items() if name != "manage.py"}
    project = Project(box, files={**deep, "a/b/c/manage.py": DJANGO["manage.py"], "Procfile": ""})
    assert "-----> Skipping Django collectstatic since no manage.py file found." in project.pushed()
    project.heroku("config:set", "DISABLE_COLLECTSTATIC=1")
    project.write({"a/b/manage.py": DJANGO["manage.py"]})
    skipped = "-----> Skipping Django collectstatic since the env var DISABLE_COLLECTSTATIC is set."
    assert skipped in project.pushed()
    project.heroku("config:set", "DISABLE_COLLECTSTATIC=0")
    project.write({})
    assert "-----> $ python a/b/manage.py collectstatic --noinput" in project.refused()
