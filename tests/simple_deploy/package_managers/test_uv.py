"""uv: what a project declares, and the complete command with the real uv."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest
from real_tools import installed, instead_of_requirements, refused, run

from simple_deploy.package_managers import Known, uv
from simple_deploy.text import toml_file

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Checkout

    from simple_deploy.model import Dependencies

ADDED = '\n    "gunicorn>=22",\n    "whitenoise>=6.5",\n    "dj-database-url>=2.1",\n    "psycopg[binary]>=3.1.18",\n'
MANIFEST = """# The blog.
[project]
name = "blog"
version = "0.1"
requires-python = ">=3.10"  # what we use
dependencies = [
    'Django>=4.2,<6',  # the framework
    "sqlparse",
]

[dependency-groups]
dev = ["ruff"]
"""


def versions(lock: str) -> dict[str, str]:
    return {package["name"]: package["version"] for package in toml_file.loads(lock.encode())["package"]}


def uv_command(*arguments: str, cwd: Path) -> None:
    run("uv", *arguments, cwd=cwd, UV_PYTHON=sys.executable)


@pytest.fixture(scope="session")
def older_lock(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A lock that matches the manifest, with versions of sqlparse and Django that are no longer the newest."""
    folder = tmp_path_factory.mktemp("uv")
    pinned = MANIFEST.replace('"sqlparse"', '"sqlparse==0.5.0"').replace("Django>=4.2,<6", "Django==4.2.10")
    for text in (pinned, MANIFEST):
        (folder / "pyproject.toml").write_text(text, encoding="utf-8", newline="\n")
        uv_command("lock", cwd=folder)
    lock = (folder / "uv.lock").read_text(encoding="utf-8")
    assert versions(lock)["sqlparse"] == "0.5.0"
    return lock


@pytest.fixture
def project(checkout: Checkout, older_lock: str) -> Checkout:
    return instead_of_requirements(checkout, {"pyproject.toml": MANIFEST, "uv.lock": older_lock})


def test_only_what_is_added_changes_and_a_second_run_changes_nothing(project: Checkout, older_lock: str) -> None:
    env = installed("uv", project.env)
    before = project.contents()
    ended = project.deployer(**env)
    assert (ended.returncode, ended.stderr) == (0, "")
    after = project.contents()
    assert {path for path in after if after[path] != before.get(path)} == {
        *("Procfile", ".python-version", "blog/settings.py", "pyproject.toml", "uv.lock"),
    }
    assert project.read("pyproject.toml") == MANIFEST.replace('\n    "sqlparse",\n', f'\n    "sqlparse",{ADDED}')
    kept, now = versions(older_lock), versions(project.read("uv.lock"))
    assert {name: now[name] for name in kept} == kept
    assert {"whitenoise", "psycopg", "psycopg-binary", "dj-database-url"} <= set(now) - set(kept)
    uv_command("lock", "--check", cwd=project.root)
    again = project.deployer(**env)
    assert "no files were changed" in again.stdout
    assert project.contents() == after


HEAD = "Stopped: Nothing was changed. Fix this problem first:\n\n"


def test_a_missing_lock_is_made(project: Checkout) -> None:
    project.git("rm", "--quiet", "uv.lock")
    project.commit_all("No lock")
    ended = project.deployer(**installed("uv", project.env))
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "gunicorn" in versions(project.read("uv.lock"))
    uv_command("lock", "--check", cwd=project.root)


def test_a_stale_lock(project: Checkout) -> None:
    project.write("pyproject.toml", MANIFEST.replace('"sqlparse"', '"sqlparse>=0.5.1"'))
    project.commit_all("Changed by hand")
    assert refused(project, **installed("uv", project.env)) == (
        f"{HEAD}1. uv.lock is out of date with pyproject.toml: it was not updated after the last change.\n"
        "   -> Update it with uv, review the changes, and commit both.\n"
    )


FAILED = """1. The new packages could not be locked. This command failed: {command}
   Using CPython ...
{said}
   -> If versions conflict, change the requirement named above.
   If the package index could not be reached, try again later.
"""


def test_a_conflict(project: Checkout) -> None:
    project.write("pyproject.toml", f'{MANIFEST}\n[tool.uv]\nconstraint-dependencies = ["gunicorn<20"]\n')
    uv_command("lock", cwd=project.root)
    project.commit_all("No new gunicorn")
    said = re.sub("(Using CPython) .*", r"\1 ...", refused(project, **installed("uv", project.env)))
    # The Python versions that uv tries first depend on the contents of the index.
    said = re.sub(r" for split \(markers:[^)]*\):", ":", said)
    assert said == HEAD + FAILED.format(
        command="uv lock",
        said="     × No solution found when resolving dependencies:\n"
        "     ╰─▶ Because your project depends on gunicorn>=22 and gunicorn<20, we can\n"
        "         conclude that your project's requirements are unsatisfiable.",
    )


def test_the_package_index_is_out_of_reach(project: Checkout, tmp_path: Path) -> None:
    nowhere = {
        "UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple",
        "UV_HTTP_RETRIES": "0",
        "UV_CACHE_DIR": str(tmp_path / "cache"),
    }
    said = re.sub("(Using CPython) .*", r"\1 ...", refused(project, **{**installed("uv", project.env), **nowhere}))
    # The rest is the operating system's message.
    said = re.sub(r"\n     Caused by: (client|tcp|Connection) .*", "", said)
    # uv requests several packages at once, and reports the first that failed.
    said = re.sub(r"(?<=:9/simple/)[a-z-]+(?=/)", "django", said)
    assert said == HEAD + FAILED.format(
        command="uv lock --check",
        said="   error: Failed to fetch: `http://127.0.0.1:9/simple/django/`\n"
        "     Caused by: error sending request for url (http://127.0.0.1:9/simple/django/)",
    )


PROJECT = '[project]\nname = "blog"\nversion = "1"\n'


def read(text: str) -> Dependencies:
    dependencies, problems = uv.read(Known({"pyproject.toml": text.encode(), "uv.lock": b""}))
    assert problems == []
    assert dependencies is not None
    return dependencies


def test_groups_and_extras_are_not_for_production() -> None:
    text = f"""{PROJECT}dependencies = ["Django", "pywin32; sys_platform == 'win32'", "Psycopg[binary]>=3"]
[project.optional-dependencies]
site = ["gunicorn"]
[dependency-groups]
dev = ["whitenoise"]
[tool.uv]
dev-dependencies = ["dj-database-url"]
"""
    assert read(text).declared == {"django", "psycopg"}


BACKEND = '[build-system]\nrequires = ["hatchling"]\n'


@pytest.mark.parametrize(
    ("text", "files"),
    [
        (PROJECT, ("pyproject.toml", "uv.lock")),
        (f"{PROJECT}[tool.uv]\npackage = false\n{BACKEND}", ("pyproject.toml", "uv.lock")),
        (f'{PROJECT}[tool.uv.sources]\nx = {{git = "https://example.com/x"}}\n', ("pyproject.toml", "uv.lock")),
        (PROJECT + BACKEND, (".",)),
        (f"{PROJECT}[tool.uv]\npackage = true\n", (".",)),
        (f'{PROJECT}[tool.uv.workspace]\nmembers = ["parts/*"]\n', (".",)),
        (f'{PROJECT}[tool.uv.sources]\nx = [{{path = "../x", marker = "sys_platform == \'linux\'"}}]\n', (".",)),
    ],
)
def test_project_files_that_an_installation_needs(text: str, files: tuple[str, ...]) -> None:
    dependencies = read(text)
    assert dependencies.files == files
    assert (dependencies.tool, dependencies.install) == (("uv",), (("uv", "sync", "--locked", "--no-default-groups"),))


def test_a_workspace_keeps_its_members(checkout: Checkout) -> None:
    root = f'{PROJECT}requires-python = ">=3.10"\ndependencies = ["Django", "part"]\n'
    root += '[tool.uv.sources]\npart = { workspace = true }\n[tool.uv.workspace]\nmembers = ["part"]\n'
    part = f'{PROJECT.replace("blog", "part")}requires-python = ">=3.10"\n[tool.uv]\npackage = false\n'
    project = instead_of_requirements(checkout, {"pyproject.toml": root, "part/pyproject.toml": part})
    uv_command("lock", cwd=project.root)
    project.commit_all("Locked")
    ended = project.deployer(**installed("uv", project.env))
    assert (ended.returncode, ended.stderr) == (0, "")
    assert project.read("part/pyproject.toml") == part
    assert {"part", "gunicorn"} < set(versions(project.read("uv.lock")))
    uv_command("lock", "--check", cwd=project.root)
