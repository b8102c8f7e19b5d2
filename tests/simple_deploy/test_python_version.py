"""Which Python production runs: one answer from every place where a project specifies it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest
from test_settings_block import a_project

from simple_deploy import package_managers
from simple_deploy.contract import Remote, Site
from simple_deploy.model import Git, Options, Project, Secret
from simple_deploy.package_managers import Known
from simple_deploy.platforms import load
from simple_deploy.production import python_version

PLATFORMS = ("heroku", "fly_io", "platform_sh", "upsun")
OPTIONS = Options(
    manage_py=Path("/srv/blog/manage.py"),
    settings_module="blog.settings",
    secret_key=Secret("s"),
    now=datetime(2006, 1, 2, tzinfo=timezone.utc),
    python=(3, 13),
)


def project(files: dict[str, bytes]) -> Project:
    content: dict[str, bytes | None] = {"requirements.txt": b"Django\n"} if "Pipfile" not in files else {}
    content |= files
    dependencies, _ = package_managers.detect(Known(content))
    assert dependencies is not None
    return Project(
        root=Path("/srv/blog"),
        manage_dir=".",
        git=Git(head="1" * 40, branch="main", first_commit="1" * 40),
        settings=a_project(),
        dependencies=dependencies,
        files=content,
    )


def pipfile(version: str) -> dict[str, bytes]:
    lock = b'{"_meta": {}, "default": {"django": {"version": "==5.2"}}}'
    return {"Pipfile": f"[requires]\npython_version = '{version}'\n".encode(), "Pipfile.lock": lock}


# files -> the version for production, and its source
ANSWERS: dict[str, tuple[dict[str, bytes], str, str]] = {
    "nothing": ({}, "3.13", "this environment"),
    "a version": ({".python-version": b"3.12\n"}, "3.12", ".python-version"),
    "a release": ({".python-version": b"3.12.4"}, "3.12", ".python-version"),
    "comments": ({".python-version": b"# ours\r\n\r\n3.12\r\n"}, "3.12", ".python-version"),
    "a byte order mark": ({".python-version": b"\xef\xbb\xbf3.12\n"}, "3.12", ".python-version"),
    "an environment of pyenv": ({".python-version": b"my-environment\n"}, "3.13", "this environment"),
    "runtime.txt": ({"runtime.txt": b"python-3.8.2\n"}, "3.8", "runtime.txt"),
    "both": ({"runtime.txt": b"python-3.12.1\n", ".python-version": b"3.12\n"}, "3.12", ".python-version"),
    "a Pipfile": (pipfile("3.12"), "3.12", "Pipfile"),
    "a Pipfile with the version of this environment": (pipfile("3.13"), "3.13", "Pipfile"),
}


@pytest.mark.parametrize(("files", "version", "where"), ANSWERS.values(), ids=ANSWERS)
def test_one_answer(files: dict[str, bytes], version: str, where: str) -> None:
    found = python_version.wanted(project(files), OPTIONS)
    assert (str(found), found.where) == (version, where)


def test_the_nearest_version_that_the_project_allows() -> None:
    made = project({})
    for allowed, version in {">=3.14": "3.14", "<3.12": "3.11", "~=3.12.0": "3.12", "==2.7.*": "3.13"}.items():
        limited = replace(made, dependencies=replace(made.dependencies, python=allowed))
        assert str(python_version.wanted(limited, OPTIONS)) == version


def test_conflicting_sources() -> None:
    [problem] = python_version.problems(project({"runtime.txt": b"python-3.8.2", ".python-version": b"3.12"}), OPTIONS)
    assert problem.found == (
        "Two files name different versions of Python: .python-version says 3.12, runtime.txt says 3.8."
    )
    [problem] = python_version.problems(project({**pipfile("3.11"), ".python-version": b"3.12"}), OPTIONS)
    assert problem.found == '.python-version says Python 3.12, but Pipfile allows only "==3.11.*".'
    assert not list(python_version.problems(project({"runtime.txt": b"python-3.12.1"}), OPTIONS))


def test_a_version_that_django_does_not_run_on() -> None:
    old = project({"runtime.txt": b"python-3.8.2"})
    [problem] = python_version.problems(old, OPTIONS)
    assert problem.found == "runtime.txt says Python 3.8, but Django 5.2 needs Python 3.10 or newer."
    older = replace(old, settings=a_project(django_version=(4, 2)))
    assert not list(python_version.problems(older, OPTIONS))


def test_a_version_without_security_updates_is_noted() -> None:
    made = project({".python-version": b"3.12"})
    late = replace(OPTIONS, now=datetime(9999, 1, 1, tzinfo=timezone.utc))
    [note] = python_version.notes(made, late)
    assert note.startswith("Python 3.12 (.python-version) has had no security updates since 20")
    assert not list(python_version.notes(made, OPTIONS))
    [note] = python_version.notes(project({".python-version": b"3.6"}), OPTIONS)
    assert note.startswith("Python 3.6 (.python-version) has had no security updates. ")
    dependencies = replace(made.dependencies, manifest="Pipfile", python="==3.10.*")
    for limited, place in ((dependencies, "Pipfile"), (replace(dependencies, python=""), ".python-version")):
        [note] = python_version.notes(replace(project({}), dependencies=limited), late)
        assert note.endswith(f"set it in {place}.")


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_removed_version_is_reported_on_every_platform(platform: str) -> None:
    """Heroku refuses it, the others report which version the site runs on."""
    old, chosen = project({"runtime.txt": b"python-3.6.2\n"}), load(platform)
    site = Site(project=old, options=OPTIONS, remote=Remote(app="x"))
    found = [problem.found for problem in chosen.check(site)]
    said = [*chosen.notes(site), *python_version.notes(old, OPTIONS)]
    if platform == "heroku":
        assert found == ["Heroku cannot install the requested Python version: runtime.txt says 3.6."]
    else:
        assert not found
        assert any("3.6" in note for note in said)


@pytest.mark.parametrize(
    "text", [b"3.12.1\n", b"python-3.12.x", b"# new\npython-3.12.1", "python-3.12.1".encode("utf-16")]
)
def test_heroku_rejects_a_runtime_txt_of_another_form(text: bytes) -> None:
    files = {"runtime.txt": text, ".python-version": b"3.12\n"}
    [problem] = load("heroku").check(Site(project=project(files), options=OPTIONS, remote=Remote(app="x")))
    assert problem.found.startswith('Heroku cannot install the requested Python version: runtime.txt says "')


def test_heroku_cannot_read_a_byte_order_mark() -> None:
    [problem] = load("heroku").check(
        Site(project=project({".python-version": b"\xef\xbb\xbf3.12\n"}), options=OPTIONS, remote=Remote(app="x"))
    )
    assert problem.found.endswith("begins with a byte order mark; save it as UTF-8 without one.")


@pytest.mark.parametrize(("django", "newer"), [((5, 2), "3.13"), ((4, 0), "3.11")])
@pytest.mark.parametrize("more", [{}, {"runtime.txt": b"python-3.8.2\n"}])
def test_heroku_has_no_python_that_the_manifest_allows(
    django: tuple[int, int], newer: str, more: dict[str, bytes]
) -> None:
    """A .python-version with another one would contradict the manifest."""
    made = project(pipfile("3.8") | more)
    old = replace(made, settings=replace(made.settings, django_version=django))
    [problem] = load("heroku").check(Site(project=old, options=OPTIONS, remote=Remote(app="x")))
    assert problem.found.startswith("Heroku supports Python 3.10, 3.11, ")
    assert problem.found.endswith(', but Pipfile allows only "==3.8.*".')
    assert problem.remedy == f"Allow Python {newer}, update the lock file with that version, try the site, and commit."


def test_heroku_names_a_python_that_an_old_django_supports() -> None:
    made = project({"runtime.txt": b"python-3.8.2\n"})
    old = replace(made, settings=replace(made.settings, django_version=(4, 1)))
    [problem] = load("heroku").check(Site(project=old, options=OPTIONS, remote=Remote(app="x")))
    assert "for example 3.11, remove runtime.txt" in problem.remedy
