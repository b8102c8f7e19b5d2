"""`simple-deploy PATH`: the command with the project's own interpreter, from any environment."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from simple_deploy.effects import installation
from simple_deploy.effects.own_module import own_module
from simple_deploy.outside import interpreter, manage_py

START = "import sys; from simple_deploy.outside import main; sys.exit(main())"
INSIDE = "Scripts/python.exe" if sys.platform == "win32" else "bin/python"


def outside(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    argv = [sys.executable, "-c", START, *arguments]
    return subprocess.run(argv, capture_output=True, encoding="utf-8", env=env, cwd=cwd, check=False)


def touched(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def test_a_program_of_an_environment_that_is_not_activated_is_found(tmp_path: Path) -> None:
    python, program = tmp_path / INSIDE, "pip-compile.exe" if sys.platform == "win32" else "pip-compile"
    venv.create(tmp_path, with_pip=False)
    asked = "from simple_deploy.effects.commands import found; print(found('pip-compile'))"
    env = {**os.environ, "PATH": str(tmp_path), "PYTHONPATH": os.pathsep.join(map(str, sys.path))}

    def answer() -> str:
        return subprocess.run([python, "-c", asked], capture_output=True, encoding="utf-8", env=env, check=True).stdout

    assert answer() == "None\n"
    touched(python.with_name(program)).chmod(0o755)
    assert answer() == f"{python.with_name(program)}\n"


def test_manage_py_is_in_the_folder_or_in_the_only_one_below(tmp_path: Path) -> None:
    assert manage_py(tmp_path) is None
    below = touched(tmp_path / "site" / "manage.py")
    assert manage_py(tmp_path) == below
    touched(tmp_path / "other" / "manage.py")
    assert manage_py(tmp_path) is None
    own = touched(tmp_path / "manage.py")
    assert manage_py(tmp_path) == own


def test_the_projects_interpreter_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    project = tmp_path / "project"
    assert interpreter(project) == sys.executable
    active = touched(tmp_path / "active" / INSIDE)
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "active"))
    assert interpreter(project) == str(active)
    own = touched(project / "venv" / INSIDE)
    assert interpreter(project / "site", project) == str(own)


@pytest.mark.skipif(sys.platform == "win32", reason="the interpreter of the project is a shell script")
def test_the_project_s_interpreter_gets_the_options_in_the_folder_of_manage_py(tmp_path: Path) -> None:
    touched(tmp_path / "site" / "manage.py")
    python = touched(tmp_path / ".venv" / "bin" / "python")
    python.write_text('#!/bin/sh\npwd\necho "$1"\nshift 2\necho "$@"\nexit 3\n', encoding="utf-8")
    python.chmod(0o755)
    ended = outside(str(tmp_path), "--platform", "heroku")
    assert ended.stdout == f"{(tmp_path / 'site').resolve()}\n-c\n--platform heroku\n"
    assert ended.returncode == 3


@pytest.mark.skipif(sys.platform == "win32", reason="the interpreter of the project is a shell script")
@pytest.mark.parametrize("named", [True, False])
def test_status_is_not_a_folder(tmp_path: Path, named: bool) -> None:
    touched(tmp_path / "manage.py")
    python = touched(tmp_path / ".venv" / "bin" / "python")
    python.write_text('#!/bin/sh\npwd\nshift 2\necho "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    ended = outside(*([str(tmp_path)] if named else []), "status", "--json", cwd=tmp_path)
    assert ended.stdout == f"{tmp_path.resolve()}\nstatus --json\n"


def test_a_folder_without_manage_py_is_refused(tmp_path: Path) -> None:
    ended = outside(str(tmp_path), "--platform", "heroku")
    assert ended.returncode == 1
    assert ended.stderr.startswith(
        "Stopped: Nothing was changed. Fix this problem first:\n\n1. There is no manage.py in "
    )


@pytest.mark.parametrize(("option", "beginning"), [("--help", "usage: "), ("--version", "simple-deploy ")])
def test_what_informs_needs_no_project(tmp_path: Path, option: str, beginning: str) -> None:
    ended = outside(option, cwd=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith(beginning)


def test_rehearse_names_its_distribution(tmp_path: Path) -> None:
    # -S excludes the packages of this environment, including an installed harness.
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    argv = [sys.executable, "-S", "-c", START, "rehearse", "."]
    ended = subprocess.run(argv, capture_output=True, encoding="utf-8", env=env, cwd=tmp_path, check=False)
    assert ended.returncode == 1
    assert f"Or run: {shlex.join(installation.rehearse())} . --platform NAME --keep\n" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_command_of_another_distribution_gets_the_remaining_arguments(tmp_path: Path) -> None:
    entry = touched(tmp_path / "added-1.0.dist-info" / "entry_points.txt")
    entry.write_text("[simple_deploy.commands]\nadded = added:main\n", encoding="utf-8")
    touched(tmp_path / "added.py").write_text("def main(arguments):\n    print(arguments)\n    return 7\n", "utf-8")
    (entry.parent / "METADATA").write_text("Metadata-Version: 2.1\nName: added\nVersion: 1.0\n", encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    argv = [sys.executable, "-c", START, "added", ".", "--keep"]
    ended = subprocess.run(argv, capture_output=True, encoding="utf-8", env=env, check=False)
    assert (ended.stdout, ended.returncode) == ("['.', '--keep']\n", 7)


def test_without_django_the_command_stops_with_a_message(tmp_path: Path) -> None:
    # -S excludes the packages of this environment.
    root = str(Path(__file__).parents[2])
    env = {**os.environ, "PYTHONPATH": root}
    argv = [sys.executable, "-S", "-m", "simple_deploy", "--platform", "heroku", "--json"]
    ended = subprocess.run(argv, capture_output=True, encoding="utf-8", env=env, cwd=tmp_path, check=False)
    assert ended.returncode == 1
    assert "1. Django is not installed for " in ended.stderr
    assert "Traceback" not in ended.stderr
    assert json.loads(ended.stdout)["error"]["problems"] == ["no-django"]


def test_our_modules_run_where_this_package_is_not_installed(tmp_path: Path) -> None:
    argv = [sys.executable, "-S", *own_module("simple_deploy.effects.own_module")]
    ended = subprocess.run(argv, capture_output=True, encoding="utf-8", cwd=tmp_path, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_django_that_this_python_cannot_load_is_reported(tmp_path: Path) -> None:
    touched(tmp_path / "django" / "__init__.py").write_text("import gone_from_python\n", "utf-8")
    argv = [sys.executable, "-m", "simple_deploy", "--platform", "heroku", "--json"]
    env = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{Path(__file__).parents[2]}"}
    ended = subprocess.run(argv, capture_output=True, encoding="utf-8", env=env, cwd=tmp_path, check=False)
    assert json.loads(ended.stdout)["error"]["problems"] == ["django-not-loaded"]
    assert f"Django cannot be imported by {sys.executable}: No module named 'gone_from_python'" in ended.stderr
    assert (ended.returncode, "Traceback" in ended.stderr) == (1, False)
