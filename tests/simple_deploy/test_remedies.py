"""What a refusal tells people to do, done word for word: the next run must not be refused for another reason."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from matrix.sandbox.tools import tool
from matrix.sandbox.variables import package_index

if TYPE_CHECKING:
    from conftest import Checkout

pytestmark = pytest.mark.long


def refused(project: Checkout, *options: str, **env: str) -> str:
    """What the run says that is refused, in one line."""
    ended = project.deployer(*options, **env)
    assert ended.returncode == 1, ended.stdout
    return " ".join(ended.stderr.split())


def accepted(project: Checkout, *options: str, **env: str) -> str:
    ended = project.deployer(*options, **env)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def removed(project: Checkout, said: str) -> None:
    """Follow "git rm NAMES, and commit"."""
    [names] = re.findall(r"\(?git rm ([\w./ -]+?)\)?, and commit", said)
    project.git("rm", *names.split())
    project.commit_all("Remove")


def test_one_of_several_package_managers_is_kept(checkout: Checkout) -> None:
    checkout.write("poetry.lock", "")
    checkout.commit_all()
    assert "Keep the files of one, remove the others (git rm), and commit" in refused(checkout)
    checkout.git("rm", "poetry.lock")
    checkout.commit_all()
    accepted(checkout)


def test_one_of_several_package_managers_is_chosen(checkout: Checkout) -> None:
    checkout.write("poetry.lock", "")
    checkout.commit_all()
    [chosen] = re.findall(r"Or choose the one to use in production: (--package-manager pip)", refused(checkout))
    accepted(checkout, *chosen.split())


def test_a_missing_lock_is_created(checkout: Checkout) -> None:
    checkout.git("mv", "requirements.txt", "requirements.in")
    checkout.commit_all()
    path = os.pathsep.join([str(tool("pip-tools")), checkout.env["PATH"]])
    # The warnings of pip-tools are not ours to turn into errors.
    env = {**package_index().env, "PATH": path, "PYTHONWARNINGS": "", "PYTHONWARNDEFAULTENCODING": ""}
    [command] = re.findall(r"Create it: (.*?) Then commit it", refused(checkout, **env))
    program, *words = shlex.split(command)
    argv = [str(tool("pip-tools") / program), *words]
    subprocess.run(argv, cwd=checkout.root, env={**checkout.env, **env}, check=True, capture_output=True)
    checkout.commit_all()
    accepted(checkout, **env)


def test_a_folder_without_a_repository_and_without_a_gitignore(checkout: Checkout) -> None:
    shutil.rmtree(checkout.root / ".git")
    (checkout.root / ".gitignore").unlink()
    for path in ("venv/pyvenv.cfg", ".env", "db.sqlite3", "blog/__pycache__/x.pyc"):
        checkout.write(path, "")
    said = refused(checkout)
    patterns = re.findall(r"(?:__pycache__/|\*\.sqlite3|(?<=\()venv/|(?<=\()\.env)", said)
    assert len(patterns) == 4
    checkout.git(*shlex.split(re.findall(r"Create one: git (init)", said)[0]))
    checkout.write(".gitignore", "".join(f"{pattern}\n" for pattern in patterns))
    for words in re.findall(r'git (add --all|commit -m ".*?")', said):
        checkout.git(*shlex.split(words))
    assert "Git tracks" not in accepted(checkout)
    assert not {"venv/pyvenv.cfg", ".env", "db.sqlite3"} & set(checkout.git("ls-files").split())


def test_a_gitignore_that_the_first_run_offers(checkout: Checkout) -> None:
    checkout.git("rm", ".gitignore")
    checkout.commit_all()
    for path in ("my env/pyvenv.cfg", ".env", "db.sqlite3"):
        checkout.write(path, "")
    assert "The new .gitignore excludes them." in " ".join(accepted(checkout).split())
    checkout.git("add", "--all")
    assert not {"my env/pyvenv.cfg", ".env", "db.sqlite3"} & set(checkout.git("ls-files", "-z").split("\0"))
    checkout.commit_all()
    accepted(checkout)


def test_a_project_that_does_not_list_django(checkout: Checkout) -> None:
    checkout.write("requirements.txt", "sqlparse\n")
    checkout.commit_all()
    accepted(checkout)
    assert re.search(r"^Django", checkout.read("requirements.txt"), re.MULTILINE | re.IGNORECASE)


def test_requirements_that_pip_freeze_writes(checkout: Checkout, tmp_path: Path) -> None:
    checkout.git("rm", "requirements.txt")
    checkout.commit_all()
    said = refused(checkout, "--package-manager", "uv")
    [command] = re.findall(r"create one: python (-m pip freeze .*?) > requirements\.txt", said)
    environment, uv = tmp_path / "environment", str(tool("uv") / "uv")
    subprocess.run([uv, "venv", "--quiet", "--seed", environment], check=True)
    python = environment / ("Scripts" if os.name == "nt" else "bin") / "python"
    subprocess.run([uv, "pip", "install", "--quiet", "--python", python, "Django"], check=True)
    frozen = subprocess.run([python, *shlex.split(command)], check=True, capture_output=True, encoding="utf-8")
    checkout.write("requirements.txt", frozen.stdout)
    checkout.commit_all()
    accepted(checkout)


@pytest.mark.parametrize("followed", ["python-too-old", "heroku-python"])
def test_a_python_that_is_too_old(checkout: Checkout, followed: str) -> None:
    checkout.write("runtime.txt", "python-3.8.2\n")
    checkout.commit_all()
    said = refused(checkout)
    if followed == "heroku-python":
        [version] = re.findall(r"Write a supported version to \.python-version, for example ([\d.]+), remove", said)
        checkout.write(".python-version", f"{version}\n")
        removed(checkout, said)
    else:
        [version] = re.findall(r"any version from ([\d.]+) on, in runtime\.txt and commit", said)
        checkout.write("runtime.txt", f"python-{version}.1\n")
        checkout.commit_all()
    accepted(checkout)
