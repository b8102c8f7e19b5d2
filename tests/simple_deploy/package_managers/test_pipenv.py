"""Pipenv: what a project declares, what is added to it, and the complete command with the real Pipenv."""

from __future__ import annotations

import json
import os
import re
import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from real_tools import installed, instead_of_requirements, refused, run

from simple_deploy import package_managers
from simple_deploy.package_managers import Known, pipenv, pipfile_lock

if TYPE_CHECKING:
    from conftest import Checkout

WANTED = ("gunicorn>=22", "psycopg[binary]>=3.1.18", 'tool>=1; python_version < "3.12"')
PIPFILE = f"""\
[packages]
django = '*'  # whatever is locked

# to try the site in a server's way
[dev-packages]
gunicorn = "*"

[requires]
python_version = "{sys.version_info[0]}.{sys.version_info[1]}"
"""


def read(manifest: str, lock: bytes | None = b"{}") -> package_managers.Dependencies:
    dependencies, problems = pipenv.read(Known({"Pipfile": manifest.encode(), "Pipfile.lock": lock}))
    assert dependencies is not None
    assert problems == []
    return dependencies


@pytest.mark.parametrize(
    ("entries", "declared", "not_for_production"),
    [
        ('Django = "*"\npsycopg2_binary = ">=2"', {"django", "psycopg2-binary"}, set()),
        ('"Dj.Database_Url" = {extras = ["x"], version = "*"}', {"dj-database-url"}, set()),
        ("a = {version = '*', markers = \"sys_platform == 'win32'\"}\nb = '*'", {"b"}, {"a"}),
        ("a = {version = '*', sys_platform = \"== 'win32'\"}", set(), {"a"}),
        ("a = {version = '*', sys_platform = \"== 'linux'\"}", {"a"}, set()),
        ('a = {git = "https://example.com/a.git", ref = "main"}\nb = {path = ".", editable = true}', {"a", "b"}, set()),
        ("", set(), set()),
    ],
)
def test_what_production_gets(entries: str, declared: set[str], not_for_production: set[str]) -> None:
    dependencies = read(f'[packages]\n{entries}\n[dev-packages]\ngunicorn = "*"\n[docs]\nwhitenoise = "*"\n')
    assert dependencies.declared == declared
    assert dependencies.not_for_production == not_for_production
    assert dependencies.extras == ({"dj-database-url": ("x",)} if "extras" in entries else {})


def test_additions_go_to_packages() -> None:
    [edit] = pipenv.file_edits(read(PIPFILE), WANTED)
    assert edit.edit(PIPFILE) == PIPFILE.replace(
        "locked\n",
        'locked\ngunicorn = ">=22"\n'
        'psycopg = {extras = ["binary"], version = ">=3.1.18"}\n'
        'tool = {markers = "python_version < \\"3.12\\"", version = ">=1"}\n',
    )


def test_a_pipfile_without_packages_gets_them() -> None:
    [edit] = pipenv.file_edits(read(""), WANTED[:1])
    assert edit.edit('[dev-packages]\na = "*"') == '[dev-packages]\na = "*"\n\n[packages]\ngunicorn = ">=22"'


def test_a_lock_without_a_pipfile() -> None:
    dependencies, [problem] = pipenv.read(Known({"Pipfile.lock": b"{}"}))
    assert dependencies is None
    assert problem.found == "There is a Pipfile.lock but no Pipfile that it was made from."


def test_a_pipfile_that_is_not_toml() -> None:
    dependencies, [problem] = pipenv.read(Known({"Pipfile": b"[packages\n"}))
    assert dependencies is None
    assert problem.code == "not-toml"
    assert re.fullmatch(r"Pipfile is not valid TOML: .*line 1.*\.", problem.found)


def test_packages_are_pinned_for_the_resolver_only() -> None:
    lock = {"default": {"a": {"version": "==1", "hashes": ["x"], "markers": "m"}}, "develop": {"d": {"version": "==1"}}}
    text = pipfile_lock.pinned('[packages]\nA = "*"\nnew = ">=2"\n[dev-packages]\nd = "*"\n', json.dumps(lock).encode())
    assert text.strip() == '[packages]\nnew = ">=2"\n\n[packages.a]\nversion = "==1"\nmarkers = "m"'


def test_new_packages_are_merged_in_the_locks_own_format() -> None:
    lock = lock_text(default={"a": "1"}, develop={"b": "1", "c": "1"}).replace("\n", "\r\n").encode()
    renewed = lock_text(default={"a": "9", "b": "2", "new": "3"}, develop={}).encode()
    merged = pipfile_lock.merged(lock, renewed)
    assert merged.count(b"\r\n") == merged.count(b"\n")
    document = json.loads(merged)
    assert {name: entry["version"] for name, entry in document["default"].items()} == {"a": "1", "b": "2", "new": "3"}
    # One environment cannot contain two versions of b: production's wins, as in Pipenv.
    assert {name: entry["version"] for name, entry in document["develop"].items()} == {"b": "2", "c": "1"}


def test_a_locked_version_that_an_addition_rules_out_is_replaced() -> None:
    """gunicorn 20 brings the newest setuptools; the addition allows older ones only."""
    lock = lock_text(default={"a": "==1", "setuptools": "==82.0"}).encode()
    assert pipfile_lock.ruled_out(lock, ["setuptools<81", "a>=1", "new>=2"]) == {"setuptools"}
    text = pipfile_lock.pinned('[packages]\nsetuptools = "<81"\n', lock, without={"setuptools"})
    assert 'setuptools = "<81"' in text and "82.0" not in text and "[packages.a]" in text
    renewed = lock_text(default={"a": "==1", "setuptools": "==80.9"}).encode()
    document = json.loads(pipfile_lock.merged(lock, renewed, without={"setuptools"}))
    assert document["default"] == {"a": {"version": "==1"}, "setuptools": {"version": "==80.9"}}


def lock_text(**categories: dict[str, str]) -> str:
    packages = {name: {k: {"version": v} for k, v in group.items()} for name, group in categories.items()}
    document: dict[str, Any] = {"_meta": {"hash": {"sha256": "0"}, "sources": []}, **packages}
    return json.dumps(document, indent=4, separators=(",", ": "), sort_keys=True) + "\n"


# --- with the real Pipenv ------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def locked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A project whose lock has older versions than the newest that the Pipfile allows."""
    folder = tmp_path_factory.mktemp("pipenv")
    files = made(folder, PIPFILE)
    lock = json.loads(files["Pipfile.lock"])
    for name, version in (("django", "==4.2.10"), ("sqlparse", "==0.4.4")):
        lock["default"][name]["version"] = version
    # Required by this Django, but not by newer ones: it must not be dropped.
    lock["default"]["pytz"] = {"hashes": ["sha256:0"], "version": "==2023.3"}
    return {**files, "Pipfile.lock": json.dumps(lock, indent=4, separators=(",", ": "), sort_keys=True) + "\n"}


def made(folder: Path, manifest: str) -> dict[str, str]:
    """A Pipfile and its lock."""
    (folder / "Pipfile").write_text(manifest, encoding="utf-8", newline="\n")
    here = {"PIPENV_VENV_IN_PROJECT": "1", "PIPENV_IGNORE_VIRTUALENVS": "1", "PIPENV_PYTHON": sys.executable}
    # Without [[source]], the hash of a Pipfile also depends on pip's configuration.
    here["PIP_CONFIG_FILE"] = os.devnull
    run("pipenv", "lock", cwd=folder, **here)
    return {"Pipfile": manifest, "Pipfile.lock": (folder / "Pipfile.lock").read_text(encoding="utf-8")}


@pytest.fixture
def project(checkout: Checkout, locked: dict[str, str]) -> Checkout:
    return instead_of_requirements(checkout, locked)


def test_only_the_additions_change_the_lock(project: Checkout) -> None:
    before = json.loads(project.read("Pipfile.lock"))
    env = installed("pipenv", project.env)
    ended = project.deployer(**env)
    assert (ended.returncode, ended.stderr) == (0, "")
    after = json.loads(project.read("Pipfile.lock"))
    added = after["default"].keys() - before["default"].keys()
    assert {"gunicorn", "whitenoise", "dj-database-url", "psycopg", "psycopg-binary"} <= added
    assert {name: entry for name, entry in after["default"].items() if name not in added} == before["default"]
    assert after["develop"] == before["develop"]
    run("pipenv", "verify", cwd=project.root, PIPENV_IGNORE_VIRTUALENVS="1", PIP_CONFIG_FILE=os.devnull)
    # The environment that Pipenv needs for locking was created in the copy.
    assert not list(project.root.parent.rglob("pyvenv.cfg"))
    unchanged = project.contents()
    ended = project.deployer(**env)
    assert "was already configured for Heroku; no files were changed" in ended.stdout
    assert project.contents() == unchanged
    # The lock's own hash shows that there is nothing to do: the calls are those of the first run.
    assert re.findall(r"\$ (pipenv .*?)  \[", project.logs()) == ["pipenv lock", "pipenv lock --categories=none"]


def test_a_stale_lock_is_named(project: Checkout) -> None:
    project.write("Pipfile", PIPFILE.replace("'*'", "'>=4'"))
    project.commit_all("Change by hand")
    assert refused(project, **installed("pipenv", project.env)) == (
        "Stopped: Nothing was changed. Fix this problem first:\n\n"
        "1. Pipfile.lock is out of date with Pipfile: it was not updated after the last change.\n"
        "   -> Update it with Pipenv, review the changes, and commit both.\n"
    )


def test_a_lock_fits_a_pipfile_with_another_spelling(project: Checkout) -> None:
    project.write("Pipfile", PIPFILE.replace("django", "Django"))
    files = Known({path: (project.root / path).read_bytes() for path in ("Pipfile", "Pipfile.lock")})
    locking = pipenv.locking(read(PIPFILE), (), files)
    assert locking
    assert (locking.fresh, locking.current) == (True, None)


@pytest.mark.long
def test_a_missing_lock_is_created(project: Checkout) -> None:
    (project.root / "Pipfile.lock").unlink()
    project.commit_all("Forget the lock")
    ended = project.deployer(**installed("pipenv", project.env))
    assert ended.returncode == 0, ended.stderr
    assert "gunicorn" in project.read("Pipfile.lock")
    assert "no files were changed" in project.deployer(**installed("pipenv", project.env)).stdout


def test_pipenv_is_not_installed(project: Checkout) -> None:
    assert refused(project) == (
        "Stopped: Nothing was changed. Fix this problem first:\n\n"
        "1. Pipenv must update the lock file, but the command pipenv was not found.\n"
        "   -> Install it: pipx install pipenv\n"
        "   Or add the packages on a machine that has Pipenv, commit, and run this again.\n"
    )


def test_two_package_managers(project: Checkout) -> None:
    project.write("poetry.lock", "")
    project.commit_all("Try another one")
    assert refused(project, **installed("pipenv", project.env)) == (
        "Stopped: Nothing was changed. Fix this problem first:\n\n"
        "1. The project has files of several package managers: poetry.lock (Poetry), Pipfile.lock (Pipenv).\n"
        "   -> Keep the files of one, remove the others (git rm), and commit: some platforms refuse several.\n"
        "   Or choose the one to use in production: --package-manager poetry or --package-manager pipenv\n"
    )


def test_the_resolver_finds_a_conflict(project: Checkout) -> None:
    lock = json.loads(project.read("Pipfile.lock"))
    lock["default"]["django"]["version"] = "==2.2.28"
    project.write("Pipfile.lock", json.dumps(lock, indent=4, separators=(",", ": "), sort_keys=True) + "\n")
    project.commit_all("An old Django")
    assert re.fullmatch(
        r"""Stopped: Nothing was changed\. Fix this problem first:

1\. The new packages could not be locked\. This command failed: pipenv lock
[\s\S]*
   pipenv\.exceptions\.ResolutionFailure: ERROR: ERROR: ResolutionImpossible: .*
\s+
   The conflict is caused by:
       The user requested django==2\.2\.28
(?:       dj-database-url \S+ depends on [Dd]jango>=\S+
)+   -> If versions conflict, change the requirement named above\.
   If the package index could not be reached, try again later\.
""",
        refused(project, **installed("pipenv", project.env)),
    )


def test_the_package_index_cannot_be_reached(project: Checkout, tmp_path: Path) -> None:
    nowhere = {
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "PIP_CACHE_DIR": str(tmp_path / "cache"),
        "PIPENV_CACHE_DIR": str(tmp_path / "cache"),
        "PIP_RETRIES": "0",
        "PIP_FIND_LINKS": "",
    }
    assert re.fullmatch(
        r"""Stopped: Nothing was changed\. Fix this problem first:

1\. The new packages could not be locked\. This command failed: pipenv lock
[\s\S]*
   pipenv\.exceptions\.ResolutionFailure: ERROR: ERROR: No matching distribution found for \S+
\s+
   The conflict is caused by:
       The user requested \S+
   -> If versions conflict, change the requirement named above\.
   If the package index could not be reached, try again later\.
""",
        refused(project, **{**installed("pipenv", project.env), **nowhere}),
    )


@pytest.mark.parametrize(
    ("name", "spelled", "older"), [("Django", "Django", True), ("Django", "django", False), ("django", "django", False)]
)
def test_a_lock_of_an_older_pipenv_gets_the_hash_of_the_newer_one(name: str, spelled: str, older: bool) -> None:
    """Pipenv 2026.7 and newer hash `Django` as `django`, and `install --deploy` rejects another hash."""
    manifest = f'[packages]\n{name} = "*"\n'

    def hashed(entry: str) -> str:
        groups = {"_meta": {"requires": {}, "sources": []}, "default": {entry: "*"}, "develop": {}}
        return sha256(json.dumps(groups, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    def lock(entry: str) -> bytes:
        return json.dumps({"_meta": {"hash": {"sha256": hashed(entry)}, "sources": []}, "default": {}}).encode()

    assert pipfile_lock.fits(lock(spelled), manifest) is True
    assert pipfile_lock.current(lock(spelled), manifest) == (lock("django") if older else None)
    assert (pipfile_lock.fits(lock("flask"), manifest), pipfile_lock.current(lock("flask"), manifest)) == (None, None)
