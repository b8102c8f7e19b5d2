"""pyproject.toml with a build backend: `pip install .`, and the file that lists its dependencies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from real_tools import instead_of_requirements, refused

from simple_deploy import package_managers
from simple_deploy.package_managers import Known, project_table, pyproject
from simple_deploy.text import toml_file
from simple_deploy.text.text_file import edited

if TYPE_CHECKING:
    from conftest import Checkout

    from simple_deploy.model import Dependencies

MANIFEST = """# The blog.
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[project]
name = "blog"
version = "1"
dependencies = ["Django>=4.2", "gunicorn"]  # what it needs

[project.optional-dependencies]
site = ["whitenoise"]
"""
WANTED = ("gunicorn>=22", "whitenoise>=6.5", "psycopg[binary]>=3.1")


def detected(files: dict[str, str]) -> Dependencies:
    dependencies, problems = package_managers.detect(Known({path: text.encode() for path, text in files.items()}))
    assert problems == []
    assert dependencies is not None
    return dependencies


@pytest.mark.long
def test_the_complete_command_and_a_second_run(checkout: Checkout) -> None:
    project = instead_of_requirements(checkout, {"pyproject.toml": MANIFEST})
    ended = project.deployer()
    assert (ended.returncode, ended.stderr) == (0, "")
    listed = '"gunicorn", "whitenoise>=6.5", "dj-database-url>=2.1", "psycopg[binary]>=3.1.18"]  # what it needs'
    assert project.read("pyproject.toml") == MANIFEST.replace('"gunicorn"]  # what it needs', listed)
    assert project.read("requirements.txt") == "-e .\n"
    before = project.contents()
    assert "no files were changed" in project.deployer().stdout
    assert project.contents() == before


EXTRA = MANIFEST.replace('"Django>=4.2", "gunicorn"', "{}").replace("site =", 'test = ["Django"]\nsite =')
IN_EXTRA = EXTRA.replace('"whitenoise"', '"Django>=4.2"')


# An earlier run added gunicorn, and dj-database-url, which requires Django.
@pytest.mark.parametrize("listed", ["", '"gunicorn", "dj-database-url"'])
def test_the_only_extra_with_django_is_installed(listed: str) -> None:
    dependencies = detected({"pyproject.toml": IN_EXTRA.replace("{}", listed)})
    assert "django" in dependencies.declared and not dependencies.lacks_django
    assert dependencies.install[-1] == (".venv/bin/pip", "install", "--editable", ".[site]")
    assert dependencies.requirement == "-e .[site]"


@pytest.mark.parametrize(
    ("added", "files", "found"),
    [
        ('full = ["Django"]\n', {}, "does not say which one production installs: site, full."),
        ("", {"requirements.txt": "-e .\n"}, "does not say which one production installs: site."),
        ("", {"uv.lock": "version = 1\n"}, "platforms install uv.lock without extras: site."),
        ('[tool.poetry]\nname = "blog"\n', {}, "platforms install poetry.lock without extras: site."),
    ],
)
def test_an_extra_with_django_that_is_not_installed(added: str, files: dict[str, str], found: str) -> None:
    files = {"pyproject.toml": IN_EXTRA.replace("{}", "") + added, **files}
    _, problems = package_managers.detect(Known({path: text.encode() for path, text in files.items()}))
    (problem,) = problems
    assert problem.code.startswith("django-in-extra") and problem.found.endswith(found)


def test_an_extra_for_tests_is_not_for_production() -> None:
    dependencies = detected({"pyproject.toml": EXTRA.replace("{}", "")})
    assert dependencies.lacks_django and dependencies.requirement == "-e ."


@pytest.mark.parametrize(
    ("line", "declared", "target"),
    [
        (".", {"django", "gunicorn"}, "."),
        ("-e .", {"django", "gunicorn"}, "."),
        ("--editable=./  # the site", {"django", "gunicorn"}, "."),
        (".[site]", {"django", "gunicorn", "whitenoise"}, ".[site]"),
    ],
)
def test_extras_count_where_production_asks_for_them(line: str, declared: set[str], target: str) -> None:
    dependencies = detected({"pyproject.toml": MANIFEST, "requirements.txt": f"{line}\n"})
    assert dependencies.package_manager == "pyproject"
    assert dependencies.declared == declared
    assert dependencies.install == (
        ("python", "-m", "venv", ".venv"),
        (".venv/bin/pip", "install", "--editable", target),
    )


DYNAMIC = MANIFEST.replace('dependencies = ["Django>=4.2", "gunicorn"]  # what it needs', 'dynamic = ["dependencies"]')


@pytest.mark.parametrize("named", ['"needs.txt"', '["needs.txt"]', '["./needs.txt"]'])
def test_the_file_that_setuptools_reads_is_followed(named: str) -> None:
    text = f"{DYNAMIC}\n[tool.setuptools.dynamic]\ndependencies = {{ file = {named} }}\n"
    dependencies = detected({"pyproject.toml": text, "needs.txt": "Django\n"})
    assert (dependencies.manifest, dependencies.declared) == ("needs.txt", {"django"})
    [edit] = pyproject.file_edits(dependencies, WANTED)
    assert (edit.path, edit.edit("Django\n")) == (
        "needs.txt",
        "Django\n" + "".join(f"{line}\n" for line in WANTED),
    )


@pytest.mark.parametrize("named", ["[]", '["needs.txt", "more.txt"]', '"not-there.txt"'])
def test_dependencies_computed_by_the_build_are_refused(named: str) -> None:
    text = f"{DYNAMIC}\n[tool.setuptools.dynamic]\ndependencies = {{ file = {named} }}\n"
    files = Known({"pyproject.toml": text.encode(), "needs.txt": b"", "more.txt": b""})
    dependencies, [problem] = package_managers.detect(files)
    assert (dependencies, problem.code) == (None, "dynamic-dependencies")


def test_dependencies_computed_by_the_build_stop_the_run(checkout: Checkout) -> None:
    project = instead_of_requirements(checkout, {"pyproject.toml": DYNAMIC})
    assert refused(project) == (
        "Stopped: Nothing was changed. Fix this problem first:\n\n"
        '1. pyproject.toml declares its dependencies as dynamic (dynamic = ["dependencies"]): setuptools.build_meta '
        "computes\n"
        "   them during the build, so packages that production lacks cannot be detected or added.\n"
        '   -> List them in [project], dependencies = [...], and remove the word from "dynamic";\n'
        "   or commit a requirements.txt for production.\n"
    )


@pytest.mark.long
@given(
    listed=st.lists(
        st.sampled_from(['"Django"', "'sqlparse>=0.5'", '"gunicorn[gevent]"', "\"Pillow; python_version>'3'\""])
    ),
    separator=st.sampled_from([", ", ",\n    ", ",  # why\n  ", "\t,\t"]),
    comma=st.booleans(),
    before=st.sampled_from(["", "# Grüße\n", "[tool.ruff]\nline-length = 1\n\n"]),
    behind=st.sampled_from(["", "\n\n[tool.x]\ny = [\n  1,\n]\n", "\n# the end"]),
    newline=st.sampled_from(["\n", "\r\n"]),
)
def test_only_the_list_of_dependencies_changes(
    listed: list[str], separator: str, comma: bool, before: str, behind: str, newline: str
) -> None:
    items = separator.join(listed) + ("," if comma and listed else "")
    head = f'{before}[build-system]\nrequires = []\n[project]\nname = "x"\ndependencies = ['
    text = f"{head}{items}]{behind}".replace("\n", newline)
    dependencies = detected({"pyproject.toml": text})
    [edit] = pyproject.file_edits(dependencies, package_managers.missing(dependencies, WANTED))
    after = edited(edit.edit, text.encode(), edit.path).decode()
    assert after.startswith(f"{head}{separator.join(listed)}".replace("\n", newline))
    assert after.endswith(f"]{behind}".replace("\n", newline))
    known = toml_file.loads(text.encode())["project"]["dependencies"]
    now = toml_file.loads(after.encode())["project"]["dependencies"]
    assert now[: len(known)] == known
    assert set(now[len(known) :]) == set(package_managers.missing(dependencies, WANTED))
    assert package_managers.missing(detected({"pyproject.toml": after}), WANTED) == ()


@pytest.mark.parametrize(("package", "extras"), [("Django_FSM", ["flow", "all"]), ("django", []), ("x", [])])
def test_the_extras_of_the_projects_own_package_that_have_a_package(package: str, extras: list[str]) -> None:
    lines = (
        '[project]\nname = "a"\n[project.optional-dependencies]\nflow = ["django-fsm>=2"]\nall = ["y", "django.fsm"]\n'
    )
    assert list(project_table.extras_with(package, Known({"pyproject.toml": lines.encode()}))) == extras
