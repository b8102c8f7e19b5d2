"""Poetry: what a project declares, where additions go, and the complete command with the real Poetry."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from real_tools import installed, instead_of_requirements, refused, run

from simple_deploy import package_managers
from simple_deploy.package_managers import Known, claims, poetry

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from conftest import Checkout

WANTED = ("gunicorn>=22", "psycopg[binary]>=3.1.18", 'tool>=1; python_version < "3.12"')
CLASSIC = """\
[tool.poetry]
package-mode = false

[tool.poetry.dependencies]
python = "^3.10"
Django = "*"  # whatever is locked

# to try the site in a server's way
[tool.poetry.group.dev.dependencies]
gunicorn = '*'
"""
STANDARD = """\
[project]
name = 'blog'
version = "1"
requires-python = ">=3.10"
dependencies = [
    "django (==4.2.10)",
    "sqlparse==0.4.4",  # whatever is locked
]

[dependency-groups]
dev = ["gunicorn"]

[tool.poetry]
package-mode = false
"""


def read(manifest: str, lock: bytes | None = b"") -> package_managers.Dependencies:
    dependencies, problems = poetry.read(Known({"pyproject.toml": manifest.encode(), "poetry.lock": lock}))
    assert dependencies is not None
    assert problems == []
    return dependencies


@pytest.mark.parametrize(
    ("files", "claimed"),
    [
        ({"poetry.lock": ""}, "poetry.lock"),
        ({"pyproject.toml": "[tool.poetry]\nname = 'x'\n"}, "pyproject.toml"),
        ({"pyproject.toml": "[build-system]\nbuild-backend = 'poetry.core.masonry.api'\n"}, "pyproject.toml"),
        ({"pyproject.toml": "[project]\nname = 'x'\n[build-system]\nbuild-backend = 'hatchling.build'\n"}, None),
        ({"requirements.txt": "poetry\n"}, None),
        ({}, None),
    ],
)
def test_what_shows_that_a_project_uses_poetry(files: dict[str, str], claimed: str | None) -> None:
    assert claims.poetry(Known({path: text.encode() for path, text in files.items()})) == claimed


@pytest.mark.parametrize(
    ("manifest", "code", "is_installed"),
    [
        ("[tool.poetry]\nname = 'blog'\npackages = [{include = 'shop', from = 'src'}]\n", "src/shop/a.py", True),
        ("[tool.poetry]\nname = 'blog'\npackages = [{include = 'shop'}]\n", "shop/a.py", False),
        ("[tool.poetry]\nname = 'our-blog'\n", "src/our_blog/a.py", True),
        ("[tool.poetry]\nname = 'our-blog'\n", "our_blog/a.py", False),
        ("[tool.poetry]\nname = 'our-blog'\npackage-mode = false\n", "src/our_blog/a.py", False),
        ("[tool.poetry]\nname = 'other'\n", "src/blog/a.py", False),
    ],
)
def test_poetry_installs_the_project_itself_where_only_that_makes_it_importable(
    manifest: str, code: str, is_installed: bool
) -> None:
    files = {"pyproject.toml": manifest.encode(), "poetry.lock": b"", code: b""}
    dependencies, problems = poetry.read(Known(files))
    assert dependencies and not problems
    assert ("." in dependencies.files) is is_installed
    assert ("--no-root" in dependencies.install[-1]) is not is_installed


@pytest.mark.parametrize(
    ("entries", "names"),
    [
        ('python = "^3.10"\nDjango = "*"\npsycopg2_binary = "*"', {"django", "psycopg2-binary"}),
        ('"Dj_Database.Url" = {version = "*", extras = ["x"]}', {"dj-database-url"}),
        ('a = {version = "*", optional = true}\nb = {version = "*", optional = false}', {"b"}),
        ("a = {version = '*', markers = \"sys_platform == 'win32'\"}\nb = {version = '*', platform = 'linux'}", {"b"}),
        ('a = [{version = "1", platform = "win32"}, {version = "2", platform = "linux"}]', {"a"}),
        ('a = {git = "https://example.com/a.git"}\nb.version = "1"', {"a", "b"}),
    ],
)
def test_what_poetrys_own_table_declares(entries: str, names: set[str]) -> None:
    dependencies = read(f"[tool.poetry.dependencies]\n{entries}\n")
    assert dependencies.declared == names
    assert dependencies.extras == ({"dj-database-url": ("x",)} if '["x"]' in entries else {})


@pytest.mark.parametrize(
    "rest",
    [
        '[tool.poetry.group.dev.dependencies]\ngunicorn = "*"\n',
        '[tool.poetry.dev-dependencies]\ngunicorn = "*"\n',
        '[dependency-groups]\ndev = ["gunicorn"]\n',
        '[tool.poetry.group.prod]\noptional = true\n[tool.poetry.group.prod.dependencies]\ngunicorn = "*"\n',
    ],
)
def test_a_requirement_only_in_a_group_is_missing(rest: str) -> None:
    dependencies = read(f'[tool.poetry.dependencies]\nDjango = "*"\n{rest}')
    assert package_managers.missing(dependencies, WANTED[:1]) == WANTED[:1]
    assert package_managers.blocked(dependencies, WANTED[:1]) == []


PROJECT = '[project]\nname = "x"\n'
OWN = '[tool.poetry.dependencies]\npython = "^3.10"\nown = "*"\n'


@pytest.mark.parametrize(
    ("manifest", "names", "own"),
    [
        (f'{PROJECT}dependencies = ["Std (>=1)", "b; sys_platform == \'win32\'"]\n', {"std"}, False),
        # [project] applies, and the other table only adds to what it names.
        (f'{PROJECT}dependencies = ["std"]\n{OWN}', {"std"}, False),
        (f'{PROJECT}dynamic = ["dependencies"]\n{OWN}', {"own"}, True),
        (f"{PROJECT}{OWN}", {"own"}, True),
        (f"{PROJECT}dependencies = []\n{OWN}", {"own"}, True),
        (f'{PROJECT}[project.optional-dependencies]\nx = ["opt"]\n{OWN}', set(), False),
        (f"{PROJECT}[tool.poetry]\npackage-mode = false\n", set(), False),
        (OWN, {"own"}, True),
    ],
)
def test_the_table_that_counts_gets_the_additions(manifest: str, names: set[str], own: bool) -> None:
    dependencies = read(manifest)
    assert dependencies.declared == names
    [file_edit] = poetry.file_edits(dependencies, WANTED[:1])
    after = tomllib.loads(file_edit.edit(manifest))
    table: Any = after["tool"]["poetry"]["dependencies"] if own else after["project"]["dependencies"]
    assert (table["gunicorn"] == ">=22") if own else (table[-1] == "gunicorn>=22")


def test_additions_in_poetrys_own_table() -> None:
    [file_edit] = poetry.file_edits(read(CLASSIC), WANTED)
    assert file_edit.edit(CLASSIC) == CLASSIC.replace(
        "locked\n",
        'locked\ngunicorn = ">=22"\n'
        'psycopg = {extras = ["binary"], version = ">=3.1.18"}\n'
        'tool = {markers = "python_version < \\"3.12\\"", version = ">=1"}\n',
    )


def test_additions_in_the_project_table() -> None:
    [file_edit] = poetry.file_edits(read(STANDARD), WANTED)
    assert file_edit.edit(STANDARD) == STANDARD.replace(
        "locked\n",
        'locked\n    "gunicorn>=22",\n    "psycopg[binary]>=3.1.18",\n    "tool>=1; python_version < \\"3.12\\"",\n',
    )


def test_a_package_declared_for_other_environments_cannot_be_added() -> None:
    dependencies = read('[tool.poetry.dependencies]\nGunicorn = {version = "*", optional = true}\n')
    [problem] = package_managers.blocked(dependencies, ("gunicorn>=22", "whitenoise>=6.5"))
    assert problem.found == (
        "Production needs gunicorn, but pyproject.toml declares it only for other environments\n"
        "(as an extra, or for another operating system)."
    )


def test_a_lock_without_a_manifest() -> None:
    dependencies, [problem] = poetry.read(Known({"poetry.lock": b""}))
    assert dependencies is None
    assert problem.found == "There is a poetry.lock but no pyproject.toml that it was made from."


# --- with the real Poetry ------------------------------------------------------------------------------

Locked = dict[str, dict[str, str]]


@pytest.fixture(scope="session")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Locked:
    """Files of a project in each flavour. Django and sqlparse are locked at old versions, which CLASSIC allows."""
    pinned = CLASSIC.replace('"*"', '"4.2.10"\nsqlparse = "0.4.4"')
    folder = tmp_path_factory.mktemp("poetry")
    return {"classic": made(folder, pinned, CLASSIC), "standard": made(folder, STANDARD)}


def made(folder: Path, *manifests: str) -> dict[str, str]:
    """The manifest and its lock, after the earlier manifests were locked."""
    (folder / "poetry.lock").unlink(missing_ok=True)
    for text in manifests:
        (folder / "pyproject.toml").write_text(text, encoding="utf-8", newline="\n")
        run("poetry", "lock", cwd=folder, POETRY_VIRTUALENVS_CREATE="false")
    return {"pyproject.toml": manifests[-1], "poetry.lock": (folder / "poetry.lock").read_text(encoding="utf-8")}


@pytest.fixture
def project(checkout: Checkout, locked: Locked) -> Checkout:
    return instead_of_requirements(checkout, locked["classic"])


def versions(lock: str) -> dict[str, str]:
    return {package["name"]: package["version"] for package in tomllib.loads(lock)["package"]}


@pytest.mark.parametrize("flavour", ["classic", "standard"])
def test_only_the_additions_change_the_lock(checkout: Checkout, locked: Locked, flavour: str) -> None:
    project = instead_of_requirements(checkout, locked[flavour])
    env = installed("poetry", project.env)
    ended = project.deployer(**env)
    assert (ended.returncode, ended.stderr) == (0, "")
    before, after = versions(locked[flavour]["poetry.lock"]), versions(project.read("poetry.lock"))
    assert (before["django"], before["sqlparse"]) == ("4.2.10", "0.4.4")
    assert {name: after[name] for name in before} == before
    assert {"gunicorn", "whitenoise", "dj-database-url", "psycopg", "psycopg-binary"} <= after.keys()
    run("poetry", "check", "--lock", cwd=project.root, POETRY_VIRTUALENVS_CREATE="false")
    # No environment was created, here or in the home folder.
    assert not list(project.root.parent.rglob("pyvenv.cfg"))
    unchanged = project.contents()
    ended = project.deployer(**env)
    assert "was already configured for Heroku; no files were changed" in ended.stdout
    assert project.contents() == unchanged
    # The lock's own hash shows that there is nothing to do, so only the first run started Poetry.
    assert project.logs().count("$ poetry ") == 1


def test_a_stale_lock_is_named(project: Checkout) -> None:
    project.write("pyproject.toml", CLASSIC.replace('"^3.10"', '"^3.11"'))
    project.commit_all("Change by hand")
    assert refused(project, **installed("poetry", project.env)) == (
        "Stopped: Nothing was changed. Fix this problem first:\n\n"
        "1. poetry.lock is out of date with pyproject.toml: it was not updated after the last change.\n"
        "   -> Update it with Poetry, review the changes, and commit both.\n"
    )


@pytest.mark.long
def test_a_missing_lock_is_created(project: Checkout) -> None:
    (project.root / "poetry.lock").unlink()
    project.commit_all("Forget the lock")
    ended = project.deployer(**installed("poetry", project.env))
    assert ended.returncode == 0, ended.stderr
    assert "gunicorn" in project.read("poetry.lock")
    assert "no files were changed" in project.deployer(**installed("poetry", project.env)).stdout


def test_poetry_is_not_installed(project: Checkout) -> None:
    assert refused(project) == (
        "Stopped: Nothing was changed. Fix this problem first:\n\n"
        "1. Poetry must update the lock file, but the command poetry was not found.\n"
        "   -> Install it: pipx install poetry\n"
        "   Or add the packages on a machine that has Poetry, commit, and run this again.\n"
    )


def test_two_package_managers(project: Checkout) -> None:
    project.write("requirements.txt", "Django\n")
    project.commit_all("Export")
    ended = project.deployer(**installed("poetry", project.env))
    assert ended.returncode == 0, ended.stderr
    assert project.read(".slugignore") == "/requirements.txt\n"


def test_the_resolver_finds_a_conflict(checkout: Checkout, tmp_path: Path) -> None:
    old = '[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\npython = "^3.10"\nDjango = "<3"\n'
    project = instead_of_requirements(checkout, made(tmp_path, old))
    assert re.fullmatch(
        r"""Stopped: Nothing was changed\. Fix this problem first:

1\. The new packages could not be locked\. This command failed: poetry lock --no-interaction
   Resolving dependencies\.\.\.
\s+
   Because no versions of dj-database-url match [\s\S]*
   So, because non-package-mode depends on both Django \(<3\) and dj-database-url \(>=2\.1\), version solving failed\.
   -> If versions conflict, change the requirement named above\.
   If the package index could not be reached, try again later\.
""",
        refused(project, **installed("poetry", project.env)),
    )


def test_the_package_index_cannot_be_reached(project: Checkout, tmp_path: Path) -> None:
    nowhere = {
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "POETRY_CACHE_DIR": str(tmp_path / "cache"),
        "POETRY_REQUESTS_MAX_RETRIES": "0",
    }
    assert re.fullmatch(
        r"""Stopped: Nothing was changed\. Fix this problem first:

1\. The new packages could not be locked\. This command failed: poetry lock --no-interaction
   Resolving dependencies\.\.\.
\s+
   All attempts to connect to \S+ failed\.
\s+
   Probable Causes:
       - the server is not responding to requests at the moment
       - the hostname cannot be resolved by your DNS
       - your network is not connected to the internet
\s+
   You can also run your poetry command with -v to see more information\.
   -> If versions conflict, change the requirement named above\.
   If the package index could not be reached, try again later\.
""",
        refused(project, **{**installed("poetry", project.env), **nowhere}),
    )
