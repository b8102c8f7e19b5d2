"""Which Python a project is rehearsed with. Versions are those that every machine has, or that none has."""

import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from matrix.engine.run import StageFailed
from matrix.rehearsal.interpreters import NEWEST, choose, fewest, installed
from matrix.rehearsal.own_environment import environments_of
from matrix.sandbox import environments

HERE = "{}.{}".format(*sys.version_info)
NOWHERE = "3.99"


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


SOURCES = {
    ".venv": (".venv/pyvenv.cfg", f"home = x\nversion = {HERE}.1\n"),
    "venv": ("venv/pyvenv.cfg", f"home = x\nuv = 0.5\nversion_info = {HERE}.1\n"),
    ".python-version": (".python-version", f"# ours\n{HERE}.1\n"),
    "runtime.txt": ("runtime.txt", f"python-{HERE}.1\n"),
    ".tool-versions": (".tool-versions", f"nodejs 20.1.0\npython {HERE}.1\n"),
    "Dockerfile": ("Dockerfile", f"ARG X=1\nFROM --platform=linux/amd64 docker.io/python:{HERE}.1-slim AS base\n"),
    "Pipfile": ("Pipfile", f'[requires]\npython_version = "{HERE}"\n'),
}


@pytest.mark.parametrize("source", SOURCES)
def test_the_projects_own_python_version_is_used(tmp_path, source):
    write(tmp_path, *SOURCES[source])
    chosen = choose(tmp_path, environ={})
    assert (chosen.version, chosen.source) == (HERE, source)
    assert chosen.path.is_file()


def test_the_option_overrides_the_environment_which_overrides_files(tmp_path):
    write(tmp_path, ".venv/pyvenv.cfg", f"version = {HERE}.1\n")
    write(tmp_path, ".python-version", NOWHERE)
    assert choose(tmp_path, environ={}).source == ".venv"
    write(tmp_path, ".venv/pyvenv.cfg", f"version = {NOWHERE}.1\n")
    assert choose(tmp_path, HERE, {}).source == "--python"


def test_an_active_environment_counts_only_if_it_has_django_and_is_not_ours(tmp_path):
    project, active = tmp_path / "project", tmp_path / "active"
    project.mkdir()
    write(active, "pyvenv.cfg", f"version = {HERE}.1\n")
    write(project, ".python-version", HERE)
    assert choose(project, environ={"VIRTUAL_ENV": str(active)}).source == ".python-version"
    write(active, f"lib/python{HERE}/site-packages/django/__init__.py", "")
    assert choose(project, environ={"VIRTUAL_ENV": str(active)}).source == "VIRTUAL_ENV"
    assert choose(project, environ={"VIRTUAL_ENV": sys.prefix}).source == ".python-version"


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (f'[project]\nrequires-python = "=={HERE}.*"\n', "requires-python"),
        (f'[project]\nrequires-python = "~={HERE}.0"\n', "requires-python"),
        (f'[tool.poetry.dependencies]\npython = "~{HERE}"\n', "the `python` of tool.poetry.dependencies"),
        (f'[tool.poetry.dependencies]\npython = "^{HERE},<={HERE}.99"\n', "the `python` of tool.poetry.dependencies"),
    ],
)
def test_the_newest_allowed_version_is_the_default(tmp_path, text, source):
    write(tmp_path, "pyproject.toml", text)
    chosen = choose(tmp_path, environ={})
    assert (chosen.version, chosen.source) == (HERE, f"{NEWEST} that {source} allows")


def test_the_django_of_a_project_may_need_an_older_python(tmp_path):
    write(tmp_path, "requirements.txt", "Django<4\n")
    chosen = choose(tmp_path, environ={})
    newest = installed()[0]
    assert (chosen.source == NEWEST) == (chosen.version == newest)
    if newest == "3.13":
        assert chosen.source == f"{NEWEST} that its Django supports"


def test_a_project_without_a_version_gets_the_newestinstalled_one(tmp_path):
    chosen = choose(tmp_path, environ={})
    assert chosen.source == NEWEST
    assert tuple(map(int, chosen.version.split("."))) >= sys.version_info[:2]


def test_a_python_that_only_an_image_has_is_not_asked_for(tmp_path):
    write(tmp_path, "Dockerfile", f"FROM python:{NOWHERE}\n")
    assert choose(tmp_path, environ={}).source == NEWEST


@pytest.mark.long
def test_pins_without_a_wheel_for_the_newest_python_get_an_older_one(tmp_path):
    """Every machine of the harness has a Python up to 3.12, and pip finds no wheel of this one for 3.13."""
    write(tmp_path, "requirements.txt", "Django==5.2.1\npsycopg2-binary==2.9.9\n")
    chosen = choose(tmp_path, environ={})
    newest = max(tuple(map(int, one.split("."))) for one in installed())
    assert tuple(map(int, chosen.version.split("."))) == min(newest, (3, 12))
    assert chosen.source == (f"{NEWEST} with wheels for psycopg2-binary" if newest > (3, 12) else NEWEST)


def test_the_python_with_the_fewest_builds_is_chosen(tmp_path):
    """Of equal ones the newest; a package that always has to be built decides nothing."""
    lacking = {"3.13": frozenset("abc"), "3.12": frozenset("a"), "3.11": frozenset("a"), "3.10": frozenset("ab")}
    assert fewest(lacking) == ("3.12", "b, c")
    assert fewest({"3.13": frozenset("a"), "3.12": frozenset("a")}) == ("3.13", "")
    # One whose packages are not all for it cannot be better.
    assert fewest({"3.13": frozenset("a"), "3.10": None}) == ("3.13", "")
    assert fewest({"3.13": None, "3.12": None}) == ("3.13", "")


@pytest.mark.long
def test_a_missing_python_is_an_error_with_its_source_and_the_available_ones(tmp_path):
    write(tmp_path, ".python-version", NOWHERE)
    with pytest.raises(StageFailed) as raised:
        choose(tmp_path, environ={})
    first, second = str(raised.value).splitlines()
    assert first == f".python-version asks for Python {NOWHERE}, which was not found on this machine."
    assert HERE in second
    assert "--python" in second


def test_a_python_that_is_too_old_for_the_command_is_an_error(tmp_path):
    write(tmp_path, ".python-version", "3.9")
    with pytest.raises(StageFailed, match=r"asks for Python 3\.9, and simple_deploy needs >=3\.10"):
        choose(tmp_path, environ={})


@pytest.mark.parametrize(
    ("asked", "message"),
    [("<3.8", "requires-python allows Python <3.8, which"), ("about 3", "is not understood: about 3")],
)
def test_an_unavailable_range_is_an_error(tmp_path, asked, message):
    write(tmp_path, "pyproject.toml", f'[project]\nrequires-python = "{asked}"\n')
    with pytest.raises(StageFailed, match=message):
        choose(tmp_path, environ={})


def test_a_copy_gets_what_the_projects_environment_has(tmp_path):
    project, lib = tmp_path / "shop", tmp_path / "lib"
    for folder, name in ((project, "shop"), (project / "tool", "tool"), (lib, "lib")):
        write(folder, "pyproject.toml", f'[project]\nname = "{name}"\nversion = "1"\n')
    folder = project / ".venv"
    uv = environments.uv()
    run = partial(subprocess.run, cwd=project, check=True)
    run([uv, "venv", "--quiet", "--no-project", "--python", sys.executable, folder])
    run([uv, "pip", "install", "--quiet", "--python", folder, "sqlparse", "-e", ".", "./tool", "-e", lib])
    own = next(environments_of(project, {}))
    assert (own.source, own.version, own.has_django) == (".venv", HERE, False)
    # As `setup.py develop` installs.
    write(project / "old", "old.egg-info/PKG-INFO", "Metadata-Version: 2.1\nName: old\nVersion: 1\n")
    write(next(folder.rglob("site-packages")), "old.egg-link", f"{project / 'old'}\n.")
    words = list(own.packages(project, {"sqlparse"}))
    assert words == ["-e", str(lib), "-e", "./old", "-e", "./.", "./tool"]
